"""Tells a screen reader of what the focus does not go to."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

MOST_CHARS = 4000
"""Longer than this nobody listens without going there; there it is read by lines."""


def announce(widget: QWidget, words: str) -> None:
    """Has words read out when the reader next has a moment, where one listens."""
    if words and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words[:MOST_CHARS]))
