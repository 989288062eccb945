"""Files of our own by their number, alike on every system: opened, and read and written at a place.

A system that lacks one of these calls gets the same out of smaller ones. A file opened here is
never handed to a new process, and its bytes are nowhere taken for lines of text.
"""

import errno
import os
import shutil
from pathlib import Path

AS_IT_IS = getattr(os, "O_BINARY", 0)
"""Windows reads lines of text otherwise, and writes an end of line as two bytes."""


def open_itself(path: str | Path, flags: int, mode: int = 0o600) -> int:
    """Opens a file under its own name: what a link of that name leads to is never touched.

    Where the system has no flag for it, the name is looked at before and after; a link that is put
    there in between can have an empty file made, and nothing more.

    Raises:
        OSError: with ELOOP, where the name is a link's.
    """
    if hasattr(os, "O_NOFOLLOW"):
        return os.open(path, flags | AS_IT_IS | os.O_NOFOLLOW, mode)
    if os.path.islink(path):  # noqa: PTH114 - callers have texts and paths
        raise _is_a_link(path)
    descriptor = os.open(path, (flags | AS_IT_IS) & ~os.O_TRUNC, mode)
    try:
        if not os.path.samestat(os.lstat(path), os.fstat(descriptor)):
            raise _is_a_link(path)
        if flags & os.O_TRUNC:
            os.ftruncate(descriptor, 0)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def read_at(descriptor: int, length: int, offset: int) -> bytes:
    """Returns up to so many bytes from a place on; where a file stands may change by it.

    Thread: one at a time for a file.
    """
    if hasattr(os, "pread"):
        there: bytes = os.pread(descriptor, length, offset)
        return there
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, length)


def write_at(descriptor: int, data: bytes | memoryview, offset: int) -> int:
    """Writes bytes at a place; returns how many it took. Else as `read_at`."""
    if hasattr(os, "pwrite"):
        taken: int = os.pwrite(descriptor, data, offset)
        return taken
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.write(descriptor, data)


def free_bytes(folder: Path, descriptor: int | None = None) -> int:
    """Returns how many bytes this person may still write there.

    Args:
        folder: where.
        descriptor: of a file there, which is asked instead where the system can: it tells even
            when the folder's name has gone.
    """
    if descriptor is not None and hasattr(os, "statvfs"):
        return shutil.disk_usage(descriptor).free
    return shutil.disk_usage(folder).free


def _is_a_link(path: str | Path) -> OSError:
    return OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
