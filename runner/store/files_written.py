"""Files written whole or not at all."""

import os
import tempfile
from pathlib import Path

from runner.store.failures import failures_named


def write_whole(path: Path, content: bytes | bytearray, *, mode: int = 0o600) -> None:
    """Writes the file at `path` so that it is the old one or the new one, whatever happens.

    Raises:
        RunnerError: `files.disk_full`, `files.read_only` or `files.cannot_write`.
    """
    with failures_named(path, "files"):
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        unfinished = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.chmod(mode)
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Brings a file's content to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder last as well as the content of its files."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
