"""Rows of a file's header as a Qt table; those that have not arrived are fetched when scrolled to."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from app.tabs.weights.table import NOWHERE, Index
from app.widgets.headings import heading
from app.widgets.plain_tip import plain_tip

Row = TypeVar("Row")

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The row itself, as the reader told it."""

SORT_ROLE = Qt.ItemDataRole.UserRole + 2
"""A value that sorts as people expect: numbers as numbers, layer 10 after layer 9."""


class ArrivingRows(QAbstractTableModel, Generic[Row]):
    """What the tables of keys and of tensors share; each says what its cells hold.

    Owned by: the Weights tab. Thread: GUI.

    Args:
        titles: the columns', first to last.
        fetch: asks for rows from a position on; they arrive through `add`.
    """

    def __init__(
        self, titles: Sequence[str], fetch: Callable[[int], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._titles = tuple(titles)
        self._fetch = fetch
        self._rows: list[Row] = []
        self._files: tuple[str, ...] = ()
        self._total = 0
        self._is_fetching = False

    # ---- what a table says of its rows -----------------------------------------------------------

    def text(self, row: Row, column: int) -> str:
        """Returns what a cell shows."""
        raise NotImplementedError

    def source(self, row: Row) -> str:
        """Returns where a row stands."""
        raise NotImplementedError

    def sort_key(self, row: Row, column: int) -> object:
        """Returns what a cell sorts by."""
        return self.text(row, column)

    def is_number(self, column: int) -> bool:
        """Says whether a column stands at the trailing edge."""
        return False

    def file(self, number: int = 0) -> str:
        """Returns the name of one of the model's files."""
        return self._files[number] if number < len(self._files) else ""

    # ---- filling ---------------------------------------------------------------------------------

    def set_rows(self, rows: Sequence[Row], total: int, files: tuple[str, ...]) -> None:
        """Shows these rows, of `total`, that lie in `files`."""
        self.beginResetModel()
        self._rows, self._total, self._files = list(rows), total, files
        self._is_fetching = False
        self.endResetModel()

    def add(self, rows: Sequence[Row]) -> None:
        """Adds the rows that were fetched; none where no more can be had."""
        if not rows:
            self._is_fetching = False
            self._total = len(self._rows)
            return
        first = len(self._rows)
        self.beginInsertRows(NOWHERE, first, first + len(rows) - 1)
        self._rows.extend(rows)
        # Before the listeners hear of it, who may ask for more at once.
        self._is_fetching = False
        self.endInsertRows()

    # ---- what Qt asks ----------------------------------------------------------------------------

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many rows have arrived."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """One for each title."""
        return 0 if parent.isValid() else len(self._titles)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether the file has more rows than have arrived."""
        return not parent.isValid() and not self._is_fetching and len(self._rows) < self._total

    def fetchMore(self, parent: Index) -> None:
        """Asks for the next rows."""
        if self._is_fetching:
            return
        self._is_fetching = True
        self._fetch(len(self._rows))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The columns' titles."""
        return heading(self._titles, section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, how it sorts, and where it came from."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.text(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self.source(row))
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self.source(row)
            case Qt.ItemDataRole.TextAlignmentRole if self.is_number(column):
                return Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
            case _ if role == SORT_ROLE:
                return self.sort_key(row, column)
            case _ if role == ROW_ROLE:
                return row
            case _:
                return None
