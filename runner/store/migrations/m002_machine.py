"""What was measured on this machine, kept states of sequences, and the ledger."""

import sqlite3

from runner.store.migrations.m001_chats import statements

# The ledger only grows: the two triggers refuse what no code of ours does. They do not stop
# somebody with the file in hand; the chain of hashes is what shows that.
SCHEMA = """
CREATE TABLE measurement (
    id INTEGER PRIMARY KEY,
    measured REAL NOT NULL,
    machine TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    what TEXT NOT NULL,
    value REAL NOT NULL,
    conditions TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX measurement_of_file ON measurement(machine, file_sha256, what, measured);

CREATE TABLE kept_state (
    chat_id INTEGER PRIMARY KEY REFERENCES chat(id) ON DELETE CASCADE,
    turn_id INTEGER NOT NULL REFERENCES turn(id) ON DELETE CASCADE,
    made_by TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    used REAL NOT NULL
) STRICT;

CREATE TABLE ledger (
    id INTEGER PRIMARY KEY,
    entry TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER ledger_unchanged BEFORE UPDATE ON ledger BEGIN
    SELECT RAISE(ABORT, 'the ledger only grows');
END;
CREATE TRIGGER ledger_undeleted BEFORE DELETE ON ledger BEGIN
    SELECT RAISE(ABORT, 'the ledger only grows');
END;
"""


def m002_machine(db: sqlite3.Connection) -> None:
    """Measurements, kept states, and the ledger."""
    for statement in statements(SCHEMA):
        db.execute(statement)
