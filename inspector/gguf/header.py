"""Reads a GGUF header: its frame, its metadata as places, its tensors as a table.

Structure is checked here, before anything is believed: whatever is wrong with it ends in one
`InspectorError` with a code of its own. What the values mean is for `checks`.
"""

import struct

import msgspec

from inspector.errors import InspectorError
from inspector.gguf.cursor import Cursor
from inspector.gguf.limits import Limits
from inspector.gguf.lookalikes import refuse_lookalike
from inspector.gguf.ranges import Bytes
from inspector.gguf.tensor_table import Tensor, place_tensors, read_row
from inspector.gguf.types import CODES, WIDTHS, ValueType
from inspector.untrusted import shown

MAGIC = b"GGUF"
NEWEST_VERSION = 3
DEFAULT_ALIGNMENT = 32
INDEX_EVERY = 1024
"""How often a string array's index notes a place: a page is then never far from one."""

_KEEP_BYTES = 256
"""Strings up to here are kept as raw bytes while the header is read; longer ones are read again."""

_ALIGNMENT_KEY = b"general.alignment"
_VALUE_TYPES = frozenset(ValueType)

Scalar = bool | int | float


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a metadata value lies, and the value itself where it is a single number.

    Attributes:
        key: its name.
        type: its type; `element` is the elements' type of an array, else the same.
        count: elements of an array, or 1.
        offset: where its key starts; `data` is where its value starts, past length and types.
        size: bytes of the value.
        scalar: the value, of a number or truth value.
        raw: a short string's bytes.
        index: places of an array's strings 0, 1,024, 2,048, ….
    """

    key: str
    type: ValueType
    element: ValueType
    count: int
    offset: int
    data: int
    size: int
    scalar: Scalar | None = None
    raw: bytes | None = None
    index: tuple[int, ...] | None = None


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """A file's header, structurally sound.

    Attributes:
        data_offset: where tensor data starts; `end` is where the last tensor's data ends.
        gaps: tensors that don't start where the one before ends; llama.cpp refuses such files.
    """

    version: int
    alignment: int
    entries: dict[str, Entry]
    tensors: tuple[Tensor, ...]
    data_offset: int
    end: int
    gaps: int = 0


def read_header(source: Bytes, limits: Limits, file: int = 0) -> Header:
    """Reads and checks the header of `source`.

    Args:
        source: the file.
        limits: caps beyond those that the file's length sets.
        file: number of the file in a split set, noted in its tensors.

    Raises:
        InspectorError: with one code for each way in which a header can be wrong.
    """
    cursor = Cursor(source)
    version = _read_version(source, cursor)
    tensor_count, pair_count = cursor.u64(), cursor.u64()
    _check_counts(tensor_count, pair_count, cursor.left, limits)
    entries: dict[str, Entry] = {}
    strings_left = limits.array_strings
    for _ in range(pair_count):
        entry = _read_entry(cursor, limits, strings_left)
        if entry.key in entries:
            raise InspectorError("gguf.duplicate_key", key=shown(entry.key), offset=entry.offset)
        entries[entry.key] = entry
        if entry.index is not None:
            strings_left -= entry.count
    alignment = _alignment(entries, limits)
    rows = [read_row(cursor, limits) for _ in range(tensor_count)]
    data_offset = -(-cursor.offset // alignment) * alignment if rows else cursor.offset
    tensors, end, gaps = place_tensors(rows, data_offset, alignment, source.size, file)
    return Header(
        version=version,
        alignment=alignment,
        entries=entries,
        tensors=tensors,
        data_offset=data_offset,
        end=end,
        gaps=gaps,
    )


# ---- the frame --------------------------------------------------------------------------------


def _read_version(source: Bytes, cursor: Cursor) -> int:
    """Reads magic and version, and names what else the file may be."""
    if source.size == 0:
        raise InspectorError("gguf.empty", path=source.name)
    if source.size < len(MAGIC) or cursor.take(len(MAGIC)) != MAGIC:
        refuse_lookalike(source)
    version = cursor.u32()
    if version and version & 0xFFFF == 0:
        raise InspectorError("gguf.big_endian", path=source.name)
    if version > NEWEST_VERSION:
        raise InspectorError(
            "gguf.future_version", path=source.name, version=version, newest=NEWEST_VERSION
        )
    if version < 2:
        raise InspectorError("gguf.old_version", path=source.name, version=version)
    return version


def _check_counts(tensors: int, pairs: int, left: int, limits: Limits) -> None:
    """Refuses counts that the rest of the file can't hold, before looping over them."""
    if pairs > limits.pairs:
        raise InspectorError("gguf.too_many_keys", count=pairs, limit=limits.pairs)
    if tensors > limits.tensors:
        raise InspectorError("gguf.too_many_tensors", count=tensors, limit=limits.tensors)
    # The least that a pair takes: 8 + 1 for its key, 4 for its type, 1 for its value;
    # a tensor: 8 for its name, 4 for its dimensions, 4 for its type, 8 for its offset.
    if pairs * 14 + tensors * 24 > left:
        raise InspectorError("gguf.counts_exceed_file", pairs=pairs, tensors=tensors, left=left)


