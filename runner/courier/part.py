"""What has come of a file so far: its bytes on the disk, and their hash as far as they go.

The hash is never taken over from a time before: who goes on with a part reads it first.
"""

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runner.errors import RunnerError
from runner.own_files import free_bytes, open_itself, read_at, write_at

BLOCK = 1024 * 1024
LOOK_AFTER = 32 * BLOCK
"""How many bytes are written between two looks at the free space."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

Tell = Callable[[int], None]
Unwanted = Callable[[], bool]


class PartFile:
    """A file that is arriving.

    Thread: the work thread.

    Args:
        path: where it lies until it is whole; a link there is refused.
        size: of the whole.
        sha256: what the whole must have; empty for a small file, which has `blob` instead.
        blob: git's name of the whole, a SHA-1 over its length and content.

    Attributes:
        length: how many bytes are there and hashed.
        end: how many are there; those that `take` has not had yet are beyond `length`.
        keep_free: how many bytes of the disk stay free.
        beside: returns how many bytes of the rest lie beside it already.
    """

    def __init__(self, path: Path, size: int, sha256: str, blob: str) -> None:
        self.path = path
        self.size = size
        self.length = 0
        self._wanted = sha256 or blob
        self._is_blob = not sha256
        self.keep_free = 0
        self.beside: Callable[[], int] = int
        self.end = 0
        self._looked_at = 0
        self._hash = self._new_hash()
        try:
            self._descriptor = open_itself(path, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise not_written(error, path) from error
        found = os.fstat(self._descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
            # Somebody else's name for these bytes would change along with ours.
            os.close(self._descriptor)
            raise RunnerError("fetch.bad_part", str(path), path=str(path))
        self.on_disk = found.st_size

    def read_what_is_there(self, tell: Tell, unwanted: Unwanted) -> None:
        """Hashes the bytes of an earlier time; of more than the whole none is believed."""
        if self.on_disk > self.size:
            self.start_again()
        while self.length < self.on_disk and not unwanted():
            data = read_at(self._descriptor, BLOCK, self.length)
            if not data:
                break
            self._hash.update(data)
            self.length += len(data)
            self.end = self.length
            tell(self.length)

    def is_there(self) -> bool:
        """Says whether the file is still the one that was opened, and as long as it was left."""
        try:
            found, held = self.path.lstat(), os.fstat(self._descriptor)
        except OSError:
            return False
        same = (found.st_dev, found.st_ino) == (held.st_dev, held.st_ino)
        return same and held.st_size == self.length

    def sync(self) -> None:
        """Brings what was written so far to the disk; the rest is quick at the end. Thread: any."""
        with contextlib.suppress(OSError):  # what matters is that the last one succeeds
            getattr(os, "fdatasync", os.fsync)(self._descriptor)

    def start_again(self) -> None:
        """Drops everything that has come."""
        os.ftruncate(self._descriptor, 0)
        self.length = self.on_disk = self.end = self._looked_at = 0
        self._hash = self._new_hash()

    def look_for_room(self) -> None:
        """Looks whether the rest fits.

        Raises:
            RunnerError: `fetch.no_space`.
        """
        self._looked_at = self.end
        free = free_bytes(self.path.parent, self._descriptor)
        needed = self._needed()
        if free < needed:
            raise no_space(self.path.parent, free, needed)

    def write(self, data: memoryview | bytes) -> None:
        """Adds bytes at the end, and hashes them.

        Raises:
            RunnerError: `fetch.no_space`, `fetch.cannot_write`.
        """
        before = self.end
        try:
            self.put(data)
        finally:
            self.take(memoryview(data)[: self.end - before])

    def put(self, data: memoryview | bytes) -> None:
        """Adds bytes at the end; `take` must have those that `end` counts then. Thread: one.

        Raises:
            RunnerError: `fetch.no_space`, `fetch.cannot_write`.
        """
        left = memoryview(data)
        try:
            while left:
                written = write_at(self._descriptor, left, self.end)
                self.end += written
                left = left[written:]
        except OSError as error:
            raise not_written(error, self.path, self._needed()) from error
        if self.end - self._looked_at >= LOOK_AFTER:
            self.look_for_room()

    def take(self, data: memoryview | bytes) -> None:
        """Hashes bytes that `put` has written, in their order. Thread: one."""
        self._hash.update(data)
        self.length += len(data)

    def finish(self) -> None:
        """Puts the whole on the disk, if it is what it should be; else drops it.

        Raises:
            RunnerError: `fetch.wrong_hash`, `fetch.no_space`, `fetch.cannot_write`.
        """
        found = self._hash.hexdigest()
        if self.length != self.size or found != self._wanted:
            self.start_again()
            raise RunnerError("fetch.wrong_hash", f"{found} instead of {self._wanted}")
        try:
            os.ftruncate(self._descriptor, self.size)
            os.fsync(self._descriptor)
        except OSError as error:
            raise not_written(error, self.path) from error

    def close(self) -> None:
        """Lets go of the file, which stays as it is; may be called twice."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _needed(self) -> int:
        """Returns how many bytes must be free for the rest, and for what stays free."""
        return self.size - self.end - self.beside() + self.keep_free

    def _new_hash(self) -> Any:
        if self._is_blob:
            # Git's own way of naming a content; nobody relies on it against an attacker here.
            return hashlib.sha1(f"blob {self.size}\0".encode(), usedforsecurity=False)
        return hashlib.sha256()


def no_space(path: Path, free: int, needed: int) -> RunnerError:
    """Returns the error that says how much room is missing in the folder that a path lies in."""
    mb = 1_000_000
    return RunnerError(
        "fetch.no_space",
        f"{free} of {needed} bytes",
        folder=str(path.parent),
        free_mb=free // mb,
        missing_mb=max(1, -((free - needed) // mb)),
    )


def not_written(error: OSError, path: Path, needed: int = 0) -> RunnerError:
    """Returns the error for what the system did not write, of so many bytes.

    A part lies in a folder of its own; the one around it is what a person knows.
    """
    if error.errno in FULL:
        try:
            free = free_bytes(path.parent)
        except OSError:
            free = 0
        return no_space(path.parent, free, max(needed, free + 1))
    return RunnerError("fetch.cannot_write", str(error), folder=str(path.parent))
