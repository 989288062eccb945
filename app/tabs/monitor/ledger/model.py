"""The ledger's rows for a table."""

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.widgets.headings import heading
from app.widgets.plain_tip import plain_tip
from app.words.ledger import LedgerRow, ledger_words

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class Column(IntEnum):
    """What is told of an event, in the order of the columns."""

    TIME = 0
    TO = 1
    WHY = 2
    PATH = 3
    SENT = 4
    GOT = 5
    RESULT = 6
    WHO = 7
    NUMBER = 8


_FIELDS = {
    Column.TIME: "at",
    Column.TO: "to",
    Column.WHY: "why",
    Column.PATH: "path",
    Column.SENT: "sent",
    Column.GOT: "got",
    Column.RESULT: "result",
    Column.WHO: "who",
    Column.NUMBER: "number",
}
_NUMBERS = frozenset({Column.SENT, Column.GOT, Column.NUMBER})


class LedgerModel(QAbstractTableModel):
    """Rows, newest first. Thread: GUI."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[LedgerRow] = []
        self._rows: list[LedgerRow] = []
        self._wanted = ""

    def set_rows(self, rows: Sequence[LedgerRow]) -> None:
        """Shows these rows."""
        self._all = list(rows)
        self._choose()

    def filter(self, words: str) -> None:
        """Shows only the rows that have these words somewhere."""
        self._wanted = words.casefold().strip()
        self._choose()

    def row(self, number: int) -> LedgerRow:
        """Returns a row by its place."""
        return self._rows[number]

    def rowCount(self, parent: Index = _TOP) -> int:
        """How many rows are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _TOP) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Returns a cell's words, its side, or everything about its row as a tip."""
        row, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return str(getattr(row, _FIELDS[column]))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.tip)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return row.tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side_of(column)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Returns the heading of a column, on the side of what stands below it."""
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation is Qt.Orientation.Horizontal:
            return _side_of(Column(section))
        said = ledger_words().column
        titles = [said[column.name.lower()] for column in Column]
        return heading(titles, section, orientation, role)

    def _choose(self) -> None:
        self.beginResetModel()
        wanted = self._wanted
        self._rows = [
            row
            for row in self._all
            if not wanted
            or any(
                wanted in text.casefold()
                for text in (row.to, row.who, row.why, row.path, row.result)
            )
        ]
        self.endResetModel()


def _side_of(column: Column) -> Qt.AlignmentFlag:
    is_number = column in _NUMBERS
    side = Qt.AlignmentFlag.AlignTrailing if is_number else Qt.AlignmentFlag.AlignLeading
    return Qt.AlignmentFlag.AlignVCenter | side
