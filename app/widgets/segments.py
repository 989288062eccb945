"""A choice between a few words, side by side."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from app.theme.looks import Look, set_look
from app.widgets.flow_layout import FlowLayout


class _Segment(QPushButton):
    """Asks for the room of its words in bold, in which it is drawn once it is chosen."""

    def sizeHint(self) -> QSize:
        """As wide as it may become."""
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        words = self.text()
        more = QFontMetrics(bold).horizontalAdvance(words) - self.fontMetrics().horizontalAdvance(
            words
        )
        return super().sizeHint() + QSize(max(0, more), 0)


class Segments(QWidget):
    """Buttons of which one is down; with `wraps`, on several lines where one is too narrow."""

    chosen = Signal(str)

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
        *,
        wraps: bool = False,
    ) -> None:
        super().__init__(parent)
        row = FlowLayout(self, gap=4) if wraps else QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for key, title in choices:
            button = _Segment(title)
            button.setCheckable(True)
            button.setAccessibleName(title)
            set_look(button, Look.SEGMENT)
            button.clicked.connect(self._on_clicked)
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
        if isinstance(row, QHBoxLayout):
            row.addStretch(1)

    def choose(self, key: str) -> None:
        """Marks a choice, without a signal."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)
            # Whoever gives the row the keyboard gives it to what is chosen.
            self.setFocusProxy(self._buttons[key])

    def set_title(self, key: str, title: str) -> None:
        """Changes the words of a choice."""
        self._buttons[key].setText(title)
        self._buttons[key].setAccessibleName(title)

    def set_tip(self, key: str, tip: str) -> None:
        """Says more about a choice to whoever rests on it."""
        self._buttons[key].setToolTip(tip)

    def set_offered(self, key: str, *, is_offered: bool) -> None:
        """Shows a choice, or hides it."""
        self._buttons[key].setVisible(is_offered)

    def current(self) -> str:
        """Returns the key of what is chosen; empty where nothing is."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def _on_clicked(self) -> None:
        self.choose(self.current())
        self.chosen.emit(self.current())
