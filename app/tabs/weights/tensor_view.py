"""Every tensor of the inspected file; the chosen one's numbers below."""

from PySide6.QtCore import QItemSelection, QModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QSplitter, QVBoxLayout, QWidget

from app.context import AppContext
from app.reader import arguments
from app.tabs.look import ModelLook
from app.tabs.weights.numbers_panel import NumbersPanel
from app.tabs.weights.table import FilteredRows, keep_in_sight, make_filter, make_table
from app.tabs.weights.tensor_model import SORT_ROLE, TENSOR_ROLE, Column, TensorModel
from inspector.gguf.tensor_table import Tensor
from inspector.inspection import Inspection

FETCHED = 5_000


class TensorView(QWidget):
    """A filter, the table of tensors, and the numbers of the chosen one.

    Thread: GUI.
    """

    def __init__(self, context: AppContext, look: ModelLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.model = TensorModel(self._fetch, self)
        self.rows = FilteredRows()
        self.rows.setParent(self)
        self.rows.setSortRole(SORT_ROLE)
        self.rows.setSourceModel(self.model)
        self.filter = make_filter(self.tr("Filter tensors by name, shape or type"))
        self.filter.textChanged.connect(self.rows.filter_by)
        self.table = make_table(context.theme, self.tr("Tensors"), Column.NAME)
        self.table.setModel(self.rows)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Interactive)
        self.table.setColumnWidth(Column.NAME, context.theme.px("space_6") * 13 // 4)
        self.table.setSortingEnabled(True)
        # As in the file until a person sorts.
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.rows.sort(-1)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        self.table.doubleClicked.connect(self._on_opened)
        self.table.activated.connect(self._on_opened)
        self.numbers = NumbersPanel(context, look)
        self.numbers.hide()
        self._splitter = splitter = QSplitter(Qt.Orientation.Vertical)
        self.numbers.results_shown.connect(self._make_room)
        splitter.addWidget(self.table)
        splitter.addWidget(self.numbers)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(context.theme.px("space_1"))
        column.addWidget(self.filter)
        column.addWidget(splitter, 1)

    def show_inspection(self, looked: Inspection) -> None:
        """Shows the tensors of this file."""
        self.numbers.hide()
        files = tuple(part.name for part in looked.files)
        self.model.set_tensors(looked.tensors, looked.tensors_total, files)

    def choose(self, name: str) -> bool:
        """Chooses a tensor; False where it is not shown."""
        for number in range(self.rows.rowCount()):
            if self.rows.index(number, Column.NAME).data(TENSOR_ROLE).name == name:
                self.table.selectRow(number)
                return True
        return False

    def _on_selected(self, chosen: QItemSelection) -> None:
        indexes = chosen.indexes()
        tensor: Tensor | None = indexes[0].data(TENSOR_ROLE) if indexes else None
        self.numbers.setVisible(tensor is not None)
        if tensor is not None:
            self.numbers.show_tensor(tensor)
            keep_in_sight(self.table)

    def _on_opened(self, index: QModelIndex) -> None:
        self.numbers.read()

    def _make_room(self) -> None:
        """Gives the numbers three fifths of the height, which a person can change afterwards."""
        height = self._splitter.height()
        self._splitter.setSizes([height * 2 // 5, height * 3 // 5])
        keep_in_sight(self.table)

    def _fetch(self, start: int) -> None:
        ref = self._look.ref

        def add(tensors: tuple[Tensor, ...]) -> None:
            # Another file may have been opened, or this one read again, in the meantime.
            if ref == self._look.ref and start == self.model.rowCount():
                self.model.add(tensors)
                self.rows.fetch_rest()

        self._look.ask(
            "tensors",
            arguments.Stretch(path=str(ref.path) if ref else "", start=start, count=FETCHED),
            tuple[Tensor, ...],
            add,
            lambda error: add(()),
        )
