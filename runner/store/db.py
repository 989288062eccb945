"""Opening a database: its settings, its version, and the steps that bring it up to date.

Nothing here knows what a chat is. Only `Store` and the tools beside it call this.
"""

import os
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from runner.errors import RunnerError
from runner.library.paths import make_private
from runner.store.failures import failures_named
from runner.store.files_written import sync_folder
from runner.store.migrations import STEPS, VERSION, Step

APPLICATION_ID = 0x4C57454C
"""Tells our databases from those of other programs."""

COPIES_KEPT = 3
"""How many copies from before migrations stay beside the database."""

_WAL_BYTES = 4 * 1024 * 1024


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Opens the database at `path`, made or brought up to date where needed.

    The caller holds the lock of `runner.store.lock`: there is one writer.

    Raises:
        RunnerError: `store.newer`, `store.not_ours`, `store.corrupt`, `store.read_only`,
            `store.disk_full` or another code of `runner.store.failures`.
    """
    with failures_named(path):
        _make_file(path)
        db = connect(path)
        try:
            prepare(db, path)
        except BaseException:
            db.close()
            raise
        sync_folder(path.parent)
    return db


def open_in_memory() -> sqlite3.Connection:
    """Opens an empty database that is never written anywhere."""
    # One connection serves all threads, each in its turn (`runner.store.writer`).
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _configure(db)
    prepare(db, None)
    return db


def connect(path: Path) -> sqlite3.Connection:
    """Opens the connection that writes."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    _configure(db)
    return db


def connect_for_reading(path: Path, *, unchanging: bool = False) -> sqlite3.Connection:
    """Opens a connection that can't write, for use by one thread at a time.

    `unchanging` promises that nobody else writes; then not even a side file is made.
    """
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if unchanging else ''}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=5,
    )
    db.execute("PRAGMA temp_store = MEMORY")
    return db


def copy_for_reading(path: Path, memory: sqlite3.Connection) -> bool:
    """Copies a database that can't be written into `memory`; False where it can't be read either."""
    # In a folder that nobody can write to, SQLite opens a file only with the promise that it
    # doesn't change; with the promise, it passes over what a crash left in the side file.
    for unchanging in (False, True):
        try:
            source = connect_for_reading(path, unchanging=unchanging)
            try:
                check_version(source)
                source.backup(memory)
                prepare(memory, None)
            finally:
                source.close()
        except (sqlite3.Error, UnicodeDecodeError, RunnerError):
            continue
        return True
    return False


def prepare(db: sqlite3.Connection, path: Path | None, steps: Sequence[Step] = STEPS) -> None:
    """Checks whose database this is and of which version, and brings it up to date.

    Where `path` is given, a copy of the file is kept beside it as it was before the first step.
    """
    version = check_version(db, steps[-1].version)
    if version == 0:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
    # A commit is on the disk when it returns: a turn is promised before its first token shows.
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute(f"PRAGMA journal_size_limit = {_WAL_BYTES}")
    waiting = [step for step in steps if step.version > version]
    if path and version and waiting:
        _copy_before(db, path, waiting[0])
    for step in waiting:
        _apply(db, step)


def check_version(db: sqlite3.Connection, known: int = VERSION) -> int:
    """Returns the database's version; 0 for an empty one.

    Raises:
        RunnerError: `store.newer` or `store.not_ours`.
    """
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    owner = int(db.execute("PRAGMA application_id").fetchone()[0])
    tables = int(db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if owner != APPLICATION_ID and (tables or version):
        raise RunnerError("store.not_ours")
    if version // 100 > known // 100:
        raise RunnerError("store.newer", found=_dotted(version), known=_dotted(known))
    return version


def _dotted(version: int) -> str:
    return f"{version // 100}.{version % 100}"


def _configure(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA foreign_keys = ON")
    # What was deleted is overwritten, and sorting never spills a chat into a temporary file.
    db.execute("PRAGMA secure_delete = ON")
    db.execute("PRAGMA temp_store = MEMORY")


def _apply(db: sqlite3.Connection, step: Step) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute(
            "CREATE TABLE IF NOT EXISTS migration "
            "(name TEXT PRIMARY KEY, version INTEGER NOT NULL, applied REAL NOT NULL) STRICT"
        )
        step.apply(db)
        db.execute("INSERT INTO migration VALUES (?, ?, ?)", (step.name, step.version, time.time()))
        db.execute(f"PRAGMA user_version = {step.version}")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _copy_before(db: sqlite3.Connection, path: Path, step: Step) -> None:
    """Keeps the database as it was before `step`, and of such copies the latest few."""
    stem = f"{path.stem}.before-"
    copy = path.with_name(f"{stem}{step.name}{path.suffix}")
    unfinished = copy.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    db.execute("VACUUM INTO ?", (str(unfinished),))
    unfinished.chmod(0o600)
    unfinished.replace(copy)
    copies = sorted(
        path.parent.glob(f"{stem}*{path.suffix}"), key=lambda file: file.stat().st_mtime
    )
    for old in copies[:-COPIES_KEPT]:
        old.unlink()


def _make_file(path: Path) -> None:
    """Makes the file for this user's eyes only; SQLite gives its side files the same mode."""
    make_private(path.parent)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
