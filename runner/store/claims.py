"""What people said of claims about model files: verdicts, notes, evidence, claims of their own."""

import time
from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from runner.store.judged_file import WHICH, JudgedFile, entry_text, which
from runner.store.rows import Row, storable
from runner.store.turns import Db
from runner.store.writer import Database


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
            rows = db.execute(f"{_QUERY} ORDER BY id", which(file)).fetchall()
        return [_kept(row) for row in rows]

    def put(self, file: JudgedFile, claim: str, entry: str) -> "Future[KeptVerdict]":
        """Keeps what was said of a claim in place of what was said before.

        Raises:
            ValueError: the entry is too long, at once.
        """
        text = entry_text(entry)

        def work(db: Db) -> KeptVerdict:
            now = self._now()
            db.execute(_DELETE, (*which(file), claim))
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
            db.execute(_DELETE, (*which(file), claim))

        return self._database.write(work, essential=True)


_QUERY = f"SELECT claim, entry, changed FROM claim_verdict WHERE {WHICH}"  # noqa: S608 - our own words
_DELETE = f"DELETE FROM claim_verdict WHERE {WHICH} AND claim = ?"  # noqa: S608 - our own words


def _kept(row: Row) -> KeptVerdict:
    claim, entry, changed = row
    return KeptVerdict(claim=claim, entry=entry, changed=changed)
