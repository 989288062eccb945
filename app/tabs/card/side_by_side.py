"""Card and claims side by side where there is room, else one of them at a time."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.theme.theme import Theme
from app.widgets.segments import Segments
from app.words.card import card_texts

CARD, CLAIMS = "card", "claims"

_BOTH_FIT = 15
"""Both need this many times the largest space."""


class CardAndClaims(QWidget):
    """Holds the card and the list of claims.

    Thread: GUI.
    """

    changed = Signal()
    """Another one is seen, or both are."""

    def __init__(
        self, theme: Theme, card: QWidget, claims: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts = {CARD: card, CLAIMS: claims}
        said = card_texts().said
        self.choice = Segments([(CARD, said["card"]), (CLAIMS, said["claims"])])
        self.choice.choose(CARD)
        self.choice.chosen.connect(self.show_part)
        self._row = QWidget()
        row = QVBoxLayout(self._row)
        row.setContentsMargins(theme.px("space_2"), theme.px("space_1"), theme.px("space_2"), 0)
        row.addWidget(self.choice)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        for part in (card, claims):
            part.setMinimumSize(1, 1)
            self._splitter.addWidget(part)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._row)
        column.addWidget(self._splitter, 1)
        self._is_wide: bool | None = None
        self._arrange()

    @property
    def is_wide(self) -> bool:
        """Whether both are seen."""
        return bool(self._is_wide)

    def sees(self, part: str) -> bool:
        """Whether a part is seen."""
        return self.is_wide or self.choice.current() == part

    def show_part(self, part: str) -> None:
        """Shows a part; where both are seen, nothing has to happen."""
        self.choice.choose(part)
        self._show()

    def set_title(self, part: str, title: str) -> None:
        """Changes the words of a part's button."""
        self.choice.set_title(part, title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Looks whether both still fit."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        is_wide = self.width() >= _BOTH_FIT * self._theme.px("space_6")
        if is_wide == self._is_wide:
            return
        self._is_wide = is_wide
        self._row.setVisible(not is_wide)
        if is_wide:
            whole = max(2, self.width())
            self._splitter.setSizes([whole * 3 // 5, whole * 2 // 5])
        self._show()

    def _show(self) -> None:
        for key, part in self._parts.items():
            if not self.is_wide and self.sees(key):
                # A splitter takes the width of what it hides; whoever is shown and asked for a line
                # at once would look for it in a text one pixel wide.
                part.resize(self._splitter.size())
            part.setVisible(self.sees(key))
        self.changed.emit()
