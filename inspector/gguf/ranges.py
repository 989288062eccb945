"""Where a reader's bytes come from: a file, or anything else that answers for byte ranges."""

import os
import re
import stat
import threading
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import msgspec

from inspector.errors import InspectorError


class Bytes(Protocol):
    """A readable sequence of bytes with a known length, such as a file here or on the Hub."""

    @property
    def name(self) -> str:
        """A short name to show, such as a file name."""

    @property
    def size(self) -> int:
        """Length in bytes, as it was when it was opened."""

    def read(self, offset: int, length: int) -> bytes:
        """Returns exactly `length` bytes from `offset` on.

        Raises:
            InspectorError: `gguf.changed`, where those bytes are no longer there.
        """

    def close(self) -> None:
        """Lets go of the file or connection; reading afterwards is an error."""


NOT_FETCHED = "gguf.not_fetched"
NO_WAITING = getattr(os, "O_NONBLOCK", 0)
"""Keeps a named pipe that poses as a model from blocking the open; Windows has none in folders."""

AS_IT_IS = getattr(os, "O_BINARY", 0)
"""Windows takes a file's bytes for lines of text otherwise."""

_BEGINNING = re.compile(r"(?P<stem>.+)\.beginning-of-(?P<size>\d{1,16})\.gguf")


def beginning_name(name: str, size: int) -> str:
    """Returns the name under which the first bytes of a longer file lie: it tells the whole length.

    A reader then knows what it has and what it hasn't: nothing stands in for the bytes that are
    elsewhere, and reading them is an error of its own.
    """
    stem = name[: -len(".gguf")] if name.lower().endswith(".gguf") else name
    return f"{stem}.beginning-of-{size}.gguf"


def is_beginning(path: Path) -> bool:
    """Whether `path` is named as the first bytes of a longer file."""
    return _BEGINNING.fullmatch(path.name) is not None


def whole_name(path: Path) -> str:
    """Returns the name of the whole file, of which `path` may be the beginning."""
    named = _BEGINNING.fullmatch(path.name)
    return f"{named['stem']}.gguf" if named else path.name


class Stamp(msgspec.Struct, frozen=True):
    """What tells whether a file is still the one that was read: the key of cached results."""

    path: str
    size: int
    mtime_ns: int
    inode: int


class FileBytes:
    """A file read at places, by any thread: no mapping.

    Attributes:
        held: how many bytes are there; less than `size` for the beginning of a longer file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._one_reads = threading.Lock()
        try:
            self._fd = os.open(path, os.O_RDONLY | NO_WAITING | AS_IT_IS)
        except OSError as error:
            raise _not_opened(path, error) from error
        status = os.fstat(self._fd)
        if not stat.S_ISREG(status.st_mode):
            self.close()
            raise InspectorError("file.not_a_file", path=str(path))
        named = _BEGINNING.fullmatch(path.name)
        self._name = whole_name(path)
        self.held = status.st_size
        self._size = max(int(named["size"]), self.held) if named else self.held
        self.stamp = Stamp(str(path), status.st_size, status.st_mtime_ns, status.st_ino)

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self._name

    @property
    def size(self) -> int:
        """Length in bytes when it was opened."""
        return self._size

    def read(self, offset: int, length: int) -> bytes:
        """Returns exactly `length` bytes from `offset` on.

        Raises:
            InspectorError: `gguf.not_fetched`, where only the file's beginning is here.
        """
        if self.held < self._size and offset + length > self.held:
            raise InspectorError(NOT_FETCHED, path=self.name, needs=offset + length)
        try:
            data = self._read(offset, length)
            while len(data) < length:
                more = self._read(offset + len(data), length - len(data))
                if not more:
                    raise InspectorError("gguf.changed", path=self.name)
                data += more
        except OSError as error:
            raise InspectorError("file.unreadable", str(error), path=self.name) from error
        return data

    def _read(self, offset: int, length: int) -> bytes:
        if hasattr(os, "pread"):
            there: bytes = os.pread(self._fd, length, offset)
            return there
        with self._one_reads:
            os.lseek(self._fd, offset, os.SEEK_SET)
            return os.read(self._fd, length)

    def check_unchanged(self) -> None:
        """Raises `gguf.changed` if the file was written to or replaced since it was opened."""
        try:
            status = self.path.stat()
        except OSError as error:
            raise InspectorError("gguf.changed", str(error), path=self.name) from error
        present = Stamp(str(self.path), status.st_size, status.st_mtime_ns, status.st_ino)
        if present != self.stamp:
            raise InspectorError("gguf.changed", path=self.name)

    def close(self) -> None:
        """Closes the file; doing so twice is harmless."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def held(source: Bytes) -> int:
    """Returns how many bytes of a source can be read."""
    return source.held if isinstance(source, FileBytes) else source.size


class CountedBytes:
    """Passes reads on and adds up how many bytes were asked for: the cost of a look from afar."""

    def __init__(self, source: Bytes) -> None:
        self._source = source
        self.asked = 0

    @property
    def name(self) -> str:
        """The source's name."""
        return self._source.name

    @property
    def size(self) -> int:
        """The source's length in bytes."""
        return self._source.size

    def read(self, offset: int, length: int) -> bytes:
        """Returns exactly `length` bytes from `offset` on, and counts them."""
        self.asked += length
        return self._source.read(offset, length)

    def close(self) -> None:
        """Closes the source."""
        self._source.close()


def _not_opened(path: Path, error: OSError) -> InspectorError:
    """Says why a file could not be opened."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return InspectorError("file.missing", str(error), path=str(path))
    if isinstance(error, IsADirectoryError) or os.path.isdir(path):  # noqa: PTH112 - never fails
        # Windows says of a folder that it may not be opened.
        return InspectorError("file.not_a_file", str(error), path=str(path))
    if isinstance(error, PermissionError):
        return InspectorError("file.no_permission", str(error), path=str(path))
    return InspectorError("file.unreadable", str(error), path=str(path))
