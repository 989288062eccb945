"""A few megabytes held in reserve, given up when the disk is full.

SQLite needs room even to delete. Without the ballast a full disk could neither take the end of an
answer nor let a person make room by deleting chats.
"""

import os
from contextlib import suppress
from pathlib import Path

from runner.errors import RunnerError
from runner.library.paths import is_file
from runner.store.failures import free_bytes
from runner.store.files_written import write_whole

SIZE = 4 * 1024 * 1024
_ROOM_TO_REFILL = 16 * SIZE


class Ballast:
    """A file of `SIZE` bytes beside the database.

    Owned by: the writer. Thread: the writer's.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def is_there(self) -> bool:
        """Whether there is something left to give up."""
        return is_file(self._path)

    def release(self) -> bool:
        """Gives the room back to the disk; False where it had been given up before."""
        if not self.is_there:
            return False
        self._path.unlink()
        return True

    def refill(self) -> None:
        """Takes the room again where the disk has plenty; leaves things as they are otherwise."""
        if self.is_there or free_bytes(self._path) < _ROOM_TO_REFILL:
            return
        # Random bytes: a file system that compresses or skips zeros would hold nothing back.
        with suppress(RunnerError):
            write_whole(self._path, os.urandom(SIZE))
