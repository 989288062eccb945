"""Lists and numbers that the wheel scrolls past: it changes only what has the keyboard.

Qt's own change under a pointer that a scrolled page has brought them to. The window makes none of
those; a test sees to that.
"""

from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox, QWidget


class _CalmWheel(QObject):
    """Lets the wheel change a control only where the keyboard is.

    Owned by: the control. Thread: GUI.
    """

    def __init__(self, control: QWidget) -> None:
        super().__init__(control)
        # Else the wheel itself would bring the keyboard.
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        control.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leaves the wheel to the page while somebody only passes by."""
        is_passing = event.type() is QEvent.Type.Wheel and not cast("QWidget", watched).hasFocus()
        if is_passing:
            event.ignore()
        return is_passing


class CalmChoice(QComboBox):
    """A list of which one is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _CalmWheel(self)


class CalmNumber(QSpinBox):
    """A whole number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _CalmWheel(self)
        _give_room(self)


class CalmDecimal(QDoubleSpinBox):
    """A number with decimals."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _CalmWheel(self)
        _give_room(self)


def _give_room(number: QSpinBox | QDoubleSpinBox) -> None:
    """Keeps its figures off its edge, where a style sheet's padding does not reach."""
    number.lineEdit().setTextMargins(number.fontMetrics().averageCharWidth(), 0, 0, 0)
