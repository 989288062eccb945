"""Every tensor of the inspected file; the chosen one's numbers below."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHeaderView

from app.context import AppContext
from app.tabs.look import ModelLook
from app.tabs.weights.numbers_panel import NumbersPanel
from app.tabs.weights.rows_view import RowsView
from app.tabs.weights.table import keep_in_sight
from app.tabs.weights.tensor_model import Column, TensorModel
from app.words.translation import translate
from inspector.gguf.tensor_table import Tensor
from inspector.inspection import Inspection

FETCHED = 5_000


class TensorView(RowsView[Tensor]):
    """A filter, the table of tensors, and the numbers of the chosen one.

    Thread: GUI.
    """

    def __init__(self, context: AppContext, look: ModelLook) -> None:
        self.numbers = NumbersPanel(context, look)
        super().__init__(
            context.theme,
            look,
            job="tensors",
            shape=tuple[Tensor, ...],
            fetched=FETCHED,
            model=TensorModel,
            detail=self.numbers,
            title=translate("TensorView", "Tensors"),
            hint=translate("TensorView", "Filter tensors by name, shape or type"),
            stretched=Column.NAME,
            key=lambda tensor: tensor.name,
        )
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Interactive)
        self.table.setColumnWidth(Column.NAME, context.theme.px("space_6") * 13 // 4)
        self.table.setSortingEnabled(True)
        # As in the file until a person sorts.
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.rows.sort(-1)
        self.table.doubleClicked.connect(self._on_opened)
        self.table.activated.connect(self._on_opened)
        self.numbers.results_shown.connect(self._make_room)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)

    def show_inspection(self, looked: Inspection) -> None:
        """Shows the tensors of this file."""
        self.numbers.hide()
        files = tuple(part.name for part in looked.files)
        self.model.set_rows(looked.tensors, looked.tensors_total, files)

    def show_chosen(self, row: Tensor) -> None:
        """Shows what is known of its numbers."""
        self.numbers.show_tensor(row)

    def _on_opened(self, index: QModelIndex) -> None:
        self.numbers.read()

    def _make_room(self) -> None:
        """Gives the numbers three fifths of the height, which a person can change afterwards."""
        height = self.splitter.height()
        self.splitter.setSizes([height * 2 // 5, height * 3 // 5])
        keep_in_sight(self.table)
