"""The tensors of a file as rows of a table."""

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QObject

from app.tabs.weights.arriving_rows import ArrivingRows
from app.words.quantities import bytes_in_words, count_in_words
from app.words.translation import translate
from inspector.gguf.tensor_table import Tensor
from inspector.untrusted import visible


class Column(IntEnum):
    """Columns, first to last."""

    NAME = 0
    SHAPE = 1
    TYPE = 2
    SIZE = 3
    OFFSET = 4


class TensorModel(ArrivingRows[Tensor]):
    """Tensors with shape, type, size and place."""

    def __init__(self, fetch: Callable[[int], None], parent: QObject | None = None) -> None:
        titles = (
            translate("TensorModel", "Tensor"),
            translate("TensorModel", "Shape"),
            translate("TensorModel", "Type"),
            translate("TensorModel", "Size"),
            translate("TensorModel", "Offset"),
        )
        super().__init__(titles, fetch, parent)

    def text(self, row: Tensor, column: int) -> str:
        """The tensor's name, shape, type, size or place."""
        match Column(column):
            case Column.NAME:
                return visible(row.name)
            case Column.SHAPE:
                return shape_in_words(row.shape)
            case Column.TYPE:
                return row.type
            case Column.SIZE:
                return bytes_in_words(row.size)
            case Column.OFFSET:
                return count_in_words(row.offset)

    def is_number(self, column: int) -> bool:
        """Sizes and offsets are."""
        return column in {Column.SIZE, Column.OFFSET}

    def source(self, row: Tensor) -> str:
        """The whole name, how large it is, and the header that names it."""
        lines = (
            visible(row.name),
            translate("TensorModel", "{elements} numbers in {bytes} bytes").format(
                elements=count_in_words(row.elements), bytes=count_in_words(row.size)
            ),
            translate("TensorModel", "Tensor table in the header of {document}").format(
                document=self.file(row.file)
            ),
        )
        return "\n".join(lines)

    def sort_key(self, row: Tensor, column: int) -> object:
        """Numbers by their size, names with layer 10 after layer 9."""
        match Column(column):
            case Column.NAME:
                parts = row.name.split(".")
                return ".".join(part.zfill(6) if part.isdecimal() else part for part in parts)
            case Column.SHAPE:
                return float(row.elements)
            case Column.TYPE:
                return row.type
            case Column.SIZE:
                return float(row.size)
            case Column.OFFSET:
                return float(row.file * 2**52 + row.offset)


def shape_in_words(shape: tuple[int, ...]) -> str:
    """Returns a shape as llama.cpp prints it, row length first: `576 × 49152`."""
    return " × ".join(map(str, shape))
