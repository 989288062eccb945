"""Pages of a long list: which part is shown, and a step to the part before or after."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme


class Pager(QWidget):
    """Says "101 to 200 of 49,152"; hidden where everything fits on one page."""

    moved = Signal(int)
    """The index of the first item to show."""

    def __init__(self, theme: Theme, page: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._first = 0
        self._total = 0
        self._words = QLabel()
        set_look(self._words, Look.SMALL)
        self.back = self._button(theme, "chevron-left", self.tr("Page before"))
        self.on = self._button(theme, "chevron-right", self.tr("Next page"))
        self.back.clicked.connect(lambda: self.move_to(self._first - self._page))
        self.on.clicked.connect(lambda: self.move_to(self._first + self._page))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.back)
        row.addWidget(self._words)
        row.addWidget(self.on)
        row.addStretch(1)
        self.set_total(0)

    @property
    def first(self) -> int:
        """The index of the first item that is shown."""
        return self._first

    def set_total(self, total: int) -> None:
        """Says how many items there are, and goes to the first page."""
        self._total = total
        self._first = 0
        self._refresh()

    def move_to(self, first: int) -> None:
        """Shows the page that `first` is on."""
        last = max(0, (self._total - 1) // self._page * self._page)
        self._first = min(max(0, first // self._page * self._page), last)
        self._refresh()
        self.moved.emit(self._first)

    def _refresh(self) -> None:
        end = min(self._total, self._first + self._page)
        self._words.setText(
            self.tr("{first} to {last} of {total}").format(
                first=f"{self._first + 1:,}", last=f"{end:,}", total=f"{self._total:,}"
            )
        )
        self.back.setEnabled(self._first > 0)
        self.on.setEnabled(end < self._total)
        self.setVisible(self._total > self._page)

    def _button(self, theme: Theme, icon: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(theme.icon(icon))
        button.setAccessibleName(name)
        button.setToolTip(name)
        set_look(button, Look.ICON)
        return button
