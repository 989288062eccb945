"""The tensor table of a header: names, shapes, types, and bytes of their own inside the file."""

import itertools
import math

import msgspec

from inspector.errors import InspectorError
from inspector.gguf.cursor import Cursor
from inspector.gguf.limits import Limits
from inspector.gguf.types import TensorType, tensor_types
from inspector.untrusted import shown


class Tensor(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One tensor of a file.

    Attributes:
        shape: elements along each dimension, row length first, as the file lists them.
        type: its type's name; `type_id` is the number in the file.
        offset: where its data starts, from the start of the file.
        size: bytes of its data.
        file: which file of a split set it lies in, from 0.
    """

    name: str
    shape: tuple[int, ...]
    type: str
    type_id: int
    offset: int
    size: int
    file: int = 0

    @property
    def elements(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)


class Row(msgspec.Struct, frozen=True, gc=False):
    """A tensor as the table lists it: its offset counts from the start of the data."""

    name: str
    shape: tuple[int, ...]
    type_id: int
    type: TensorType
    offset: int
    size: int


def read_row(cursor: Cursor, limits: Limits) -> Row:
    """Reads one line of the tensor table and works out its size."""
    at = cursor.offset
    length = cursor.u64()
    if length > limits.tensor_name_bytes:
        raise InspectorError(
            "gguf.long_tensor_name", offset=at, length=length, limit=limits.tensor_name_bytes
        )
    name = cursor.take(length).decode("utf-8", errors="replace")
    dimensions = cursor.u32()
    if dimensions > limits.dimensions:
        raise InspectorError(
            "gguf.dimensions", tensor=shown(name), count=dimensions, limit=limits.dimensions
        )
    shape = tuple(cursor.u64() for _ in range(dimensions)) or (1,)
    type_id, offset = cursor.u32(), cursor.u64()
    kind = tensor_types().get(type_id)
    if kind is None:
        raise InspectorError("gguf.tensor_type", tensor=shown(name), number=type_id)
    elements = math.prod(shape)
    # Python's integers don't wrap; llama.cpp's do, so what would wrap there is refused here.
    if max(shape) >= 2**63 or elements >= 2**63:
        raise InspectorError("gguf.tensor_overflow", tensor=shown(name), shape=_shape_text(shape))
    if shape[0] % kind.block:
        raise InspectorError(
            "gguf.tensor_row", tensor=shown(name), row=shape[0], type=kind.name, block=kind.block
        )
    return Row(name, shape, type_id, kind, offset, elements // kind.block * kind.bytes)


def place_tensors(
    rows: list[Row], data_offset: int, alignment: int, file_size: int, file: int
) -> tuple[tuple[Tensor, ...], int, int]:
    """Checks that tensors have names of their own, and bytes of their own inside the file."""
    names: set[str] = set()
    tensors = []
    for row in rows:
        if row.name in names:
            raise InspectorError("gguf.duplicate_tensor", tensor=shown(row.name))
        names.add(row.name)
        if row.offset % alignment:
            raise InspectorError(
                "gguf.tensor_alignment",
                tensor=shown(row.name),
                offset=row.offset,
                alignment=alignment,
            )
        if data_offset + row.offset + row.size > file_size:
            raise InspectorError(
                "gguf.tensor_outside",
                tensor=shown(row.name),
                end=data_offset + row.offset + row.size,
                size=file_size,
            )
        tensors.append(
            Tensor(
                name=row.name,
                shape=row.shape,
                type=row.type.name,
                type_id=row.type_id,
                offset=data_offset + row.offset,
                size=row.size,
                file=file,
            )
        )
    end, gaps = _check_overlaps(tensors, data_offset, alignment)
    return tuple(tensors), end, gaps


def _check_overlaps(tensors: list[Tensor], data_offset: int, alignment: int) -> tuple[int, int]:
    """Returns where the last tensor ends and how many gaps there are; refuses overlaps."""
    gaps = sum(
        after.offset != -(-(before.offset + before.size) // alignment) * alignment
        for before, after in itertools.pairwise(tensors)
    )
    if tensors and tensors[0].offset != data_offset:
        gaps += 1
    end = data_offset
    last = ""
    for tensor in sorted(tensors, key=lambda tensor: (tensor.offset, tensor.size)):
        if tensor.size and tensor.offset < end:
            raise InspectorError(
                "gguf.tensor_overlap", tensor=shown(tensor.name), other=shown(last)
            )
        if tensor.size:
            end, last = tensor.offset + tensor.size, tensor.name
    return end, gaps


def _shape_text(shape: tuple[int, ...]) -> str:
    """Writes a shape as people do: 576 × 49152."""
    return " × ".join(map(str, shape))
