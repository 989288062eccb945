"""One file that holds everything, and the way back from it.

A backup is an SQLite database with the app's own tables and one more, `backup`, that holds the
settings. Behind it stands a digest over all its bytes, which SQLite passes over. A backup may come
from anywhere, so nothing of it is used before all of it was checked: the digest shows a damaged
disk, the other checks a stranger's hand.
"""

import hashlib
import os
import sqlite3
import time
from pathlib import Path

import msgspec

from runner.errors import RunnerError
from runner.store import turns
from runner.store.db import (
    APPLICATION_ID,
    check_version,
    connect_for_reading,
    prepare,
)
from runner.store.failures import failures_named
from runner.store.files_written import sync_file, sync_folder
from runner.store.migrations import STEPS, VERSION

ENDING = ".lightwell-backup"

_HEADER = b"SQLite format 3\0"
_SEAL = b"lightwell-backup"
_SEAL_SIZE = len(_SEAL) + hashlib.sha256().digest_size
_INDEX_ANEW = (
    "INSERT INTO message_search(message_search) VALUES ('delete-all')",
    "INSERT INTO message_search(rowid, text) SELECT id, text FROM message WHERE settled",
    "INSERT INTO title_search(title_search) VALUES ('rebuild')",
)
_TABLE = "CREATE TABLE backup (made REAL NOT NULL, settings TEXT NOT NULL) STRICT"


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself: when it was made, the settings in it, how many chats."""

    made: float
    settings: str
    chats: int


def write_backup(db: sqlite3.Connection, target: Path, settings: str) -> None:
    """Writes everything that `db` sees, and the settings' text, to the file `target`.

    Whatever happens, `target` is the old file or the whole new one.
    """
    unfinished = target.with_name(f".{target.name}.part")
    with failures_named(target, "files"):
        unfinished.unlink(missing_ok=True)
        try:
            db.execute("VACUUM INTO ?", (str(unfinished),))
            unfinished.chmod(0o600)
            _add_settings(unfinished, settings)
            _seal(unfinished)
            unfinished.replace(target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        sync_folder(target.parent)


def check_backup(source: Path) -> Backup:
    """Reads a backup from end to end and returns what it says of itself.

    Raises:
        RunnerError: `backup.not_one`, `backup.damaged`, `backup.foreign` or `store.newer`.
    """
    try:
        with source.open("rb") as file:
            header = file.read(len(_HEADER))
    except OSError as error:
        raise RunnerError("backup.unreadable", str(error), path=str(source)) from error
    if header != _HEADER:
        raise RunnerError("backup.not_one", path=str(source))
    _check_seal(source)
    try:
        db = connect_for_reading(source, unchanging=True)
    except sqlite3.Error as error:
        raise RunnerError("backup.unreadable", str(error), path=str(source)) from error
    try:
        return _check(db, source)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise RunnerError("backup.damaged", str(error), path=str(source)) from error
    finally:
        db.close()


def unpack_backup(source: Path, folder: Path) -> Path:
    """Copies a checked backup into `folder`, brought up to date and without its settings.

    The caller removes the copy with `discard`; after an error there is none.
    """
    copy = folder / ".restoring.sqlite"
    with failures_named(copy):
        discard(copy)
        try:
            _unpack(source, copy)
        except BaseException:
            discard(copy)
            raise
    return copy


def _unpack(source: Path, copy: Path) -> None:
    reading = connect_for_reading(source, unchanging=True)
    try:
        reading.execute("VACUUM INTO ?", (str(copy),))
    finally:
        reading.close()
    copy.chmod(0o600)
    db = sqlite3.connect(copy, isolation_level=None)
    try:
        db.execute("DROP TABLE backup")
        prepare(db, None)
        # Once more: of a file that it may not write, SQLite doesn't check the constraints.
        _check_content(db, source)
        # The index is made anew from the texts: what a stranger put there is not read.
        for statement in _INDEX_ANEW:
            db.execute(statement)
        turns.end_interrupted(db)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
    finally:
        db.close()
    sync_file(copy)


def discard(database: Path) -> None:
    """Removes a database that is not needed any longer, with its side files."""
    for ending in ("", "-wal", "-shm", "-journal"):
        database.with_name(database.name + ending).unlink(missing_ok=True)


def kept_name(path: Path, what: str) -> Path:
    """Returns a free name beside `path` for what was there before."""
    stamp = time.strftime("%Y-%m-%d-%H%M%S")
    name = path.with_name(f"{path.stem}.{what}-{stamp}{path.suffix}")
    number = 1
    while name.exists():
        number += 1
        name = path.with_name(f"{path.stem}.{what}-{stamp}-{number}{path.suffix}")
    return name


def _seal(backup: Path) -> None:
    """Puts the digest behind the database and brings all of it to the disk."""
    with backup.open("rb+") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        file.seek(0, os.SEEK_END)
        file.write(_SEAL + digest)
        file.flush()
        os.fsync(file.fileno())


def _check_seal(source: Path) -> None:
    """Compares the digest behind a backup with its bytes.

    Raises:
        RunnerError: `backup.not_one` where there is no digest, `backup.damaged` where it differs.
    """
    with failures_named(source), source.open("rb") as file:
        left = file.seek(0, os.SEEK_END) - _SEAL_SIZE
        if left < 0:
            raise RunnerError("backup.not_one", path=str(source))
        file.seek(left)
        seal = file.read()
        if not seal.startswith(_SEAL):
            raise RunnerError("backup.not_one", path=str(source))
        file.seek(0)
        digest = hashlib.sha256()
        while left and (piece := file.read(min(left, 1 << 20))):
            digest.update(piece)
            left -= len(piece)
    if seal[len(_SEAL) :] != digest.digest():
        raise RunnerError("backup.damaged", "the digest differs", path=str(source))


def _add_settings(copy: Path, settings: str) -> None:
    db = sqlite3.connect(copy, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = MEMORY")
        db.execute(_TABLE)
        db.execute("INSERT INTO backup VALUES (?, ?)", (time.time(), settings))
    finally:
        db.close()


def _check(db: sqlite3.Connection, source: Path) -> Backup:
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA cell_size_check = ON")
    owner = db.execute("PRAGMA application_id").fetchone()[0]
    if owner != APPLICATION_ID:
        raise RunnerError("backup.not_one", path=str(source))
    version = check_version(db)
    _check_schema(db, version, source)
    _check_content(db, source)
    row = db.execute("SELECT made, settings FROM backup").fetchone()
    if row is None:
        raise RunnerError("backup.not_one", path=str(source))
    (chats,) = db.execute("SELECT count(*) FROM chat WHERE deleted IS NULL").fetchone()
    return Backup(made=row[0], settings=row[1], chats=chats)


def _check_content(db: sqlite3.Connection, source: Path) -> None:
    problems = [row[0] for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
    problems += [f"{row[0]}: no {row[2]}" for row in db.execute("PRAGMA foreign_key_check")][:5]
    if problems:
        raise RunnerError("backup.damaged", "; ".join(problems), path=str(source))


def _check_schema(db: sqlite3.Connection, version: int, source: Path) -> None:
    """Checks that the tables, views and triggers are ours, letter by letter.

    A trigger or a view of a stranger would be run by our own statements.
    """
    found = _schema(db)
    if "backup" not in found:
        raise RunnerError("backup.not_one", path=str(source))
    expected = _schema_of(version) | {"backup": ("table", _TABLE)}
    foreign = [name for name, made in expected.items() if found.get(name) != made]
    # A newer minor version may have added tables and indexes, and nothing that acts.
    may_be_new = {"table", "index"} if version > VERSION else set()
    foreign += [name for name in found.keys() - expected.keys() if found[name][0] not in may_be_new]
    if foreign:
        raise RunnerError("backup.foreign", ", ".join(sorted(foreign)), path=str(source))


def _schema_of(version: int) -> dict[str, tuple[str, str]]:
    db = sqlite3.connect(":memory:", isolation_level=None)
    try:
        prepare(db, None, [step for step in STEPS if step.version <= version] or STEPS[:1])
        return _schema(db)
    finally:
        db.close()


def _schema(db: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """Returns kind and text of everything in the schema but SQLite's own."""
    rows = db.execute("SELECT name, type, coalesce(sql, '') FROM sqlite_master")
    return {name: (kind, sql) for name, kind, sql in rows if not name.startswith("sqlite_")}
