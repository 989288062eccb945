"""Cards, licences and listings, kept as they were when they were fetched: hashed and dated."""

import time
from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from runner.store.rows import Row, storable
from runner.store.turns import Db
from runner.store.writer import Database

CARD = "README.md"
LISTING = "listing"
"""Not a file: the repository's files with sizes and hashes, as the Hub told them, in JSON."""

SAID = "said"
"""Not a file: what the Hub itself says of a repository, in JSON."""


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A text of a repository at a commit.

    Attributes:
        name: its path in the repository, or `LISTING`, or `SAID`.
        sha256: of the text in UTF-8.
    """

    repository: str
    commit: str
    name: str
    text: str
    sha256: str = ""
    fetched: float = 0.0


class Papers:
    """What was fetched besides models.

    Owned by: Store. Thread: any.
    """

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def keep(self, repository: str, commit: str, name: str, text: str) -> "Future[None]":
        """Keeps a text; the same one again keeps the date of the first time."""
        text = storable(text)
        import hashlib  # late: OpenSSL behind it takes two milliseconds of a start

        digest = hashlib.sha256(text.encode()).hexdigest()

        def work(db: Db) -> None:
            db.execute(
                "INSERT OR IGNORE INTO paper "
                "(repository, commit_id, name, text, sha256, fetched) VALUES (?, ?, ?, ?, ?, ?)",
                (repository, commit, name, text, digest, self._now()),
            )

        return self._database.write(work)

    def of(self, repository: str, commit: str = "") -> list[Paper]:
        """Returns the texts of a repository, the latest first; of all commits where none is named."""
        with self._database.reading() as db:
            rows = db.execute(
                f"{_QUERY} WHERE repository = ? AND (? = '' OR commit_id = ?) ORDER BY id DESC",
                (repository, commit, commit),
            )
            return [_paper(row) for row in rows]

    def latest(self, repository: str, name: str) -> Paper | None:
        """Returns the text that was fetched last under a name."""
        with self._database.reading() as db:
            row = db.execute(
                f"{_QUERY} WHERE repository = ? AND name = ? ORDER BY id DESC LIMIT 1",
                (repository, name),
            ).fetchone()
            return _paper(row) if row else None


_QUERY = "SELECT repository, commit_id, name, text, sha256, fetched FROM paper"


def _paper(row: Row) -> Paper:
    repository, commit, name, text, sha256, fetched = row
    return Paper(
        repository=repository,
        commit=commit,
        name=name,
        text=text,
        sha256=sha256,
        fetched=fetched,
    )
