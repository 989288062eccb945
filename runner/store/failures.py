"""SQLite's errors and the system's, as codes that have words."""

import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.errors import RunnerError

_OF_FILES = {"store.disk_full": "files.disk_full", "store.read_only": "files.read_only"}

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def failures_named(path: Path | None, area: str = "store") -> Iterator[None]:
    """Turns an error of SQLite or of the file system into one with a code of `area`.

    `store` is for the file with the chats; `files` for one that a person wants written elsewhere.
    """
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        raise named(error, path, area) from error


def named(
    error: sqlite3.Error | OSError | UnicodeDecodeError, path: Path | None, area: str = "store"
) -> RunnerError:
    """Returns the error with its code; `path` is the file that it is about."""
    where = str(path) if path else ""
    if isinstance(error, UnicodeDecodeError):
        # A damaged schema: SQLite quotes it in its message, and Python fails to read that.
        code = "store.corrupt"
    elif isinstance(error, OSError):
        code = _code_of_system(error)
    else:
        code = _code_of_sqlite(error, path)
    if area == "files":
        code = _OF_FILES.get(code, "files.cannot_write")
    if code.endswith("disk_full") and path:
        return RunnerError(code, str(error), path=where, free_mb=free_bytes(path) // 1_000_000)
    return RunnerError(code, str(error), path=where)


def free_bytes(path: Path) -> int:
    """Returns how many bytes this user may still write where `path` lies; 0 where unknown."""
    try:
        return shutil.disk_usage(path if path.is_dir() else path.parent).free
    except OSError:
        return 0


def _code_of_system(error: OSError) -> str:
    if error.errno in FULL:
        return "store.disk_full"
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return "store.read_only"
    return "store.cannot_write"


_BY_NAME = {
    "SQLITE_FULL": "store.disk_full",
    "SQLITE_READONLY": "store.read_only",
    "SQLITE_CANTOPEN": "store.cannot_open",
    "SQLITE_PERM": "store.read_only",
    "SQLITE_CORRUPT": "store.corrupt",
    "SQLITE_NOTADB": "store.corrupt",
    "SQLITE_BUSY": "store.in_use",
    "SQLITE_LOCKED": "store.in_use",
    "SQLITE_TOOBIG": "store.too_big",
    "SQLITE_IOERR": "store.cannot_write",
}


def _code_of_sqlite(error: sqlite3.Error, path: Path | None) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    for known, code in _BY_NAME.items():
        if name == known or name.startswith(f"{known}_"):
            # SQLite reports a used-up quota as a failed write; only the system can tell.
            if code == "store.cannot_write" and path and _is_full(path.parent):
                return "store.disk_full"
            return code
    if isinstance(error, sqlite3.DataError):
        return "store.too_big"
    return "store.failed"


def _is_full(folder: Path) -> bool:
    """Tries to write a little, because free space says nothing about quotas."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(os.urandom(64 * 1024))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return error.errno in FULL
    return False
