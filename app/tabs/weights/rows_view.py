"""A filter, a table of what stands in a header, and the chosen row at full length below."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.reader import arguments
from app.tabs.look import ModelLook
from app.tabs.weights.arriving_rows import ROW_ROLE, SORT_ROLE, ArrivingRows
from app.tabs.weights.table import FilteredRows, keep_in_sight, make_filter, make_table
from app.theme.theme import Theme

Row = TypeVar("Row")


class RowsView(QWidget, Generic[Row]):
    """What the views of keys and of tensors share: filtering, choosing, fetching the rest.

    Thread: GUI.

    Args:
        job: the reader's job that gives more rows, `fetched` at a time, as a value of `shape`.
        model: makes the rows, given what fetches more of them.
        detail: shows the chosen row; hidden while none is chosen.
        key: how rows are named, for `choose`.
    """

    def __init__(
        self,
        theme: Theme,
        look: ModelLook,
        *,
        job: str,
        shape: type[tuple[Row, ...]],
        fetched: int,
        model: Callable[[Callable[[int], None]], ArrivingRows[Row]],
        detail: QWidget,
        title: str,
        hint: str,
        stretched: int,
        key: Callable[[Row], str],
    ) -> None:
        super().__init__()
        self._look = look
        self._job, self._shape, self._fetched, self._key = job, shape, fetched, key
        self._detail = detail
        self.model = model(self._fetch)
        self.model.setParent(self)
        self.rows = FilteredRows()
        self.rows.setParent(self)
        self.rows.setSortRole(SORT_ROLE)
        self.rows.setSourceModel(self.model)
        self.filter = make_filter(hint)
        self.filter.textChanged.connect(self.rows.filter_by)
        self.table = make_table(theme, title, stretched)
        self.table.setModel(self.rows)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        detail.hide()
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(detail)
        self.splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_1"))
        column.addWidget(self.filter)
        column.addWidget(self.splitter, 1)

    def show_chosen(self, row: Row) -> None:
        """Fills the part below the table with a row."""
        raise NotImplementedError

    def choose(self, name: str) -> bool:
        """Chooses a row by its name; False where it is not shown."""
        for number in range(self.rows.rowCount()):
            if self._key(self.rows.index(number, 0).data(ROW_ROLE)) == name:
                self.table.selectRow(number)
                return True
        return False

    def _on_selected(self, chosen: QItemSelection) -> None:
        indexes = chosen.indexes()
        row: Row | None = indexes[0].data(ROW_ROLE) if indexes else None
        self._detail.setVisible(row is not None)
        if row is not None:
            self.show_chosen(row)
            keep_in_sight(self.table)

    def _fetch(self, start: int) -> None:
        ref = self._look.ref

        def add(rows: tuple[Row, ...]) -> None:
            # Another file may have been opened, or this one read again, in the meantime.
            if ref == self._look.ref and start == self.model.rowCount():
                self.model.add(rows)
                self.rows.fetch_rest()

        self._look.ask(
            self._job,
            arguments.Stretch(path=str(ref.path) if ref else "", start=start, count=self._fetched),
            self._shape,
            add,
            lambda error: add(()),
        )
