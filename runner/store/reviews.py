"""What a reviewer said of findings on models: one entry for each model and part."""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future

from runner.store.claims import LARGEST_ENTRY, JudgedFile
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
            rows = db.execute(f"{_QUERY} ORDER BY changed, id", _which(file)).fetchall()
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
        if len(entry) > LARGEST_ENTRY:
            raise ValueError(f"an entry of {len(entry)} characters")
        return self._database.write(lambda db: self._put(db, file, part, entry))

    def take_back(self, file: JudgedFile, part: str) -> "Future[None]":
        """Forgets the entry on a part."""

        def work(db: Db) -> None:
            db.execute(_DELETE, (*_which(file), part))

        return self._database.write(work, essential=True)

    def take_in(self, kept: Iterable[tuple[JudgedFile, Mapping[str, str]]]) -> "Future[int]":
        """Takes in entries from elsewhere, all or none; what is here already stays. Returns how many."""
        every = [(file, dict(entries)) for file, entries in kept]

        def work(db: Db) -> int:
            taken = 0
            for file, entries in every:
                here = dict(db.execute(_QUERY, _which(file)).fetchall())
                for part, entry in entries.items():
                    if part not in here:
                        self._put(db, file, part, entry)
                        taken += 1
            return taken

        return self._database.write(work)

    def _put(self, db: Db, file: JudgedFile, part: str, entry: str) -> None:
        db.execute(_DELETE, (*_which(file), part))
        row = (storable(file.name), file.size, file.sha256, part, storable(entry), self._now())
        db.execute(_INSERT, row)


# A hash decides where both sides have one; a file that was hashed meanwhile keeps what was said.
_WHICH = """
((? <> '' AND file_sha256 = ?)
 OR (file_name = ? AND file_size = ? AND (file_sha256 = '' OR ? = '')))
"""
_QUERY = f"SELECT part, entry FROM finding_review WHERE {_WHICH}"  # noqa: S608 - our own words
_DELETE = f"DELETE FROM finding_review WHERE {_WHICH} AND part = ?"  # noqa: S608 - our own words
_INSERT = (
    "INSERT INTO finding_review (file_name, file_size, file_sha256, part, entry, changed) "
    "VALUES (?, ?, ?, ?, ?, ?)"
)


def _which(file: JudgedFile) -> tuple[str, str, str, int, str]:
    return (file.sha256, file.sha256, storable(file.name), file.size, file.sha256)
