"""Model files that a person opened: used where they lie, never copied or changed.

What was measured of a file (its digests) holds as long as the file looks the same: size, time of
change and identity on its disk. A file that was moved takes its record along.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import Future
from enum import StrEnum
from pathlib import Path

import msgspec

from runner.errors import RunnerError
from runner.library.paths import is_there
from runner.store.rows import Row, storable
from runner.store.turns import Db
from runner.store.values import FileId
from runner.store.writer import Database


class Origin(StrEnum):
    """How a file came to be known."""

    STARTER = "starter"
    OPENED = "opened"
    DOWNLOADED = "downloaded"


class FileState(StrEnum):
    """What became of a file since it was last looked at."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What the system says of a file without reading it."""

    size: int
    mtime_ns: int
    device: int
    inode: int


class KnownFile(msgspec.Struct, frozen=True, kw_only=True):
    """A model file on this machine.

    Attributes:
        sha256: of the whole file, and `weights_digest` of its tensors; empty until measured.
        last_used: when it was last loaded; None where it never was.
    """

    id: FileId
    path: str
    name: str
    look: Look
    sha256: str = ""
    weights_digest: str = ""
    origin: Origin = Origin.OPENED
    added: float = 0.0
    last_used: float | None = None

    def state(self) -> FileState:
        """Looks at the file again."""
        try:
            return FileState.SAME if look_at(Path(self.path)) == self.look else FileState.CHANGED
        except RunnerError:
            return FileState.GONE


def look_at(path: Path) -> Look:
    """Returns what the system says of the file at `path`.

    Raises:
        RunnerError: `files.missing`, `files.not_a_file` or `files.unreadable`.
    """
    try:
        seen = path.stat()
    except FileNotFoundError as error:
        raise RunnerError("files.missing", str(error), path=str(path)) from error
    except (OSError, ValueError) as error:
        raise RunnerError("files.unreadable", str(error), path=str(path)) from error
    if not path.is_file():
        raise RunnerError("files.not_a_file", path=str(path))
    if not os.access(path, os.R_OK):
        raise RunnerError("files.unreadable", path=str(path))
    # SQLite's integers have 63 bits; some file systems number beyond them.
    return Look(
        size=seen.st_size,
        mtime_ns=seen.st_mtime_ns,
        device=seen.st_dev & 0x7FFF_FFFF_FFFF_FFFF,
        inode=seen.st_ino & 0x7FFF_FFFF_FFFF_FFFF,
    )


