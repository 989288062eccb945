"""Sockets below this person's own folder, where a window listens. Knows no Qt."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST_NAME = 107
"""The kernel has 108 bytes for a socket's name, and other programs a zero at its end."""


def make_own(folder: Path) -> None:
    """Makes the folder where it is missing.

    Raises:
        OSError: it can't be made, or another person could write to it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.getuid() or seen.st_mode & 0o022:
        raise PermissionError(f"{folder} is not this person's alone")


@contextmanager
def short_name(path: Path) -> Iterator[str]:
    """Yields a name of a socket that the kernel has room for.

    Under the porter, which connects in a window's stead, a socket with a name that had to be shortened
    can be listened on and not be connected to: it leads through a descriptor of another process.
    """
    if len(os.fsencode(path)) <= LONGEST_NAME:
        yield str(path)
        return
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{path.name}"
    finally:
        os.close(descriptor)
