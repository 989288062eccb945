"""A file's metadata: values read and decoded when somebody asks for them, long arrays by pages."""

import itertools
import struct
from collections.abc import Iterator, Mapping

import msgspec

from inspector.gguf.header import INDEX_EVERY, Entry, Scalar
from inspector.gguf.ranges import Bytes
from inspector.gguf.types import CODES, WIDTHS, ValueType
from inspector.untrusted import shortened, visible

_CHUNK_BYTES = 256 * 1024
_LENGTH = struct.Struct("<Q")

SHOWN_CHARACTERS = 2_000
"""How much of one text a listing shows; the whole is asked for by itself."""


class Element(msgspec.Struct, frozen=True):
    """One element of an array as it is shown."""

    index: int
    text: str


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of an array.

    Attributes:
        total: elements of the array, or matches found so far by a search.
        more: whether something follows what is here.
    """

    key: str
    total: int
    elements: tuple[Element, ...]
    more: bool


class Metadata(Mapping[str, Entry]):
    """The keys of one file, in the order of the file; values are read on demand."""

    def __init__(self, source: Bytes, entries: Mapping[str, Entry]) -> None:
        self._source = source
        self._entries = entries

    def __getitem__(self, key: str) -> Entry:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def text(self, key: str) -> str | None:
        """Returns the string at `key`; None where it is absent or not a string."""
        entry = self._entries.get(key)
        if entry is None or entry.type is not ValueType.STRING:
            return None
        raw = entry.raw if entry.raw is not None else self._source.read(entry.data, entry.size)
        return decoded(raw)

    def number(self, key: str) -> Scalar | None:
        """Returns the number or truth value at `key`; None where it is absent or something else."""
        entry = self._entries.get(key)
        return None if entry is None else entry.scalar

    def integer(self, key: str) -> int | None:
        """Returns the whole number at `key`; None where it is absent or something else."""
        value = self.number(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, key: str) -> bool | None:
        """Returns the truth value at `key`; None where it is absent or something else."""
        value = self.number(key)
        return value if isinstance(value, bool) else None

    def texts(self, key: str, longest: int = 256) -> tuple[str, ...] | None:
        """Returns the first `longest` strings at `key`; None where it is no array of strings."""
        entry = self._entries.get(key)
        if entry is None or entry.type is not ValueType.ARRAY:
            return None
        if entry.element is not ValueType.STRING:
            return None
        return tuple(decoded(raw) for raw in itertools.islice(self.strings(key), longest))

    def numbers(self, key: str, longest: int = 4096) -> tuple[Scalar, ...] | None:
        """Returns the first `longest` numbers at `key`; None where it is no array of numbers."""
        entry = self._entries.get(key)
        if entry is None or entry.type is not ValueType.ARRAY or entry.element not in CODES:
            return None
        return self._numbers(entry, 0, min(longest, entry.count))

    def strings(self, key: str, start: int = 0) -> Iterator[bytes]:
        """Yields the raw strings of the array at `key`, from element `start` on."""
        entry = self._entries[key]
        if entry.index is None or start >= entry.count:
            return
        at = entry.index[start // INDEX_EVERY]
        end = entry.data + entry.size
        skip = start % INDEX_EVERY
        data, base = b"", at
        for number in range(entry.count - start + skip):
            if at + 8 > base + len(data):
                base, data = at, self._chunk(at, end, 8)
            (length,) = _LENGTH.unpack_from(data, at - base)
            if at + 8 + length > base + len(data):
                base, data = at, self._chunk(at, end, 8 + length)
            if number >= skip:
                yield data[at + 8 - base : at + 8 + length - base]
            at += 8 + length

    def page(self, key: str, start: int, count: int) -> Page:
        """Returns elements `start` to `start + count` of the array at `key`, as they are shown."""
        entry = self._entries[key]
        start = max(0, start)
        number = max(0, min(count, entry.count - start))
        if entry.index is not None:
            raws = itertools.islice(self.strings(key, start), number)
            texts = (_line(decoded(raw)) for raw in raws)
        else:
            texts = (written(value, entry.element) for value in self._numbers(entry, start, number))
        elements = tuple(Element(start + at, text) for at, text in enumerate(texts))
        return Page(
            key=key, total=entry.count, elements=elements, more=start + number < entry.count
        )

    def find(self, key: str, wanted: str, count: int, start: int = 0) -> Page:
        """Returns the first `count` elements of the array at `key` that contain `wanted`.

        Letter case does not matter for strings; numbers are compared as they are written.
        """
        entry = self._entries[key]
        needle = wanted.casefold()
        found: list[Element] = []
        for index, text in enumerate(self._all_texts(entry, start), start=start):
            if needle in text.casefold():
                if len(found) == count:
                    return Page(key=key, total=count, elements=tuple(found), more=True)
                found.append(Element(index, _line(text)))
        return Page(key=key, total=len(found), elements=tuple(found), more=False)

    def preview(self, key: str, elements: int = 8) -> str:
        """Returns the value at `key` in one short line."""
        entry = self._entries[key]
        if entry.type is ValueType.STRING:
            raw = entry.raw
            if raw is None:
                raw = self._source.read(entry.data, min(entry.size, 4 * SHOWN_CHARACTERS))
            return _line(decoded(raw))
        if entry.type is not ValueType.ARRAY:
            return "" if entry.scalar is None else written(entry.scalar, entry.type)
        page = self.page(key, 0, elements)
        quoted = entry.element is ValueType.STRING
        texts = [f"“{shortened(e.text, 40)}”" if quoted else e.text for e in page.elements]
        return ", ".join(texts) + (", …" if page.more else "")

    def _all_texts(self, entry: Entry, start: int) -> Iterator[str]:
        """Yields every element from `start` on as a text."""
        if entry.index is not None:
            yield from map(decoded, self.strings(entry.key, start))
            return
        for at in range(start, entry.count, INDEX_EVERY):
            number = min(INDEX_EVERY, entry.count - at)
            for value in self._numbers(entry, at, number):
                yield written(value, entry.element)

    def _numbers(self, entry: Entry, start: int, count: int) -> tuple[Scalar, ...]:
        """Reads numbers of an array, or the one number of a plain entry."""
        if entry.type is not ValueType.ARRAY:
            return () if entry.scalar is None else (entry.scalar,)
        width = WIDTHS[entry.element]
        raw = self._source.read(entry.data + start * width, count * width)
        values = struct.unpack(f"<{count}{CODES[entry.element]}", raw)
        if entry.element is ValueType.BOOL:
            return tuple(value != 0 for value in values)
        return values

    def _chunk(self, at: int, end: int, least: int) -> bytes:
        """Reads from `at` on, a chunk or `least` bytes, but not past the array."""
        return self._source.read(at, min(end - at, max(least, _CHUNK_BYTES)))


def decoded(raw: bytes) -> str:
    """Returns a string's text; bytes that are not UTF-8 become replacement characters."""
    return raw.decode("utf-8", errors="replace")


def _line(text: str) -> str:
    """Returns a text as one short line in which every sign can be seen."""
    return visible(shortened(text, SHOWN_CHARACTERS))


def written(value: Scalar, kind: ValueType) -> str:
    """Writes a number as people do; floats of 32 bits with the digits that they have."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return f"{value:.7g}" if kind is ValueType.FLOAT32 else repr(value)
