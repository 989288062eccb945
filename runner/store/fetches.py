"""Models that are to arrive: each is one wish, for a file or for all files of a split set."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from enum import StrEnum
from pathlib import Path
from typing import NewType

import msgspec

from runner.store.rows import Row
from runner.store.turns import Db
from runner.store.writer import Database

FetchId = NewType("FetchId", int)


class FetchState(StrEnum):
    """How far a fetch is."""

    WAITING = "waiting"
    RUNNING = "running"
    STALLED = "stalled"
    VERIFYING = "verifying"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = frozenset(
    {FetchState.WAITING, FetchState.RUNNING, FetchState.STALLED, FetchState.VERIFYING}
)
"""States from which a fetch goes on by itself, also after a kill."""


class FetchFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is wanted.

    Attributes:
        path: in the repository.
        sha256: what it must have; empty for a small file, which has `blob`, git's name of it.
        there: it has come whole, and lies under its name.
    """

    path: str
    size: int
    sha256: str = ""
    blob: str = ""
    there: bool = False


class FetchError(msgspec.Struct, frozen=True, kw_only=True):
    """Why a fetch failed or waits: a code that has words."""

    code: str = ""
    detail: str = ""
    context: dict[str, str | int | float] = {}


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    """One wish.

    Attributes:
        files: in their order; the first stands for the model.
        folder: the models folder that they go to.
        done: how many bytes had come when somebody looked last.
        why: the reason in words, for the ledger.
        who: asked for it, for the ledger; empty for whoever fetches it. Not kept: whoever goes on
            with a fetch after a new start asks for it then.
    """

    id: FetchId
    repository: str
    revision: str
    commit: str
    files: tuple[FetchFile, ...]
    folder: str
    state: FetchState = FetchState.WAITING
    done: int = 0
    error: FetchError = FetchError()
    why: str = ""
    who: str = ""
    added: float = 0.0
    changed: float = 0.0

    @property
    def size(self) -> int:
        """How many bytes all files have."""
        return sum(file.size for file in self.files)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where the files lie once they are there."""
        return tuple(Path(self.folder, self.repository, file.path) for file in self.files)

    @property
    def path(self) -> Path:
        """Where the model lies once it is there: its first file."""
        return self.paths[0]


class FetchRows:
    """The fetches as they are kept.

    Owned by: Store. Thread: any.
    """

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def list(self) -> list[Fetch]:
        """Returns the fetches, oldest first."""
        with self._database.reading() as db:
            return [_fetch(row) for row in db.execute(f"{_QUERY} ORDER BY id")]

    def add(self, fetch: Fetch) -> "Future[Fetch]":
        """Keeps a new one, which gets its number."""

        def work(db: Db) -> Fetch:
            now = self._now()
            cursor = db.execute(
                "INSERT INTO fetch (repository, revision, commit_id, files, folder, state, why, "
                "added, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    fetch.repository,
                    fetch.revision,
                    fetch.commit,
                    msgspec.json.encode(fetch.files).decode(),
                    fetch.folder,
                    fetch.state.value,
                    fetch.why,
                    now,
                    now,
                ),
            )
            number = FetchId(cursor.lastrowid or 0)
            return msgspec.structs.replace(fetch, id=number, added=now, changed=now)

        return self._database.write(work)

    def keep(self, fetch: Fetch) -> "Future[None]":
        """Writes how far a fetch is; one that was removed stays so."""

        def work(db: Db) -> None:
            db.execute(
                "UPDATE fetch SET files = ?, state = ?, done = ?, error = ?, changed = ? "
                "WHERE id = ?",
                (
                    msgspec.json.encode(fetch.files).decode(),
                    fetch.state.value,
                    fetch.done,
                    msgspec.json.encode(fetch.error).decode() if fetch.error.code else "",
                    self._now(),
                    fetch.id,
                ),
            )

        return self._database.write(work, essential=True)

    def remove(self, number: FetchId) -> "Future[None]":
        """Drops the record of a fetch."""

        def work(db: Db) -> None:
            db.execute("DELETE FROM fetch WHERE id = ?", (number,))

        return self._database.write(work, essential=True)


_QUERY = """
SELECT id, repository, revision, commit_id, files, folder, state, done, error, why, added, changed
FROM fetch
"""


def _fetch(row: Row) -> Fetch:
    id_, repository, revision, commit, files, folder, state, done, error, why, added, changed = row
    return Fetch(
        id=FetchId(id_),
        repository=repository,
        revision=revision,
        commit=commit,
        files=msgspec.json.decode(files, type=tuple[FetchFile, ...]),
        folder=folder,
        state=FetchState(state),
        done=done,
        error=msgspec.json.decode(error, type=FetchError) if error else FetchError(),
        why=why,
        added=added,
        changed=changed,
    )
