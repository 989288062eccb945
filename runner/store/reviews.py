"""What a reviewer said of findings on models: one entry for each model and part."""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future

from runner.store.judged_file import WHICH, JudgedFile, entry_text, which
from runner.store.rows import storable
from runner.store.turns import Db
from runner.store.writer import Database


class FindingReviews:
    """Reviewers' words on findings.

    Owned by: Store. Thread: any; callbacks of futures run on the store's thread.
    """

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def of(self, file: JudgedFile) -> dict[str, str]:
        """Returns the entries on a model by part, the oldest first."""
        with self._database.reading() as db:
            rows = db.execute(f"{_QUERY} ORDER BY changed, id", which(file)).fetchall()
        return dict(rows)

    def every(self) -> list[tuple[JudgedFile, str, str]]:
        """Returns all entries with their model and part, the oldest first."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT file_name, file_size, file_sha256, part, entry FROM finding_review "
                "ORDER BY changed, id"
            ).fetchall()
        return [
            (JudgedFile(name=row[0], size=row[1], sha256=row[2]), row[3], row[4]) for row in rows
        ]

    def put(self, file: JudgedFile, part: str, entry: str) -> "Future[None]":
        """Keeps an entry in place of an earlier one on the same part.

        Raises:
            ValueError: the entry is too long, at once.
        """
        text = entry_text(entry)
        return self._database.write(lambda db: self._put(db, file, part, text))

    def take_back(self, file: JudgedFile, part: str) -> "Future[None]":
        """Forgets the entry on a part."""

        def work(db: Db) -> None:
            db.execute(_DELETE, (*which(file), part))

        return self._database.write(work, essential=True)

    def take_in(self, kept: Iterable[tuple[JudgedFile, Mapping[str, str]]]) -> "Future[int]":
        """Takes in entries from elsewhere, all or none; what is here already stays. Returns how many."""
        every = [
            (file, {part: storable(entry) for part, entry in entries.items()})
            for file, entries in kept
        ]

        def work(db: Db) -> int:
            taken = 0
            for file, entries in every:
                here = dict(db.execute(_QUERY, which(file)).fetchall())
                for part, entry in entries.items():
                    if part not in here:
                        self._put(db, file, part, entry)
                        taken += 1
            return taken

        return self._database.write(work)

    def _put(self, db: Db, file: JudgedFile, part: str, text: str) -> None:
        db.execute(_DELETE, (*which(file), part))
        row = (storable(file.name), file.size, file.sha256, part, text, self._now())
        db.execute(_INSERT, row)


_QUERY = f"SELECT part, entry FROM finding_review WHERE {WHICH}"  # noqa: S608 - our own words
_DELETE = f"DELETE FROM finding_review WHERE {WHICH} AND part = ?"  # noqa: S608 - our own words
_INSERT = (
    "INSERT INTO finding_review (file_name, file_size, file_sha256, part, entry, changed) "
    "VALUES (?, ?, ?, ?, ?, ?)"
)
