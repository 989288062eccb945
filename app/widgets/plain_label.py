"""Words on a page that a person can mark and copy."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.theme.looks import Look, set_look


def plain_label(text: str = "", look: Look | None = None) -> QLabel:
    """Returns words that wrap, are taken as they are, and can be marked."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if look is not None:
        set_look(label, look)
    return label
