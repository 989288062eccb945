"""The steps that make the database what it is, oldest first.

A step is a function `mNNN_name(db)` in a file of its own, with the version that it leads to:
`major * 100 + minor`. An app reads a database with a newer minor version, so a minor step only
adds; it refuses a newer major one. Steps are never edited once released.
"""

import sqlite3
from collections.abc import Callable

import msgspec

from runner.store.migrations.m001_chats import m001_chats
from runner.store.migrations.m002_ledger import m002_ledger
from runner.store.migrations.m003_models import m003_models
from runner.store.migrations.m004_claims import m004_claims
from runner.store.migrations.m005_reviews import m005_reviews
from runner.store.migrations.m006_benches import m006_benches
from runner.store.migrations.m007_memory import m007_memory
from runner.store.migrations.m008_fingerprints import m008_fingerprints
from runner.store.migrations.m009_deleted_turns import m009_deleted_turns


class Step(msgspec.Struct, frozen=True):
    """A migration and the version of the database after it."""

    version: int
    apply: Callable[[sqlite3.Connection], None]

    @property
    def name(self) -> str:
        """The function's name, by which the step is recorded."""
        return self.apply.__name__


STEPS = (
    Step(100, m001_chats),
    Step(101, m002_ledger),
    Step(102, m003_models),
    Step(103, m004_claims),
    Step(104, m005_reviews),
    Step(105, m006_benches),
    Step(106, m007_memory),
    Step(107, m008_fingerprints),
    Step(108, m009_deleted_turns),
)

VERSION = STEPS[-1].version
