"""What the tables of the Weights tab share: how they look, filter and sort."""

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
)
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QTableView

from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.plain_table import make_plain

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
"""The parent of every row of a table; a default for Qt's own arguments."""


def make_table(theme: Theme, title: str, stretched: int) -> QTableView:
    """Returns an empty table: rows are chosen whole, nothing can be edited.

    Args:
        theme: gives the height of a row.
        title: its accessible name.
        stretched: the column that takes the room that is left.
    """
    table = QTableView()
    make_plain(table, title)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.verticalHeader().setDefaultSectionSize(theme.px("space_3"))
    # Small, because a name, a shape and two numbers have to fit into a narrow panel.
    set_look(table, Look.SMALL)
    table.horizontalHeader().setMinimumSectionSize(theme.px("space_4"))
    table.setProperty("stretched", stretched)
    return table


def make_filter(hint: str) -> QLineEdit:
    """Returns a field to filter a table with."""
    field = QLineEdit()
    field.setPlaceholderText(hint)
    field.setAccessibleName(hint)
    field.setClearButtonEnabled(True)
    return field


def keep_in_sight(table: QTableView) -> None:
    """Scrolls to the chosen row once the table has its new size."""

    def scroll() -> None:
        table.scrollTo(table.currentIndex(), QAbstractItemView.ScrollHint.EnsureVisible)

    QTimer.singleShot(0, table, scroll)


class FilteredRows(QSortFilterProxyModel):
    """Rows that contain what was typed, in any column, whatever the case."""

    def __init__(self) -> None:
        super().__init__()
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterKeyColumn(-1)
        self.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def filter_by(self, text: str) -> None:
        """Shows rows that contain `text`; what has not arrived yet is fetched for it."""
        self.setFilterFixedString(text)
        self.fetch_rest()

    def fetch_rest(self) -> None:
        """While something is filtered by, asks for rows that have not arrived yet."""
        source = self.sourceModel()
        if self.filterRegularExpression().pattern() and source.canFetchMore(NOWHERE):
            source.fetchMore(NOWHERE)
