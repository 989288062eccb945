"""The store: one database, its lock, and the parts that read and write it."""

import sqlite3
from pathlib import Path
from typing import Self

from runner.errors import RunnerError
from runner.store import turns
from runner.store.chats import Chats
from runner.store.db import open_for_writing, open_in_memory
from runner.store.failures import failures_named
from runner.store.files import Files
from runner.store.lock import WriterLock
from runner.store.search import Search
from runner.store.writer import Database

UNDO_DAYS = 30
"""How long a deleted chat can be restored."""

_REFUSES_TO_SHARE = "store.in_use"


class Store:
    """Everything that must outlive the app.

    Owned by: whoever opens it, who also closes it. Thread: any.

    Attributes:
        chats: what is kept.
        files: the model files that are known.
        temporary: chats that are never written anywhere; gone when the store closes.
        is_kept: whether `chats` are on a disk at all.
        interrupted: how many answers were cut off when the app last ended.
    """

    def __init__(self, database: Database, lock: WriterLock | None, interrupted: int) -> None:
        self.database = database
        self._lock = lock
        self._memory: Database | None = None
        self.chats = Chats(database)
        self.files = Files(database)
        self.interrupted = interrupted

    @classmethod
    def open(cls, path: Path) -> Self:
        """Opens the database at `path`, made or brought up to date where needed.

        Raises:
            RunnerError: `store.in_use`, `store.newer`, `store.not_ours`, `store.corrupt`,
                `store.read_only`, `store.disk_full` and others; the file is then as it was.
        """
        lock = WriterLock(path.with_name("writer.lock"))
        try:
            db = open_for_writing(path)
            interrupted = _end_interrupted(db, path)
        except BaseException:
            lock.release()
            raise
        store = cls(Database(db, path), lock, interrupted)
        store.chats.purge(older_than_s=UNDO_DAYS * 24 * 3600)
        return store

    @classmethod
    def in_memory(cls) -> Self:
        """Opens an empty store that keeps nothing."""
        return cls(Database(open_in_memory(), None), None, 0)

    @classmethod
    def open_or_memory(cls, path: Path) -> tuple[Self, RunnerError | None]:
        """Opens the database, or a store in memory with the reason why nothing will be kept.

        Raises:
            RunnerError: `store.in_use`, which the caller answers by raising the other window.
        """
        try:
            return cls.open(path), None
        except RunnerError as error:
            if error.code == _REFUSES_TO_SHARE:
                raise
            return cls.in_memory(), error

    @property
    def is_kept(self) -> bool:
        """Whether what is written outlives the app."""
        return self.database.path is not None

    @property
    def temporary(self) -> Chats:
        """Chats that are never stored; the same doors, a database in memory."""
        if self._memory is None:
            self._memory = Database(open_in_memory(), None)
        return Chats(self._memory)

    def open_search(self) -> Search:
        """Returns a search over the kept chats; whoever asked for it closes it."""
        return Search(self.database)

    def close(self) -> None:
        """Writes what is waiting and lets go of the files; may be called twice."""
        self.database.close()
        if self._memory:
            self._memory.close()
        if self._lock:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _end_interrupted(db: sqlite3.Connection, path: Path) -> int:
    """Ends the answers that a kill cut off; closes `db` where that fails."""
    try:
        with failures_named(path):
            return turns.end_interrupted(db)
    except RunnerError:
        db.close()
        raise
