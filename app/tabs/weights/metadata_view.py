"""Every metadata key of the inspected file; the chosen one at full length below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView

from app.context import AppContext
from app.tabs.look import ModelLook
from app.tabs.weights.array_view import ArrayView
from app.tabs.weights.metadata_model import Column, MetadataModel
from app.tabs.weights.rows_view import RowsView
from app.words.translation import translate
from inspector.inspection import Inspection, MetadataRow

FETCHED = 2_000


class MetadataView(RowsView[MetadataRow]):
    """A filter, the table of keys, and the chosen value.

    Thread: GUI.
    """

    def __init__(self, context: AppContext, look: ModelLook) -> None:
        self.value = ArrayView(context, look)
        super().__init__(
            context.theme,
            look,
            job="metadata",
            shape=tuple[MetadataRow, ...],
            fetched=FETCHED,
            model=MetadataModel,
            detail=self.value,
            title=translate("MetadataView", "Metadata"),
            hint=translate("MetadataView", "Filter keys and values"),
            stretched=Column.VALUE,
            key=lambda row: row.key,
        )
        self.table.setTextElideMode(Qt.TextElideMode.ElideRight)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(Column.TYPE, QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(Column.VALUE, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnWidth(Column.KEY, context.theme.px("space_6") * 4)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)

    def show_inspection(self, looked: Inspection) -> None:
        """Shows the metadata of this file."""
        self.value.hide()
        self.model.set_rows(looked.metadata, looked.metadata_total, (looked.files[0].name,))

    def show_chosen(self, row: MetadataRow) -> None:
        """Shows the whole value."""
        self.value.show_row(row)
