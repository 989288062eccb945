"""A reviewer's disagreements with findings, and the worksheets that people filled."""

import sqlite3

# As with verdicts on claims, a review belongs to bytes: to a SHA-256 where it has been worked out,
# else to name and size; of a repository it belongs to its name, with no size. The entry is JSON that
# only the window and the terminal read.
SCHEMA = """
CREATE TABLE finding_review (
    id INTEGER PRIMARY KEY,
    file_name TEXT NOT NULL,
    file_size INTEGER NOT NULL,
    file_sha256 TEXT NOT NULL DEFAULT '',
    part TEXT NOT NULL,
    entry TEXT NOT NULL,
    changed REAL NOT NULL
) STRICT;

CREATE INDEX finding_review_by_name ON finding_review(file_name, file_size);

CREATE INDEX finding_review_by_hash ON finding_review(file_sha256) WHERE file_sha256 <> '';
"""


def m005_reviews(db: sqlite3.Connection) -> None:
    """Adds reviews of findings."""
    for statement in SCHEMA.split(";\n\n"):
        db.execute(statement)
