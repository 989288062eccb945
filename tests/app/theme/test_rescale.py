"""A text size that changes while a window stands: it is laid out as if it had begun with it."""

import pytest
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.theme.rescale import rescale
from app.widgets.flow_layout import FlowLayout

SIZES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)


def window(scale: float) -> QWidget:
    """Made as widgets of the app are made, at a text size."""

    def px(size: int) -> int:
        return round(size * scale)

    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(px(8), px(4), px(48), 0)
    column.setSpacing(px(24))
    line = QHBoxLayout()
    line.setSpacing(1)
    column.addLayout(line)
    column.addStretch(1)
    fixed, most, least, hair = QWidget(), QWidget(), QWidget(), QWidget()
    fixed.setFixedSize(px(264), px(56))
    most.setMaximumWidth(px(760))
    least.setMinimumSize(360, 1)
    hair.setFixedWidth(1)
    grid = QGridLayout(fixed)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(px(16))
    grid.setVerticalSpacing(px(4))
    FlowLayout(most, gap=px(8))
    for widget in (fixed, most, least, hair):
        column.addWidget(widget)
    of_it = QVBoxLayout(QDialog(whole))
    of_it.setContentsMargins(px(20), px(20), px(20), px(20))
    of_it.setSpacing(px(10))
    return whole


def windows_of(whole: QWidget) -> list[QWidget]:
    """As Qt lists them: a window and, by itself, each that belongs to it."""
    return [whole, *whole.findChildren(QDialog)]


def measures(whole: QWidget) -> list[object]:
    """All that was given sizes, in one order."""
    found: list[object] = [
        (widget.minimumSize().toTuple(), widget.maximumSize().toTuple())
        for widget in whole.findChildren(QWidget)
    ]
    for layout in whole.findChildren(QLayout):
        edges = layout.contentsMargins()
        found.append((edges.left(), edges.top(), edges.right(), edges.bottom()))
        if isinstance(layout, QGridLayout):
            found.append((layout.horizontalSpacing(), layout.verticalSpacing()))
        else:
            found.append(layout.spacing())
    return found


@pytest.mark.parametrize("after", SIZES)
def test_it_is_laid_out_as_if_it_had_begun_so(after: float, qtbot: QtBot) -> None:
    for before in SIZES:
        grown, made = window(before), window(after)
        qtbot.addWidget(grown)
        qtbot.addWidget(made)
        rescale(windows_of(grown), before, after)
        assert measures(grown) == measures(made), before


def test_nothing_drifts_however_often_it_changes(qtbot: QtBot) -> None:
    whole = window(1.0)
    qtbot.addWidget(whole)
    at_first, now = measures(whole), 1.0
    for size in SIZES * 5 + (1.0,):
        rescale(windows_of(whole), now, size)
        now = size
    assert measures(whole) == at_first
