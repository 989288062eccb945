"""The way back from a backup: into the open store, or in the place of a file that can't be opened."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runner.store import turns
from runner.store.backup import (
    ENDING,
    check_backup,
    discard,
    kept_name,
    unpack_backup,
    write_backup,
)
from runner.store.failures import failures_named
from runner.store.files_written import sync_folder
from runner.store.ledger import Ledger, carry_over
from runner.store.lock import WriterLock, lock_of
from runner.store.writer import Database


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restored backup brought: the settings' text, and where the state before is kept."""

    settings: str
    kept: Path | None


def restore(database: Database, ledger: Ledger, source: Path, settings: str) -> Restored:
    """Replaces everything by what is in a backup, once all of it was checked.

    Raises:
        RunnerError: a code of `runner.store.backup`; nothing has changed.
    """
    backup = check_backup(source)
    path = database.path
    with _room_for_unpacking(path) as room:
        copy = unpack_backup(source, room)
        try:
            kept = _keep_aside(database, path, settings) if path else None
            database.write(lambda db: _replace(db, copy), alone=True).result()
            ledger.keep_head()
        finally:
            discard(copy)
    return Restored(backup.settings, kept)


def _keep_aside(database: Database, path: Path, settings: str) -> Path:
    kept = kept_name(path.with_suffix(ENDING), "before-restore")
    with database.reading() as db:
        write_backup(db, kept, settings)
    return kept


@contextmanager
def _room_for_unpacking(path: Path | None) -> Iterator[Path]:
    """Lends the database's own folder: a sealed window may write nowhere else."""
    if path is not None:
        yield path.parent
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _replace(db: sqlite3.Connection, source: Path) -> None:
    """Takes over every page of another database in one transaction."""
    other = sqlite3.connect(source)
    try:
        with other:
            carry_over(db, other, time.time())
        other.backup(db)
    finally:
        other.close()
    turns.end_interrupted(db)


def replace_damaged(path: Path, source: Path) -> Restored:
    """Puts a backup in the place of a database that can't be opened, which is kept beside.

    Raises:
        RunnerError: `store.in_use`, or a code of `runner.store.backup`; nothing has changed.
    """
    with WriterLock(lock_of(path)), failures_named(path):
        backup = check_backup(source)
        copy = unpack_backup(source, path.parent)
        kept = _move_aside(path)
        copy.rename(path)
        sync_folder(path.parent)
    return Restored(backup.settings, kept)


def set_damaged_aside(path: Path) -> Path:
    """Makes room for an empty database; returns where the one that can't be opened is kept.

    Raises:
        RunnerError: `store.in_use` and others; nothing has changed.
    """
    with WriterLock(lock_of(path)), failures_named(path):
        kept = _move_aside(path)
        sync_folder(path.parent)
    return kept


def _move_aside(path: Path) -> Path:
    kept = kept_name(path, "damaged")
    for ending in ("-wal", "-shm", ""):
        side = path.with_name(path.name + ending)
        if side.exists():
            side.rename(kept.with_name(kept.name + ending))
    return kept
