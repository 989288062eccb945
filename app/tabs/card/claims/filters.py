"""The filters above the list of claims: how many each shows, and the sentence where that is none."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.tabs.card.claims.model import counts
from app.theme.looks import Look, set_look
from app.widgets.segments import Segments
from app.words.claims import claim_texts
from inspector.claims.values import Claim


class FilterRow(Segments):
    """A choice of what the list is narrowed to.

    Owned by: ClaimsPanel. Thread: GUI.
    """

    def __init__(self) -> None:
        self._words = claim_texts().filters
        super().__init__([(key, "") for key in self._words], wraps=True)
        for button in self.findChildren(QPushButton):
            set_look(button, Look.CHIP)
        for key, told in self._words.items():
            self.set_tip(key, told.tip)
        self.nothing = QLabel()
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        set_look(self.nothing, Look.FAINT)
        self.nothing.hide()

    def show_counts(self, claims: Sequence[Claim]) -> None:
        """Says of each filter how many claims it shows."""
        for key, count in counts(claims).items():
            self.set_title(key, self._words[key].title.format(count=count))

    def show_nothing(self, key: str, *, is_empty: bool) -> None:
        """Shows in the place of the list that a filter has none, or shows nothing."""
        self.nothing.setText(self._words[key].none)
        self.nothing.setVisible(is_empty)
