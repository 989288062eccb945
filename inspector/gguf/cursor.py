"""A forward-only cursor over bytes, which never reads or allocates past what there is."""

import struct

from inspector.errors import InspectorError
from inspector.gguf.ranges import NOT_FETCHED, Bytes, held

CHUNK_BYTES = 512 * 1024
"""How much is fetched at once: few reads of a file, and little too much from afar."""

_U32 = struct.Struct("<I").unpack_from
_U64 = struct.Struct("<Q").unpack_from


class Cursor:
    """Reads little-endian values one after another and knows where it is.

    Every method raises `gguf.truncated` where the file ends first.
    """

    def __init__(self, source: Bytes) -> None:
        self._source = source
        self._size = source.size
        self._base = 0
        self._at = 0
        self._data = b""

    @property
    def offset(self) -> int:
        """Where the next value starts."""
        return self._base + self._at

    @property
    def left(self) -> int:
        """How many bytes follow."""
        return self._size - self.offset

    def u32(self) -> int:
        """Reads an unsigned 32-bit integer."""
        self._need(4)
        (value,) = _U32(self._data, self._at)
        self._at += 4
        return int(value)

    def u64(self) -> int:
        """Reads an unsigned 64-bit integer."""
        self._need(8)
        (value,) = _U64(self._data, self._at)
        self._at += 8
        return int(value)

    def take(self, length: int) -> bytes:
        """Reads `length` bytes, which the caller has capped."""
        self._need(length)
        data = self._data[self._at : self._at + length]
        self._at += length
        return data

    def skip(self, length: int) -> None:
        """Steps over `length` bytes without reading them."""
        if length > self.left:
            raise self._truncated()
        self._at += length

    def skip_strings(self, count: int, every: int, longest: int) -> tuple[int, ...]:
        """Steps over `count` strings.

        Args:
            count: how many strings follow; each takes 8 bytes or more.
            every: how often to note a place.
            longest: the length above which a string is refused.

        Returns:
            The offsets of strings 0, `every`, 2 * `every` and so on.

        Raises:
            InspectorError: `gguf.truncated`, or `gguf.long_element`.
        """
        if count * 8 > self.left:
            raise self._truncated()
        index: list[int] = []
        for start in range(0, count, every):
            begin = self.offset
            index.append(begin)
            number = min(every, count - start)
            try:
                self._hop(number)
            except InspectorError as error:
                if error.code == NOT_FETCHED:
                    # Each string that is left takes 8 bytes or more: so far it must be fetched.
                    least = begin + 8 * (count - start)
                    error.context["needs"] = max(least, int(error.context["needs"]))
                raise
            # One string is never longer than its whole stretch: most stretches need no closer look.
            if self.offset - begin > longest + 8 * number:
                self._check_lengths(begin, number, longest)
        if self.offset > self._size:
            raise self._truncated()
        return tuple(index)

    def _hop(self, count: int) -> None:
        """Steps over `count` strings by their lengths; the hot loop of reading a header."""
        unpack = _U64
        left = count
        while left:
            data, at = self._data, self._at
            try:
                for left in range(left, 0, -1):  # noqa: B007, B020 - resumes after a new chunk
                    at += 8 + unpack(data, at)[0]
                left = 0
            except (struct.error, OverflowError):
                pass  # The next length lies behind this chunk, or behind the file.
            self._at = at
            if left:
                self._need(8)

    def _check_lengths(self, begin: int, count: int, longest: int) -> None:
        """Walks one stretch again and refuses a string that is too long."""
        at = begin
        for _ in range(count):
            if at + 8 > self._size:
                raise self._truncated()
            (length,) = _U64(self._source.read(at, 8))
            if length > longest:
                if at + 8 + length > self._size:
                    raise self._truncated()
                raise InspectorError("gguf.long_element", offset=at, length=length, limit=longest)
            at += 8 + length

    def _need(self, length: int) -> None:
        """Makes sure that the next `length` bytes are in the chunk."""
        if self._at + length <= len(self._data):
            return
        if length > self.left:
            raise self._truncated()
        self._base += self._at
        self._at = 0
        # Of a file whose beginning alone is here, no more than that is asked for in advance.
        chunk = max(length, min(CHUNK_BYTES, held(self._source) - self._base))
        self._data = b""  # Two chunks at a time would double the memory.
        self._data = self._source.read(self._base, chunk)

    def _truncated(self) -> InspectorError:
        return InspectorError(
            "gguf.truncated", path=self._source.name, offset=self.offset, size=self._size
        )
