"""A column that scrolls by itself, on the ground of whatever it stands in."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


def scrolled(content: QWidget) -> QScrollArea:
    """Returns `content` in an area that scrolls up and down only."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    return area


def place_for(part: QWidget) -> QScrollArea:
    """Returns a place for a part of a page: with large text in a small window nothing is clipped."""
    place = scrolled(part)
    place.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    place.setMinimumSize(1, 1)
    part.setMinimumWidth(1)
    return place
