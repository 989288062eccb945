"""Fetches, where files came from, and the papers that were fetched with them."""

import sqlite3

# A fetch is one wish: a file, or all files of a split set. Its files, and its error, are JSON: they
# are read and written whole and never searched. What has come of a file is told by the disk alone.
#
# Papers are kept as they were: another text under the same name and commit is a line of its own.
SCHEMA = """
CREATE TABLE fetch (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository TEXT NOT NULL,
    revision TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    files TEXT NOT NULL,
    folder TEXT NOT NULL,
    state TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    why TEXT NOT NULL DEFAULT '',
    added REAL NOT NULL,
    changed REAL NOT NULL
) STRICT;

CREATE TABLE source (
    file_id INTEGER PRIMARY KEY REFERENCES file(id) ON DELETE CASCADE,
    repository TEXT NOT NULL,
    revision TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    fetched REAL NOT NULL,
    verified REAL NOT NULL
) STRICT;

CREATE TABLE paper (
    id INTEGER PRIMARY KEY,
    repository TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    fetched REAL NOT NULL,
    UNIQUE (repository, commit_id, name, sha256)
) STRICT;
"""


def m003_models(db: sqlite3.Connection) -> None:
    """Adds fetches, sources and papers."""
    for statement in SCHEMA.split(";\n\n"):
        db.execute(statement)
