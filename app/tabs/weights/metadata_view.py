"""Every metadata key of the inspected file; the chosen one at full length below."""

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtWidgets import QHeaderView, QSplitter, QVBoxLayout, QWidget

from app.context import AppContext
from app.reader import arguments
from app.tabs.look import ModelLook
from app.tabs.weights.array_view import ArrayView
from app.tabs.weights.metadata_model import ROW_ROLE, Column, MetadataModel
from app.tabs.weights.table import FilteredRows, keep_in_sight, make_filter, make_table
from inspector.inspection import Inspection, MetadataRow

FETCHED = 2_000


class MetadataView(QWidget):
    """A filter, the table of keys, and the chosen value.

    Thread: GUI.
    """

    def __init__(self, context: AppContext, look: ModelLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.model = MetadataModel(self._fetch, self)
        self.rows = FilteredRows()
        self.rows.setParent(self)
        self.rows.setSourceModel(self.model)
        self.filter = make_filter(self.tr("Filter keys and values"))
        self.filter.textChanged.connect(self.rows.filter_by)
        self.table = make_table(context.theme, self.tr("Metadata"), Column.VALUE)
        self.table.setModel(self.rows)
        self.table.setTextElideMode(Qt.TextElideMode.ElideRight)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(Column.TYPE, QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(Column.VALUE, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnWidth(Column.KEY, context.theme.px("space_6") * 4)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        self.value = ArrayView(context, look)
        self.value.hide()
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.table)
        splitter.addWidget(self.value)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(context.theme.px("space_1"))
        column.addWidget(self.filter)
        column.addWidget(splitter, 1)

    def show_inspection(self, looked: Inspection) -> None:
        """Shows the metadata of this file."""
        self.value.hide()
        self.model.set_rows(looked.metadata, looked.metadata_total, looked.files[0].name)

    def choose(self, key: str) -> bool:
        """Chooses a key; False where it is not shown."""
        for number in range(self.rows.rowCount()):
            index = self.rows.index(number, Column.KEY)
            if index.data(ROW_ROLE).key == key:
                self.table.selectRow(number)
                return True
        return False

    def _on_selected(self, chosen: QItemSelection) -> None:
        indexes = chosen.indexes()
        row: MetadataRow | None = indexes[0].data(ROW_ROLE) if indexes else None
        self.value.setVisible(row is not None)
        if row is not None:
            self.value.show_row(row)
            keep_in_sight(self.table)

    def _fetch(self, start: int) -> None:
        ref = self._look.ref

        def add(rows: tuple[MetadataRow, ...]) -> None:
            # Another file may have been opened, or this one read again, in the meantime.
            if ref == self._look.ref and start == self.model.rowCount():
                self.model.add(rows)
                self.rows.fetch_rest()

        self._look.ask(
            "metadata",
            arguments.Stretch(path=str(ref.path) if ref else "", start=start, count=FETCHED),
            tuple[MetadataRow, ...],
            add,
            lambda error: add(()),
        )
