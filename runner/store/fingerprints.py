"""Fingerprints of how open models are, as lists show them. They can be made again at any time."""

import time
from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from runner.store.rows import storable
from runner.store.turns import Db
from runner.store.writer import Database

MOST_KEPT = 4_000


class KeptFingerprint(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of one subject.

    Attributes:
        subject: names the file or the repository.
        made_of: tells what of the subject was read; another text means it has changed since.
        rules: tells by which rules it was read.
        letters: one for each part of the stack; empty where it could not be read.
    """

    subject: str
    made_of: str
    rules: str
    letters: str


class Fingerprints:
    """The kept fingerprints.

    Owned by: Store. Thread: any.
    """

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def every(self) -> dict[str, KeptFingerprint]:
        """Returns all of them by their subjects."""
        with self._database.reading() as db:
            rows = db.execute("SELECT subject, made_of, rules, letters FROM fingerprint")
            return {
                row[0]: KeptFingerprint(
                    subject=row[0], made_of=row[1], rules=row[2], letters=row[3]
                )
                for row in rows
            }

    def keep(self, kept: KeptFingerprint) -> "Future[None]":
        """Keeps one in place of an earlier one of its subject; the oldest make room."""

        def work(db: Db) -> None:
            db.execute(
                "INSERT OR REPLACE INTO fingerprint VALUES (?, ?, ?, ?, ?)",
                (
                    storable(kept.subject),
                    storable(kept.made_of),
                    kept.rules,
                    kept.letters,
                    self._now(),
                ),
            )
            db.execute(
                "DELETE FROM fingerprint WHERE subject IN "
                "(SELECT subject FROM fingerprint ORDER BY seen DESC LIMIT -1 OFFSET ?)",
                (MOST_KEPT,),
            )

        return self._database.write(work)
