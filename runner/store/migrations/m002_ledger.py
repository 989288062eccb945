"""The ledger: every connection, refusal, look-up and opened address, each line chained to the last."""

import sqlite3

# `entry` is the line exactly as it was hashed, so that a check never depends on how a later version
# would write the same values. The triggers stop our own mistakes; a stranger's hand is what the
# chain shows.
SCHEMA = """
CREATE TABLE ledger (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    entry TEXT NOT NULL,
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;

CREATE TRIGGER ledger_is_not_cut BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;
"""


def m002_ledger(db: sqlite3.Connection) -> None:
    """Adds the ledger."""
    for statement in SCHEMA.split(";\n\n"):
        db.execute(statement)
