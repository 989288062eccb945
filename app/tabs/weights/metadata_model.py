"""The metadata keys of a file as a Qt table; more rows are fetched when they are scrolled to."""

from collections.abc import Callable, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from app.tabs.weights.table import NOWHERE, Index
from app.words.quantities import count_in_words
from app.words.translation import translate
from inspector.inspection import MetadataRow
from inspector.untrusted import visible

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `MetadataRow` itself."""


class Column(IntEnum):
    """Columns, first to last."""

    KEY = 0
    TYPE = 1
    VALUE = 2


class MetadataModel(QAbstractTableModel):
    """Keys with type and value. Owned by: the Weights tab. Thread: GUI.

    Args:
        fetch: asks for rows from a position on; they arrive through `add`.
    """

    def __init__(self, fetch: Callable[[int], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._rows: list[MetadataRow] = []
        self._total = 0
        self._document = ""
        self._is_fetching = False

    def set_rows(self, rows: Sequence[MetadataRow], total: int, document: str) -> None:
        """Shows these rows, of `total`, of the file `document`."""
        self.beginResetModel()
        self._rows, self._total, self._document = list(rows), total, document
        self._is_fetching = False
        self.endResetModel()

    def add(self, rows: Sequence[MetadataRow]) -> None:
        """Adds the rows that were fetched."""
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

    def row(self, number: int) -> MetadataRow:
        """Returns a row."""
        return self._rows[number]

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many rows have arrived."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Key, type and value."""
        return 0 if parent.isValid() else len(Column)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether the file has more keys than have arrived."""
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
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        titles = {
            Column.KEY: translate("MetadataModel", "Key"),
            Column.TYPE: translate("MetadataModel", "Type"),
            Column.VALUE: translate("MetadataModel", "Value"),
        }
        return titles[Column(section)]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, and where it came from."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._text(row, Column(index.column()))
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._source(row)
            case _ if role == ROW_ROLE:
                return row
            case _:
                return None

    def _text(self, row: MetadataRow, column: Column) -> str:
        match column:
            case Column.KEY:
                return visible(row.key)
            case Column.TYPE:
                return row.type
            case Column.VALUE:
                if row.type.startswith("arr"):
                    return f"{count_in_words(row.count)}: {row.preview}"
                return row.preview

    def _source(self, row: MetadataRow) -> str:
        place = translate("MetadataModel", "Header of {document}, byte {offset}")
        return place.format(document=self._document, offset=count_in_words(row.offset))
