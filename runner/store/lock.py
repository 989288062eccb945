"""The lock that keeps a database with one writing process."""

import os
import sys
from pathlib import Path
from typing import Self

from runner.errors import RunnerError
from runner.library.paths import make_private
from runner.own_files import read_at, write_at
from runner.store.failures import failures_named

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class WriterLock:
    """An advisory lock on a small file that names the process which holds it.

    The system lets go of it when the process ends, however it ends: a file left behind by a kill
    is not a lock. The process number inside is for people only.
    """

    def __init__(self, path: Path) -> None:
        """Takes the lock at `path`.

        Raises:
            RunnerError: `store.in_use` where another process has it.
        """
        self.path = path
        with failures_named(path):
            make_private(path.parent)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock(self._file):
            holder = read_at(self._file, 32, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise RunnerError("store.in_use", process=holder or "?")
        try:
            os.ftruncate(self._file, 0)
            write_at(self._file, f"{os.getpid()}\n".encode(), 0)
        except OSError:
            # A full disk takes no number; the lock holds all the same.
            pass

    def release(self) -> None:
        """Lets go of the lock; may be called twice."""
        if self._file >= 0:
            # The file stays: removing it would let two processes lock two files of one name.
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def _lock(descriptor: int) -> bool:
    """Tries to lock the file, without waiting."""
    try:
        if sys.platform == "win32":
            # One byte far behind the number: another process can still read who holds it.
            os.lseek(descriptor, 1 << 20, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def lock_of(path: Path) -> Path:
    """Returns where the lock of the database at `path` is."""
    return path.with_name("writer.lock")
