"""Chats as trees of turns, with full-text search over what was said and over titles."""

import sqlite3

# A turn's id is the id of its answer's message: one sequence orders questions and answers alike,
# so "newest first" is the order of the search index itself and needs no sort.
#
# The search index reads its texts from `message` (external content), so nothing is stored twice.
# Turns go with their chat, all at once. They don't go with their parents: SQLite cascades by
# recursion, and a chat of a thousand turns would be too deep for it.
#
# An answer enters the index when it settles, not twice a second while it streams.
SCHEMA = """
CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    device INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    sha256 TEXT NOT NULL DEFAULT '',
    weights_digest TEXT NOT NULL DEFAULT '',
    origin TEXT NOT NULL,
    added REAL NOT NULL,
    last_used REAL
) STRICT;

CREATE TABLE chat (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL DEFAULT '',
    named INTEGER NOT NULL DEFAULT 0,
    pinned INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL,
    changed REAL NOT NULL,
    leaf_id INTEGER REFERENCES turn(id) ON DELETE SET NULL,
    system TEXT NOT NULL DEFAULT '',
    sampling TEXT,
    preset TEXT NOT NULL DEFAULT '',
    draft TEXT NOT NULL DEFAULT '',
    file_id INTEGER REFERENCES file(id) ON DELETE SET NULL,
    deleted REAL
) STRICT;
CREATE INDEX chat_by_date ON chat(changed);

CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chat(id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
    text TEXT NOT NULL,
    settled INTEGER NOT NULL
) STRICT;
CREATE INDEX message_by_chat ON message(chat_id);

CREATE TABLE turn (
    id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL REFERENCES chat(id) ON DELETE CASCADE,
    parent_id INTEGER REFERENCES turn(id) DEFERRABLE INITIALLY DEFERRED CHECK (parent_id < id),
    question_id INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
    thinking TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('streaming', 'done', 'stopped', 'failed')),
    reason TEXT NOT NULL DEFAULT '',
    runs TEXT NOT NULL DEFAULT '[]',
    tokens BLOB NOT NULL DEFAULT x'',
    file_id INTEGER REFERENCES file(id) ON DELETE SET NULL,
    created REAL NOT NULL,
    deleted_with INTEGER
) STRICT;
CREATE INDEX turn_by_chat ON turn(chat_id, deleted_with);
CREATE INDEX turn_by_parent ON turn(parent_id);
CREATE INDEX turn_by_question ON turn(question_id);
CREATE INDEX turn_streaming ON turn(state) WHERE state = 'streaming';

CREATE TABLE attachment (
    id INTEGER PRIMARY KEY,
    question_id INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    tokens INTEGER NOT NULL
) STRICT;
CREATE INDEX attachment_by_question ON attachment(question_id);

CREATE TABLE kept_state (
    turn_id INTEGER PRIMARY KEY REFERENCES turn(id) ON DELETE CASCADE,
    made_by TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    used REAL NOT NULL
) STRICT;

CREATE VIRTUAL TABLE message_search USING fts5(
    text, content='message', content_rowid='id',
    tokenize="unicode61 remove_diacritics 2", prefix='2 3 4'
);
CREATE TRIGGER message_added AFTER INSERT ON message WHEN new.settled BEGIN
    INSERT INTO message_search(rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER message_changed AFTER UPDATE OF text, settled ON message BEGIN
    INSERT INTO message_search(message_search, rowid, text)
        SELECT 'delete', old.id, old.text WHERE old.settled;
    INSERT INTO message_search(rowid, text) SELECT new.id, new.text WHERE new.settled;
END;
CREATE TRIGGER message_removed AFTER DELETE ON message WHEN old.settled BEGIN
    INSERT INTO message_search(message_search, rowid, text) VALUES ('delete', old.id, old.text);
END;

CREATE VIRTUAL TABLE title_search USING fts5(
    title, content='chat', content_rowid='id',
    tokenize="unicode61 remove_diacritics 2", prefix='2 3 4'
);
CREATE TRIGGER chat_added AFTER INSERT ON chat BEGIN
    INSERT INTO title_search(rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER chat_renamed AFTER UPDATE OF title ON chat BEGIN
    INSERT INTO title_search(title_search, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO title_search(rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER chat_removed AFTER DELETE ON chat BEGIN
    INSERT INTO title_search(title_search, rowid, title) VALUES ('delete', old.id, old.title);
END;
"""


def m001_chats(db: sqlite3.Connection) -> None:
    """Files that were opened, chats, messages, turns, attachments, kept states, and search."""
    for statement in statements(SCHEMA):
        db.execute(statement)


def statements(script: str) -> list[str]:
    """Splits a script at the ends of its statements.

    `executescript` would commit the transaction that a migration runs in.
    """
    found: list[str] = []
    rest = ""
    for line in script.splitlines(keepends=True):
        rest += line
        if sqlite3.complete_statement(rest):
            found.append(rest.strip())
            rest = ""
    return found
