"""What people said of claims about model files: verdicts, notes, evidence, claims of their own."""

import time
from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from runner.store.rows import Row, storable
from runner.store.turns import Db
from runner.store.writer import Database

LARGEST_ENTRY = 512 * 1024
"""Characters of one entry: a dozen long answers as evidence, and no more."""


class JudgedFile(msgspec.Struct, frozen=True, kw_only=True):
    """Which file a verdict is about: its bytes by hash, else by name and size."""

    name: str
    size: int
    sha256: str = ""


class KeptVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of one claim.

    Attributes:
        claim: the claim's id.
        entry: JSON of whoever wrote it; this store does not read it.
        changed: when, in seconds since 1970.
    """

    claim: str
    entry: str
    changed: float


class ClaimVerdicts:
    """People's words on claims.

    Owned by: Store. Thread: any; callbacks of futures run on the store's thread.
    """

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def of(self, file: JudgedFile) -> list[KeptVerdict]:
        """Returns what was said of a file's claims, the oldest first."""
        with self._database.reading() as db:
            rows = db.execute(f"{_QUERY} ORDER BY id", _which(file)).fetchall()
        return [_kept(row) for row in rows]

    def put(self, file: JudgedFile, claim: str, entry: str) -> "Future[KeptVerdict]":
        """Keeps what was said of a claim in place of what was said before.

        Raises:
            ValueError: the entry is too long, at once.
        """
        if len(entry) > LARGEST_ENTRY:
            raise ValueError(f"an entry of {len(entry)} characters")
        text = storable(entry)

        def work(db: Db) -> KeptVerdict:
            now = self._now()
            db.execute(_DELETE, (*_which(file), claim))
            db.execute(
                "INSERT INTO claim_verdict (file_name, file_size, file_sha256, claim, entry, changed) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (storable(file.name), file.size, file.sha256, claim, text, now),
            )
            return KeptVerdict(claim=claim, entry=text, changed=now)

        return self._database.write(work)

    def take_back(self, file: JudgedFile, claim: str) -> "Future[None]":
        """Forgets what was said of a claim."""

        def work(db: Db) -> None:
            db.execute(_DELETE, (*_which(file), claim))

        return self._database.write(work, essential=True)


# A hash decides where both sides have one; a file that was hashed meanwhile keeps what was said.
_WHICH = """
(? <> '' AND file_sha256 = ?)
OR (file_name = ? AND file_size = ? AND (file_sha256 = '' OR ? = ''))
"""
_QUERY = f"SELECT claim, entry, changed FROM claim_verdict WHERE {_WHICH}"  # noqa: S608 - our own words
_DELETE = f"DELETE FROM claim_verdict WHERE ({_WHICH}) AND claim = ?"  # noqa: S608 - our own words


def _which(file: JudgedFile) -> tuple[str, str, str, int, str]:
    return (file.sha256, file.sha256, storable(file.name), file.size, file.sha256)


def _kept(row: Row) -> KeptVerdict:
    claim, entry, changed = row
    return KeptVerdict(claim=claim, entry=entry, changed=changed)
