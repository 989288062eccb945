"""The one thread that writes to a database, and the connections that read from it."""

import atexit
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from runner.errors import RunnerError
from runner.store.ballast import Ballast
from runner.store.db import connect_for_reading
from runner.store.failures import failures_named, named

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

log = logging.getLogger(__name__)


class _Job(msgspec.Struct, Generic[T], frozen=True):
    """Something to write, whom to tell, and whether a full disk may not refuse it."""

    work: Work[T]
    future: "Future[T]"
    essential: bool
    alone: bool


class Database:
    """One database: a thread that writes, one transaction a job, and readers beside it.

    Owned by: Store. Thread: any may call; a future's callbacks run on the writing thread, so a
    caller with a thread of its own to keep to (Qt's) posts from them.
    """

    def __init__(self, db: sqlite3.Connection, path: Path | None) -> None:
        """Takes over the connection `db`; `path` is None for a database in memory."""
        self._db = db
        self.path = path
        self._one_at_a_time = threading.RLock()
        self._ballast = Ballast(path.with_name("ballast")) if path else None
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        # A process that ends without closing the store must not wait for its thread for ever; it
        # still writes what is waiting.
        self._thread = threading.Thread(target=self._write_all, name="store", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def write(self, work: Work[T], *, essential: bool = False, alone: bool = False) -> "Future[T]":
        """Does `work` in a transaction; the future is done once the commit is on the disk.

        Args:
            work: called with the connection on the writing thread; must not keep it.
            essential: finishes or deletes something; on a full disk the ballast goes first.
            alone: outside of a transaction, because the work has one of its own.
        """
        future: Future[T] = Future()
        with self._closing:
            if self._closed:
                future.set_exception(RunnerError("store.closed"))
            else:
                self._jobs.put(_Job(work, future, essential, alone))
        return future

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lends a connection for reading what has been committed."""
        if self.path is None:
            with self._one_at_a_time, failures_named(None):
                yield self._db
            return
        with failures_named(self.path):
            db = connect_for_reading(self.path)
            try:
                yield db
            finally:
                db.close()

    def close(self) -> None:
        """Writes what is waiting, then closes; may be called twice."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()
        atexit.unregister(self.close)

    def _write_all(self) -> None:
        if self._ballast:
            self._ballast.refill()
        while (job := self._jobs.get()) is not None:
            if job.future.set_running_or_notify_cancel():
                self._do(job)
        with self._one_at_a_time:
            try:
                self._db.execute("PRAGMA optimize")
            except sqlite3.Error:
                log.debug("no statistics were written", exc_info=True)
            self._db.close()

    def _do(self, job: _Job[Any]) -> None:
        try:
            with self._one_at_a_time:
                result = self._attempt(job)
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            job.future.set_exception(named(error, self.path))
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever holds the future
            job.future.set_exception(error)
        else:
            job.future.set_result(result)

    def _attempt(self, job: _Job[T]) -> T:
        """Does the job; where the disk is full, once more with the ballast's room."""
        try:
            result = job.work(self._db) if job.alone else self._in_transaction(job.work)
        except sqlite3.Error as error:
            full = named(error, self.path).code == "store.disk_full"
            if not (full and job.essential and self._ballast and self._ballast.release()):
                raise
            return self._in_transaction(job.work)
        if self._ballast and not self._ballast.is_there:
            self._ballast.refill()
        return result

    def _in_transaction(self, work: Work[T]) -> T:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            result = work(self._db)
            self._db.execute("COMMIT")
        except BaseException:
            # A full disk may have rolled back already.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        return result
