"""Verdicts of people on claims, and the claims that people added."""

import sqlite3

# A verdict belongs to bytes: to a SHA-256 where it has been worked out, else to name and size. The
# entry is JSON that only the window reads; its hash of the card tells whether the card has changed.
SCHEMA = """
CREATE TABLE claim_verdict (
    id INTEGER PRIMARY KEY,
    file_name TEXT NOT NULL,
    file_size INTEGER NOT NULL,
    file_sha256 TEXT NOT NULL DEFAULT '',
    claim TEXT NOT NULL,
    entry TEXT NOT NULL,
    changed REAL NOT NULL
) STRICT;

CREATE INDEX claim_verdict_by_name ON claim_verdict(file_name, file_size);

CREATE INDEX claim_verdict_by_hash ON claim_verdict(file_sha256) WHERE file_sha256 <> '';
"""


def m004_claims(db: sqlite3.Connection) -> None:
    """Adds people's verdicts on claims."""
    for statement in SCHEMA.split(";\n\n"):
        db.execute(statement)
