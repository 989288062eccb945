"""The store: one database, its lock, and the parts that read and write it."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from runner.errors import RunnerError
from runner.store import turns
from runner.store.benches import Benches
from runner.store.chats import Chats
from runner.store.claims import ClaimVerdicts
from runner.store.db import copy_for_reading, open_for_writing, open_in_memory
from runner.store.failures import failures_named
from runner.store.fetches import FetchRows
from runner.store.files import Files
from runner.store.fingerprints import Fingerprints
from runner.store.ledger import Ledger
from runner.store.lock import WriterLock, lock_of
from runner.store.memory import MemoryUses
from runner.store.papers import Papers
from runner.store.reviews import FindingReviews
from runner.store.sources import Sources
from runner.store.states import KeptStates
from runner.store.writer import Database

if TYPE_CHECKING:
    from runner.store.restoring import Restored
    from runner.store.search import Search

T = TypeVar("T")

UNDO_DAYS = 30
"""How long a deleted chat can be restored."""

_REFUSES_TO_SHARE = "store.in_use"
_STILL_READABLE = frozenset({"store.read_only", "store.disk_full", "store.cannot_write"})


class Store:
    """Everything that must outlive the app.

    Owned by: whoever opens it, who also closes it. Thread: any.

    Attributes:
        chats: what is kept.
        files: the model files that are known, and `sources` where they came from.
        fetches: the models that are to arrive.
        papers: cards, licences and listings as they were when they were fetched.
        ledger: what left this machine, and why; a restore does not touch what it holds.
        states: what engines held of chats, so that an old chat goes on at once.
        claims: what people said of claims about model files.
        reviews: what reviewers said of findings on models.
        memory: what models need of this machine, as worked out and as seen.
        fingerprints: what lists show of how open models are; can be made again.
        benches: what was measured of models on harmless requests.
        temporary: chats that are never written anywhere; gone when the store closes.
        is_kept: whether `chats` are on a disk at all.
        interrupted: how many answers were cut off when the app last ended.
    """

    def __init__(self, database: Database, lock: WriterLock | None, interrupted: int) -> None:
        self.database = database
        self._lock = lock
        self._memory: Database | None = None
        self._listeners: list[Callable[[], object]] = []
        self.chats = Chats(database)
        self.files = Files(database)
        self.sources = Sources(database)
        self.fetches = FetchRows(database)
        self.papers = Papers(database)
        self.claims = ClaimVerdicts(database)
        self.reviews = FindingReviews(database)
        self.memory = MemoryUses(database)
        self.benches = Benches(database)
        self.fingerprints = Fingerprints(database)
        self.ledger = Ledger(database)
        self.states = KeptStates(database)
        self.interrupted = interrupted

    @classmethod
    def open(cls, path: Path) -> Self:
        """Opens the database at `path`, made or brought up to date where needed.

        Raises:
            RunnerError: `store.in_use`, `store.newer`, `store.not_ours`, `store.corrupt`,
                `store.read_only`, `store.disk_full` and others; the file is then as it was.
        """
        lock = WriterLock(lock_of(path))
        try:
            db = open_for_writing(path)
            interrupted = _end_interrupted(db, path)
        except BaseException:
            lock.release()
            raise
        store = cls(Database(db, path), lock, interrupted)
        store.purge(older_than_s=UNDO_DAYS * 24 * 3600)
        return store

    @classmethod
    def in_memory(cls) -> Self:
        """Opens an empty store that keeps nothing."""
        return cls(Database(open_in_memory(), None), None, 0)

    @classmethod
    def open_or_memory(cls, path: Path) -> tuple[Self, RunnerError | None]:
        """Opens the database, or a store in memory with the reason why nothing will be kept.

        Where the database can be read and not written, its chats are in the store in memory too.

        Raises:
            RunnerError: `store.in_use`, which the caller answers by raising the other window.
        """
        try:
            return cls.open(path), None
        except RunnerError as error:
            if error.code == _REFUSES_TO_SHARE:
                raise
            db = open_in_memory()
            if error.code in _STILL_READABLE:
                copy_for_reading(path, db)
            return cls(Database(db, None), None, 0), error

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

    def purge(self, *, older_than_s: float = 0) -> "Future[int]":
        """Removes deleted chats and turns for good; returns how many of both.

        Goes on a thread of its own until neither the search index, nor SQLite's side file, nor
        what engines held has anything left of them.
        """

        def work() -> int:
            removed = self.chats.purge(older_than_s=older_than_s).result()
            if removed:
                from runner.store.search import forget_words

                forget_words(self.database)
                self.states.sweep()
            return removed

        return _on_a_thread(work, name="purge")

    def back_up(self, target: Path, settings: str = "") -> "Future[None]":
        """Writes everything and the settings' text to one file, on a thread of its own."""

        def work() -> None:
            from runner.store.backup import write_backup

            with self.database.reading() as db:
                write_backup(db, target, settings)

        return _on_a_thread(work)

    def restore(self, source: Path, settings: str = "") -> "Future[Restored]":
        """Replaces everything by what is in a backup, once all of it was checked.

        What was there before, with the text of the present settings, is kept as a backup beside the
        database. Chats that are on show must be read again: their numbers may mean others now.

        Raises:
            RunnerError: with the future: a code of `runner.store.backup`; nothing has changed.
        """

        def work() -> "Restored":
            from runner.store import restoring  # late, as `backup`: a start needs neither

            restored = restoring.restore(self.database, self.ledger, source, settings)
            for told in self._listeners:
                told()
            return restored

        return _on_a_thread(work)

    def when_replaced(self, told: "Callable[[], object]") -> None:
        """Calls `told` after each restore, on the restore's thread: what was read is out of date."""
        self._listeners.append(told)

    def open_search(self) -> "Search":
        """Returns a search over the kept chats; whoever asked for it closes it."""
        from runner.store.search import Search  # late: a start searches nothing

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


def _on_a_thread(work: "Callable[[], T]", *, name: str = "backup") -> "Future[T]":
    """Does something long beside everything else."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever holds the future
            future.set_exception(error)

    threading.Thread(target=run, name=name).start()
    return future
