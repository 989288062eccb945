"""What lists show of how open models are, so that no start reads every file again."""

import sqlite3

# A line for each file or repository. All of it can be made again: `made_of` says what of the
# subject it was made from, `rules` by which rules; a line that fits neither is made anew.
SCHEMA = """
CREATE TABLE fingerprint (
    subject TEXT PRIMARY KEY,
    made_of TEXT NOT NULL,
    rules TEXT NOT NULL,
    letters TEXT NOT NULL,
    seen REAL NOT NULL
) STRICT
"""


def m008_fingerprints(db: sqlite3.Connection) -> None:
    """Adds the fingerprints."""
    db.execute(SCHEMA)
