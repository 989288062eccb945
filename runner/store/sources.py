"""Where files came from: the repository and the commit, and the hash that was promised there."""

import time
from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from runner.store.rows import Row
from runner.store.turns import Db
from runner.store.values import FileId
from runner.store.writer import Database


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where a file came from.

    Attributes:
        path: in the repository.
        sha256: what the Hub listed.
        verified: when the file last had that hash; 0 where it had not when it was looked at last.
    """

    repository: str
    revision: str
    commit: str
    path: str
    sha256: str
    fetched: float = 0.0
    verified: float = 0.0


class Sources:
    """Where files came from.

    Owned by: Store. Thread: any.
    """

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def all(self) -> dict[FileId, Source]:
        """Returns the sources of all files that have one."""
        with self._database.reading() as db:
            return {FileId(row[0]): _source(row[1:]) for row in db.execute(_QUERY)}

    def of(self, file_id: FileId) -> Source | None:
        """Returns where a file came from; None where that is not known."""
        with self._database.reading() as db:
            row = db.execute(f"{_QUERY} WHERE file_id = ?", (file_id,)).fetchone()
            return _source(row[1:]) if row else None

    def keep(self, file_id: FileId, source: Source) -> "Future[None]":
        """Notes that a file was fetched and verified now."""

        def work(db: Db) -> None:
            now = self._now()
            db.execute(
                "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    file_id,
                    source.repository,
                    source.revision,
                    source.commit,
                    source.path,
                    source.sha256,
                    now,
                    now,
                ),
            )

        return self._database.write(work)

    def verified(self, file_id: FileId, *, matches: bool) -> "Future[None]":
        """Notes whether a file has the promised hash now."""

        def work(db: Db) -> None:
            when = self._now() if matches else 0.0
            db.execute("UPDATE source SET verified = ? WHERE file_id = ?", (when, file_id))

        return self._database.write(work)


_QUERY = """
SELECT file_id, repository, revision, commit_id, path, sha256, fetched, verified FROM source
"""


def _source(row: Row) -> Source:
    repository, revision, commit, path, sha256, fetched, verified = row
    return Source(
        repository=repository,
        revision=revision,
        commit=commit,
        path=path,
        sha256=sha256,
        fetched=fetched,
        verified=verified,
    )
