"""Keeps the wheel from changing a control that the pointer only passes over."""

from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget


class CalmWheel(QObject):
    """Lets the wheel change a control only where the keyboard is: a page scrolls past it otherwise.

    Owned by: the control. Thread: GUI.
    """

    def __init__(self, control: QWidget) -> None:
        super().__init__(control)
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        control.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leaves the wheel to the page while somebody only passes by."""
        is_passing = event.type() is QEvent.Type.Wheel and not cast("QWidget", watched).hasFocus()
        if is_passing:
            event.ignore()
        return is_passing
