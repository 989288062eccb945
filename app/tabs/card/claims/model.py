"""The claims as rows of a list, and which of them a filter shows."""

from collections import Counter
from collections.abc import Collection, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from app.widgets.plain_tip import plain_tip
from app.words.claims import claim_texts, claim_words, verdict_word
from inspector.claims.values import Claim, Verdict

Index = QModelIndex | QPersistentModelIndex

ALL = "all"
GROUPS: dict[str, frozenset[Verdict]] = {
    "differs": frozenset({Verdict.DIFFERS}),
    # What was said of another card differs from nothing; it is asked again.
    "person": frozenset({Verdict.PERSON, Verdict.OUT_OF_DATE}),
    "agrees": frozenset({Verdict.AGREES, Verdict.AGREES_IN_PART}),
    "stated": frozenset({Verdict.STATED}),
    "open": frozenset({Verdict.NOT_STATED, Verdict.CANNOT, Verdict.UNKNOWN}),
}
"""What the filters show."""


class Role(IntEnum):
    """What a row has besides its text."""

    CLAIM = Qt.ItemDataRole.UserRole
    NUMBER = Qt.ItemDataRole.UserRole + 1
    WORD = Qt.ItemDataRole.UserRole + 2
    """The verdict, and that a person said it where one did."""


class ClaimsModel(QAbstractListModel):
    """Claims, numbered as the flags in the card's margin are."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._claims: list[Claim] = []
        self._judged: frozenset[str] = frozenset()

    @property
    def claims(self) -> Sequence[Claim]:
        """The claims, in the order of their numbers."""
        return tuple(self._claims)

    def show(self, claims: Sequence[Claim], judged: Collection[str] = ()) -> None:
        """Shows these claims; rows that stay keep their places.

        Args:
            claims: with the verdicts that hold.
            judged: ids of those whose verdict a person gave, and no rule.
        """
        self._judged = frozenset(judged)
        if [one.id for one in claims] == [one.id for one in self._claims]:
            self._claims = list(claims)
            if claims:
                self.dataChanged.emit(self.index(0), self.index(len(claims) - 1))
            return
        self.beginResetModel()
        self._claims = list(claims)
        self.endResetModel()

    def row_of(self, claim_id: str) -> int:
        """Returns the row of a claim; -1 where it has none."""
        return next((at for at, one in enumerate(self._claims) if one.id == claim_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many claims there are."""
        return 0 if parent.isValid() else len(self._claims)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A claim and its words."""
        if not index.isValid():
            return None
        claim = self._claims[index.row()]
        if role == Role.CLAIM:
            return claim
        if role == Role.NUMBER:
            return index.row() + 1
        if role == Role.WORD:
            return self._word(claim)
        if role == Qt.ItemDataRole.DisplayRole:
            return claim_words(claim).title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            told = claim_words(claim)
            return f"{index.row() + 1}. {told.title}: {self._word(claim)}. {told.sentence}"
        if role == Qt.ItemDataRole.ToolTipRole:
            told = claim_words(claim)
            return plain_tip("\n".join(filter(None, (told.sentence, told.foot))))
        return None

    def _word(self, claim: Claim) -> str:
        word = verdict_word(claim.verdict)
        return (
            claim_texts().said["yours"].format(verdict=word) if claim.id in self._judged else word
        )


class ClaimsFilter(QSortFilterProxyModel):
    """Shows the claims whose verdicts belong to one filter."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._key = ALL
        self._kept = ""

    def choose(self, key: str, *, keeping: str = "") -> None:
        """Shows another group from now on.

        Args:
            key: of the group.
            keeping: the claim that stays in the list though its verdict left the group: it has just been
                judged, and whoever judges goes on to the next one below it.
        """
        self.beginFilterChange()
        self._key, self._kept = key, keeping
        self.endFilterChange()

    @property
    def key(self) -> str:
        """The filter in force."""
        return self._key

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        """Whether a claim belongs to the filter."""
        model = self.sourceModel()
        if self._key == ALL or not isinstance(model, ClaimsModel):
            return True
        claim = model.claims[row]
        return claim.verdict in GROUPS[self._key] or claim.id == self._kept


def counts(claims: Sequence[Claim]) -> dict[str, int]:
    """Returns how many claims each filter shows."""
    by_verdict = Counter(one.verdict for one in claims)
    found = {key: sum(by_verdict[one] for one in verdicts) for key, verdicts in GROUPS.items()}
    return {ALL: len(claims), **found}
