"""What was measured of models on harmless requests."""

import sqlite3

# As with verdicts on claims, a result belongs to bytes: to a SHA-256 where it has been worked out,
# else to name and size. The entry is JSON that only the window reads.
SCHEMA = """
CREATE TABLE bench_result (
    id INTEGER PRIMARY KEY,
    file_name TEXT NOT NULL,
    file_size INTEGER NOT NULL,
    file_sha256 TEXT NOT NULL DEFAULT '',
    entry TEXT NOT NULL,
    began REAL NOT NULL
) STRICT;

CREATE INDEX bench_result_by_name ON bench_result(file_name, file_size);

CREATE INDEX bench_result_by_hash ON bench_result(file_sha256) WHERE file_sha256 <> '';
"""


def m006_benches(db: sqlite3.Connection) -> None:
    """Adds results of benches."""
    for statement in SCHEMA.split(";\n\n"):
        db.execute(statement)
