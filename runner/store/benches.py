"""What was measured of models on harmless requests: one entry for each time it was measured."""

import time
from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from runner.store.judged_file import WHICH, JudgedFile, entry_text, which
from runner.store.rows import Row, storable
from runner.store.turns import Db
from runner.store.writer import Database

LARGEST_RESULT = 2 * 1024 * 1024
"""Characters of one entry: five hundred short answers with their prompts."""


class KeptBench(msgspec.Struct, frozen=True, kw_only=True):
    """One result.

    Attributes:
        id: names it in the database.
        entry: JSON of whoever wrote it; this store does not read it.
        began: when it was measured, in seconds since 1970.
    """

    id: int
    entry: str
    began: float


class Benches:
    """Results of benches.

    Owned by: Store. Thread: any; callbacks of futures run on the store's thread.
    """

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def of(self, file: JudgedFile) -> list[KeptBench]:
        """Returns what was measured of a file, the latest first."""
        with self._database.reading() as db:
            rows = db.execute(f"{_QUERY} ORDER BY began DESC, id DESC", which(file)).fetchall()
        return [_kept(row) for row in rows]

    def add(self, file: JudgedFile, entry: str) -> "Future[KeptBench]":
        """Keeps a result.

        Raises:
            ValueError: the entry is too long, at once.
        """
        text = entry_text(entry, LARGEST_RESULT)

        def work(db: Db) -> KeptBench:
            began = self._now()
            row = (storable(file.name), file.size, file.sha256, text, began)
            number = db.execute(_INSERT, row).lastrowid
            return KeptBench(id=number or 0, entry=text, began=began)

        return self._database.write(work)

    def change(self, number: int, entry: str) -> "Future[None]":
        """Keeps another entry in a result's place: a person marked its answers.

        Raises:
            ValueError: the entry is too long, at once.
        """
        text = entry_text(entry, LARGEST_RESULT)

        def work(db: Db) -> None:
            db.execute("UPDATE bench_result SET entry = ? WHERE id = ?", (text, number))

        return self._database.write(work)

    def forget(self, number: int) -> "Future[None]":
        """Drops a result."""

        def work(db: Db) -> None:
            db.execute("DELETE FROM bench_result WHERE id = ?", (number,))

        return self._database.write(work, essential=True)


_QUERY = f"SELECT id, entry, began FROM bench_result WHERE {WHICH}"  # noqa: S608 - our own words
_INSERT = (
    "INSERT INTO bench_result (file_name, file_size, file_sha256, entry, began) "
    "VALUES (?, ?, ?, ?, ?)"
)


def _kept(row: Row) -> KeptBench:
    number, entry, began = row
    return KeptBench(id=number, entry=entry, began=began)
