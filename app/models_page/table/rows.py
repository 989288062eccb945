"""Rows of the page's tables: what a cell shows, and the Qt model over them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.widgets.headings import heading
from app.widgets.plain_tip import plain_tip

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
"""The parent of every row of a table; a default for Qt's own arguments."""


class Role(IntEnum):
    """What the model tells beside Qt's own roles."""

    ROW = Qt.ItemDataRole.UserRole + 1
    """The `Row` itself."""
    CELL = Qt.ItemDataRole.UserRole + 2
    """The `Cell` itself."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table.

    Attributes:
        text: the first line; `under` a second, paler one.
        icon: a name of `resources/icons`, drawn in `role`; empty for none.
        tip: where the value came from, or what would settle it.
        faint: draws the first line paler, as for what is unknown.
        picture: letters of a fingerprint, drawn in the place of the text.
    """

    text: str
    under: str = ""
    icon: str = ""
    role: str = "soft"
    tip: str = ""
    faint: bool = False
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Attributes:
        key: names it; a later row with the same key takes its place.
        said: the whole line in words, for a screen reader.
        item: what it stands for.
    """

    key: str
    cells: tuple[Cell, ...]
    said: str
    item: object


@dataclass(frozen=True, slots=True)
class LazyRow:
    """A row that is worked out when it is first seen: of a hundred results, a dozen are."""

    key: str
    make: Callable[[], Row]


def said_of(titles: Sequence[str], cells: Sequence[Cell]) -> str:
    """Returns a whole line in words, for a screen reader: the name first, then each column."""
    first = ", ".join(part for part in (cells[0].text, cells[0].under) if part)
    rest = [
        f"{title}: {cell.text} {cell.under}".strip()
        for title, cell in zip(titles[1:], cells[1:], strict=True)
        if cell.text
    ]
    return ". ".join([first, *rest])


class RowsModel(QAbstractTableModel):
    """A list of rows. Owned by: a part of the Models page. Thread: GUI."""

    def __init__(self, columns: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._rows: list[Row | LazyRow] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows, first to last, all of them worked out."""
        return tuple(self.row(at) for at in range(len(self._rows)))

    def row(self, at: int) -> Row:
        """Returns a row."""
        row = self._rows[at]
        if isinstance(row, LazyRow):
            row = self._rows[at] = row.make()
        return row

    def is_worked_out(self, at: int) -> bool:
        """Whether a row was asked for before; the first time costs more."""
        return isinstance(self._rows[at], Row)

    def keys(self) -> list[str]:
        """Returns the rows' keys, first to last."""
        return [row.key for row in self._rows]

    def set_rows(self, rows: Sequence[Row | LazyRow]) -> None:
        """Shows other rows; where only their cells differ, the selection stays."""
        if [row.key for row in rows] == self.keys():
            if rows and list(rows) != self._rows:
                self._rows = list(rows)
                last = self.index(len(rows) - 1, len(self._columns) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def add_rows(self, rows: Sequence[Row | LazyRow]) -> None:
        """Adds rows at the end, as results that stream in."""
        if rows:
            first = len(self._rows)
            self.beginInsertRows(NOWHERE, first, first + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    def row_of(self, key: str) -> int:
        """Returns where the row with `key` stands; -1 where there is none."""
        return next((at for at, row in enumerate(self._rows) if row.key == key), -1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """The columns' titles."""
        return heading(self._columns, section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows and says."""
        if not index.isValid():
            return None
        row = self.row(index.row())
        cell = row.cells[index.column()]
        if role == Role.ROW:
            return row
        if role == Role.CELL:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(cell.tip) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            # The first cell says the whole line: a screen reader moves by rows here.
            if index.column() == 0:
                return row.said
            return f"{self._columns[index.column()]}: {cell.text} {cell.under}".strip()
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return cell.tip
        return None