# ---- metadata ---------------------------------------------------------------------------------


def _read_entry(cursor: Cursor, limits: Limits, strings_left: int) -> Entry:
    """Reads one key and finds where its value ends."""
    offset = cursor.offset
    key = _read_key(cursor, limits)
    kind = _read_type(cursor, key)
    if kind is ValueType.ARRAY:
        return _read_array(cursor, key, offset, limits, strings_left)
    if kind is ValueType.STRING:
        length = cursor.u64()
        if length > cursor.left:
            raise InspectorError("gguf.long_text", key=shown(key), length=length, left=cursor.left)
        if length > limits.text_bytes:
            raise InspectorError(
                "gguf.text_limit", key=shown(key), length=length, limit=limits.text_bytes
            )
        data = cursor.offset
        raw = cursor.take(length) if length <= _KEEP_BYTES else None
        if raw is None:
            cursor.skip(length)
        return Entry(
            key=key,
            type=kind,
            element=kind,
            count=1,
            offset=offset,
            data=data,
            size=length,
            raw=raw,
        )
    data = cursor.offset
    (value,) = struct.unpack("<" + CODES[kind], cursor.take(WIDTHS[kind]))
    return Entry(
        key=key,
        type=kind,
        element=kind,
        count=1,
        offset=offset,
        data=data,
        size=WIDTHS[kind],
        scalar=value != 0 if kind is ValueType.BOOL else value,
    )


def _read_array(cursor: Cursor, key: str, offset: int, limits: Limits, strings_left: int) -> Entry:
    """Reads an array's type and length, and steps over its elements."""
    element = _read_type(cursor, key)
    if element is ValueType.ARRAY:
        raise InspectorError("gguf.nested_array", key=shown(key), offset=offset)
    count = cursor.u64()
    data = cursor.offset
    index: tuple[int, ...] | None = None
    if element is ValueType.STRING:
        if count * 8 > cursor.left:
            raise InspectorError("gguf.long_array", key=shown(key), count=count, left=cursor.left)
        if count > strings_left:
            raise InspectorError(
                "gguf.array_limit", key=shown(key), count=count, limit=limits.array_strings
            )
        index = cursor.skip_strings(count, INDEX_EVERY, limits.element_bytes)
    else:
        if count * WIDTHS[element] > cursor.left:
            raise InspectorError("gguf.long_array", key=shown(key), count=count, left=cursor.left)
        if count > limits.array_elements:
            raise InspectorError(
                "gguf.array_limit", key=shown(key), count=count, limit=limits.array_elements
            )
        cursor.skip(count * WIDTHS[element])
    return Entry(
        key=key,
        type=ValueType.ARRAY,
        element=element,
        count=count,
        offset=offset,
        data=data,
        size=cursor.offset - data,
        index=index,
    )


def _read_key(cursor: Cursor, limits: Limits) -> str:
    """Reads a key's name."""
    offset = cursor.offset
    length = cursor.u64()
    if length == 0:
        raise InspectorError("gguf.empty_key", offset=offset)
    if length > limits.key_bytes:
        raise InspectorError("gguf.long_key", offset=offset, length=length, limit=limits.key_bytes)
    return cursor.take(length).decode("utf-8", errors="replace")


def _read_type(cursor: Cursor, key: str) -> ValueType:
    """Reads the type of a value."""
    number = cursor.u32()
    if number not in _VALUE_TYPES:
        raise InspectorError("gguf.value_type", key=shown(key), number=number)
    return ValueType(number)


def _alignment(entries: dict[str, Entry], limits: Limits) -> int:
    """Returns the alignment of tensor data."""
    entry = entries.get(_ALIGNMENT_KEY.decode())
    if entry is None:
        return DEFAULT_ALIGNMENT
    value = entry.scalar
    if entry.type is not ValueType.UINT32 or not isinstance(value, int):
        raise InspectorError(
            "gguf.key_type", key=entry.key, found=entry.type.title, wanted=ValueType.UINT32.title
        )
    if value == 0 or value & (value - 1) or value > limits.alignment:
        raise InspectorError("gguf.alignment", value=value, limit=limits.alignment)
    return value
