"""What a widget can be drawn as: values of its property `look`, which the style sheet reads."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


class Look(StrEnum):
    """The vocabulary of resources/qss; a test checks that each is drawn there.

    Labels: TITLE, HEADING, FAINT, SMALL, MONO, ALERT. Buttons: PRIMARY, QUIET (no frame until
    pointed at), ICON (square, quiet), LINK, CHIP (small pill), QUESTION (its words stand
    at its edge, on several lines where they must). Panes: RAIL, BAR, SIDE (lists and
    inspector), CARD, STATUS, READING, FLOATING.
    """

    TITLE = "title"
    HEADING = "heading"
    READING_TEXT = "reading-text"
    FAINT = "faint"
    SMALL = "small"
    MONO = "mono"
    ALERT_TEXT = "alert-text"
    PRIMARY = "primary"
    QUIET = "quiet"
    ICON = "icon"
    LINK = "link"
    CHIP = "chip"
    FOLD = "fold"
    RAIL = "rail"
    RAIL_ITEM = "rail-item"
    BAR = "bar"
    SIDE = "side"
    CARD = "card"
    STATUS = "status"
    STATUS_CELL = "status-cell"
    READING = "reading"
    FLOATING = "floating"
    TAB = "tab"
    SEGMENT = "segment"
    QUESTION = "question"
    RULE = "rule"
    NOTE = "note"
    WARNING = "warning"
    ALERT = "alert"
    TOAST = "toast"
    PICKER = "picker"
    STATE = "state"


def set_plain(widget: QWidget) -> None:
    """Draws `widget` without any look from now on."""
    _draw_as(widget, "")


def set_look(widget: QWidget, look: Look) -> None:
    """Draws `widget` as `look` from now on."""
    _draw_as(widget, look.value)


def _draw_as(widget: QWidget, look: str) -> None:
    if (widget.property("look") or "") == look:
        return
    widget.setProperty("look", look)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # Qt reads it when the widget is first seen
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
