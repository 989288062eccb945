"""The tensors of a file as a Qt table; more rows are fetched when they are scrolled to."""

from collections.abc import Callable, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from app.tabs.weights.table import NOWHERE, Index
from app.words.quantities import bytes_in_words, count_in_words
from app.words.translation import translate
from inspector.gguf.tensor_table import Tensor
from inspector.untrusted import visible

SORT_ROLE = Qt.ItemDataRole.UserRole + 1
"""A value that sorts as people expect: numbers as numbers, layer 10 after layer 9."""

TENSOR_ROLE = Qt.ItemDataRole.UserRole + 2
"""The `Tensor` itself."""


class Column(IntEnum):
    """Columns, first to last."""

    NAME = 0
    SHAPE = 1
    TYPE = 2
    SIZE = 3
    OFFSET = 4


class TensorModel(QAbstractTableModel):
    """Tensors with shape, type, size and place. Owned by: the Weights tab. Thread: GUI.

    Args:
        fetch: asks for tensors from a position on; they arrive through `add`.
    """

    def __init__(self, fetch: Callable[[int], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._tensors: list[Tensor] = []
        self._files: tuple[str, ...] = ()
        self._total = 0
        self._is_fetching = False

    def set_tensors(self, tensors: Sequence[Tensor], total: int, files: tuple[str, ...]) -> None:
        """Shows these tensors, of `total`, that lie in `files`."""
        self.beginResetModel()
        self._tensors, self._total, self._files = list(tensors), total, files
        self._is_fetching = False
        self.endResetModel()

    def add(self, tensors: Sequence[Tensor]) -> None:
        """Adds the tensors that were fetched."""
        if not tensors:
            self._is_fetching = False
            self._total = len(self._tensors)
            return
        first = len(self._tensors)
        self.beginInsertRows(NOWHERE, first, first + len(tensors) - 1)
        self._tensors.extend(tensors)
        # Before the listeners hear of it, who may ask for more at once.
        self._is_fetching = False
        self.endInsertRows()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many tensors have arrived."""
        return 0 if parent.isValid() else len(self._tensors)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Name, shape, type, size and offset."""
        return 0 if parent.isValid() else len(Column)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether the file has more tensors than have arrived."""
        return not parent.isValid() and not self._is_fetching and len(self._tensors) < self._total

    def fetchMore(self, parent: Index) -> None:
        """Asks for the next tensors."""
        if self._is_fetching:
            return
        self._is_fetching = True
        self._fetch(len(self._tensors))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The columns' titles."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        titles = {
            Column.NAME: translate("TensorModel", "Tensor"),
            Column.SHAPE: translate("TensorModel", "Shape"),
            Column.TYPE: translate("TensorModel", "Type"),
            Column.SIZE: translate("TensorModel", "Size"),
            Column.OFFSET: translate("TensorModel", "Offset"),
        }
        return titles[Column(section)]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, how it sorts, and where it came from."""
        if not index.isValid():
            return None
        tensor = self._tensors[index.row()]
        column = Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return _text(tensor, column)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._source(tensor)
            case Qt.ItemDataRole.TextAlignmentRole if column in {Column.SIZE, Column.OFFSET}:
                return Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
            case _ if role == SORT_ROLE:
                return _sort_key(tensor, column)
            case _ if role == TENSOR_ROLE:
                return tensor
            case _:
                return None

    def _source(self, tensor: Tensor) -> str:
        lines = (
            visible(tensor.name),
            translate("TensorModel", "{elements} numbers in {bytes} bytes").format(
                elements=count_in_words(tensor.elements), bytes=count_in_words(tensor.size)
            ),
            translate("TensorModel", "Tensor table in the header of {document}").format(
                document=self._files[tensor.file] if tensor.file < len(self._files) else ""
            ),
        )
        return "\n".join(lines)


def shape_in_words(shape: tuple[int, ...]) -> str:
    """Returns a shape as llama.cpp prints it, row length first: `576 × 49152`."""
    return " × ".join(map(str, shape))


def _text(tensor: Tensor, column: Column) -> str:
    match column:
        case Column.NAME:
            return visible(tensor.name)
        case Column.SHAPE:
            return shape_in_words(tensor.shape)
        case Column.TYPE:
            return tensor.type
        case Column.SIZE:
            return bytes_in_words(tensor.size)
        case Column.OFFSET:
            return count_in_words(tensor.offset)


def _sort_key(tensor: Tensor, column: Column) -> object:
    match column:
        case Column.NAME:
            # Digits padded, so that layer 10 comes after layer 9.
            parts = tensor.name.split(".")
            return ".".join(part.zfill(6) if part.isdecimal() else part for part in parts)
        case Column.SHAPE:
            return float(tensor.elements)
        case Column.TYPE:
            return tensor.type
        case Column.SIZE:
            return float(tensor.size)
        case Column.OFFSET:
            return float(tensor.file * 2**52 + tensor.offset)
