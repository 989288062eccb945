"""The format's types: of metadata values, and of tensors."""

from enum import IntEnum
from functools import cache

import msgspec

from resources import table


class ValueType(IntEnum):
    """Types of metadata values, by their number in a file."""

    UINT8 = 0
    INT8 = 1
    UINT16 = 2
    INT16 = 3
    UINT32 = 4
    INT32 = 5
    FLOAT32 = 6
    BOOL = 7
    STRING = 8
    ARRAY = 9
    UINT64 = 10
    INT64 = 11
    FLOAT64 = 12

    @property
    def title(self) -> str:
        """The name as llama.cpp prints it, such as `u32`."""
        return _TITLES[self]


_TITLES = {
    ValueType.UINT8: "u8",
    ValueType.INT8: "i8",
    ValueType.UINT16: "u16",
    ValueType.INT16: "i16",
    ValueType.UINT32: "u32",
    ValueType.INT32: "i32",
    ValueType.FLOAT32: "f32",
    ValueType.BOOL: "bool",
    ValueType.STRING: "str",
    ValueType.ARRAY: "arr",
    ValueType.UINT64: "u64",
    ValueType.INT64: "i64",
    ValueType.FLOAT64: "f64",
}

CODES: dict[int, str] = {
    ValueType.UINT8: "B",
    ValueType.INT8: "b",
    ValueType.UINT16: "H",
    ValueType.INT16: "h",
    ValueType.UINT32: "I",
    ValueType.INT32: "i",
    ValueType.FLOAT32: "f",
    ValueType.BOOL: "B",  # Any byte but 0 is true; `?` would lose which byte it was.
    ValueType.UINT64: "Q",
    ValueType.INT64: "q",
    ValueType.FLOAT64: "d",
}
"""Format codes of `struct` for the types of fixed size."""

WIDTHS: dict[int, int] = {
    kind: {"B": 1, "b": 1, "H": 2, "h": 2, "I": 4, "i": 4, "f": 4, "Q": 8, "q": 8, "d": 8}[code]
    for kind, code in CODES.items()
}
"""Bytes of the types of fixed size."""


class TensorType(msgspec.Struct, frozen=True):
    """How a tensor's numbers are stored: in blocks of `block` elements, each of `bytes` bytes."""

    name: str
    block: int
    bytes: int

    @property
    def bits_per_weight(self) -> float:
        """Bits that one element takes, scales included."""
        return 8 * self.bytes / self.block


class _TensorTypes(msgspec.Struct, frozen=True):
    schema: str
    types: dict[str, TensorType]


@cache
def tensor_types() -> dict[int, TensorType]:
    """Returns every known tensor type by its number."""
    types = table("gguf/tensor_types.toml", _TensorTypes).types
    return {int(number): kind for number, kind in types.items()}