class Files:
    """The model files that are known.

    Owned by: Store. Thread: any; callbacks of futures run on the store's thread.
    """

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def list(self) -> list[KnownFile]:
        """Returns the files, the latest used first."""
        with self._database.reading() as db:
            rows = db.execute(f"{_QUERY} ORDER BY coalesce(last_used, added) DESC, id DESC")
            return [_file(row) for row in rows]

    def at(self, path: Path) -> KnownFile | None:
        """Returns the file last seen at `path`, if it is known."""
        with self._database.reading() as db:
            return _at(db, _stored(path))

    def by_id(self, file_id: FileId) -> KnownFile | None:
        """Returns a file by its number; None where it was forgotten."""
        with self._database.reading() as db:
            row = db.execute(f"{_QUERY} WHERE id = ?", (file_id,)).fetchone()
            return _file(row) if row else None

    def adopt(
        self, path: Path, name: str = "", *, origin: Origin = Origin.OPENED
    ) -> "Future[KnownFile]":
        """Takes note of a file where it lies.

        A file that looks different from last time loses its digests; one that was moved keeps
        them. Compare with `at` beforehand to tell a person of a change.

        Raises:
            RunnerError: as `look_at`, at once; the rest comes with the future.
        """
        path = path.absolute()
        look = look_at(path)

        def work(db: Db) -> KnownFile:
            known = _at(db, _stored(path))
            if known is None:
                known = _moved_from(db, look)
            if known is None:
                db.execute(
                    "INSERT INTO file (path, name, size, mtime_ns, device, inode, origin, added) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        _stored(path),
                        storable(name or path.name),
                        *msgspec.structs.astuple(look),
                        origin.value,
                        self._now(),
                    ),
                )
                return _known(db, path)
            digests = (known.sha256, known.weights_digest) if known.look == look else ("", "")
            db.execute(
                "UPDATE file SET path = ?, name = ?, size = ?, mtime_ns = ?, device = ?, "
                "inode = ?, sha256 = ?, weights_digest = ? WHERE id = ?",
                (
                    _stored(path),
                    storable(name or known.name),
                    *msgspec.structs.astuple(look),
                    *digests,
                    known.id,
                ),
            )
            return _known(db, path)

        return self._database.write(work)

    def relocate(self, file: KnownFile, path: Path) -> "Future[None]":
        """Notes that a file lies elsewhere now with the same bytes: what was measured holds.

        What was known of another file at that place is forgotten.

        Raises:
            RunnerError: as `look_at`, at once.
        """
        look = look_at(path)

        def work(db: Db) -> None:
            there = (_stored(path), file.id)
            db.execute("DELETE FROM file WHERE path = ? AND id <> ?", there)
            db.execute(
                "UPDATE file SET path = ?, size = ?, mtime_ns = ?, device = ?, inode = ? "
                "WHERE id = ?",
                (_stored(path), *msgspec.structs.astuple(look), file.id),
            )

        return self._database.write(work)

    def record_digests(
        self, file: KnownFile, *, sha256: str = "", weights_digest: str = ""
    ) -> "Future[bool]":
        """Keeps what was measured of a file; False where it has changed since `file` was read."""

        def work(db: Db) -> bool:
            current = db.execute(f"{_QUERY} WHERE id = ?", (file.id,)).fetchone()
            if current is None or _file(current).look != file.look:
                return False
            db.execute(
                "UPDATE file SET sha256 = coalesce(nullif(?, ''), sha256), "
                "weights_digest = coalesce(nullif(?, ''), weights_digest) WHERE id = ?",
                (sha256, weights_digest, file.id),
            )
            return True

        return self._database.write(work)

    def used(self, file_id: FileId) -> "Future[None]":
        """Notes that a file was loaded now."""

        def work(db: Db) -> None:
            db.execute("UPDATE file SET last_used = ? WHERE id = ?", (self._now(), file_id))

        return self._database.write(work)

    def forget(self, file_id: FileId) -> "Future[None]":
        """Drops the record of a file; the file itself stays, and so do chats that used it."""

        def work(db: Db) -> None:
            db.execute("DELETE FROM file WHERE id = ?", (file_id,))

        return self._database.write(work, essential=True)


_QUERY = """
SELECT id, path, name, size, mtime_ns, device, inode, sha256, weights_digest, origin, added,
       last_used
FROM file
"""


def _file(row: Row) -> KnownFile:
    id_, path, name, size, mtime_ns, device, inode, sha256, digest, origin, added, used = row
    return KnownFile(
        id=FileId(id_),
        path=path,
        name=name,
        look=Look(size=size, mtime_ns=mtime_ns, device=device, inode=inode),
        sha256=sha256,
        weights_digest=digest,
        origin=Origin(origin),
        added=added,
        last_used=used,
    )


def _stored(path: Path) -> str:
    # A name that is no text (lone bytes) still needs one key; such a file works for this session.
    return storable(str(path.absolute()))


def _at(db: Db, path: str) -> KnownFile | None:
    row = db.execute(f"{_QUERY} WHERE path = ?", (path,)).fetchone()
    return _file(row) if row else None


def _known(db: Db, path: Path) -> KnownFile:
    known = _at(db, _stored(path))
    if known is None:
        raise RunnerError("files.missing", path=str(path))
    return known


def _moved_from(db: Db, look: Look) -> KnownFile | None:
    """Returns the record of the same file under a path that it no longer has."""
    rows = db.execute(
        f"{_QUERY} WHERE size = ? AND mtime_ns = ? AND device = ? AND inode = ?",
        msgspec.structs.astuple(look),
    ).fetchall()
    return next((known for row in rows if not is_there(Path((known := _file(row)).path))), None)
