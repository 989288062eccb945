"""What an engine held of a chat, kept as a file, so that an old chat goes on without being read anew.

A state is as private as the chat: it lies in the app's own folder, goes with its turn, and is never
kept of a temporary chat. It is only a shortcut: where one is missing, the engine reads the chat.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from runner.store.failures import failures_named, free_bytes
from runner.store.files_written import write_whole
from runner.store.turns import Db
from runner.store.values import TurnId
from runner.store.writer import Database

log = logging.getLogger(__name__)

MOST_BYTES = 2 * 1024**3
"""Room for all states together; the longest unused go first."""

_SPARE = 2 * 1024**3

_KEEP = "INSERT OR REPLACE INTO kept_state VALUES (?, ?, ?, ?, ?, ?)"


class KeptState(msgspec.Struct, frozen=True, kw_only=True):
    """A state of the sequence that ends with a turn's answer.

    Attributes:
        made_by: what it fits: file, engine build and context, in whatever words the caller uses.
    """

    turn_id: TurnId
    made_by: str
    tokens: int
    content: bytes


class KeptStates:
    """The states beside one database.

    Owned by: Store. Thread: any; reading and writing a state takes as long as its file.
    """

    def __init__(
        self,
        database: Database,
        *,
        most_bytes: int = MOST_BYTES,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._folder = database.path.with_name("states") if database.path else None
        self._most_bytes = most_bytes
        self._now = now
        self._one_at_a_time = threading.Lock()

    def keep(self, turn_id: TurnId, made_by: str, tokens: int, content: bytes | bytearray) -> bool:
        """Keeps a state, in place of an older one of the same turn; False where there is no room.

        Call it from a thread that may take its time.
        """
        folder = self._folder
        if folder is None or len(content) > self._most_bytes:
            return False
        if free_bytes(folder) < len(content) + _SPARE:
            return False
        row = (turn_id, made_by, tokens, len(content), _digest(content))
        with self._one_at_a_time, failures_named(folder):
            folder.mkdir(mode=0o700, exist_ok=True)
            write_whole(self._file(folder, turn_id), content)
            values = (*row, self._now())
            self._database.write(lambda db: _put(db, _KEEP, values)).result()
            self._sweep(folder)
        return True

    def nearest(self, path: Sequence[TurnId], made_by: str) -> KeptState | None:
        """Returns the state of the last turn of a branch that has a fitting one.

        Args:
            path: the branch's turns, the first one first.
            made_by: what the state must fit, letter by letter.
        """
        if self._folder is None:
            return None
        for turn_id in reversed(path):
            with self._database.reading() as db:
                row = db.execute(
                    "SELECT tokens, bytes, sha256 FROM kept_state "
                    "WHERE turn_id = ? AND made_by = ?",
                    (turn_id, made_by),
                ).fetchone()
            content = self._read(turn_id, *row[1:]) if row else None
            if content is not None:
                self._touch(turn_id)
                return KeptState(turn_id=turn_id, made_by=made_by, tokens=row[0], content=content)
        return None

    def forget(self, turn_id: TurnId) -> None:
        """Removes the state of a turn, which turned out to be of no use."""
        if self._folder is None:
            return
        with self._one_at_a_time, failures_named(self._folder):
            self._database.write(lambda db: _drop(db, [(turn_id,)]), essential=True).result()
            self._file(self._folder, turn_id).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Removes states whose turns are gone, and those for which there is no room."""
        if self._folder is None or not self._folder.is_dir():
            return
        with self._one_at_a_time, failures_named(self._folder):
            self._sweep(self._folder)

    def _sweep(self, folder: Path) -> None:
        with self._database.reading() as db:
            rows = db.execute("SELECT turn_id, bytes FROM kept_state ORDER BY used DESC").fetchall()
        room, kept, dropped = self._most_bytes, set(), []
        for turn_id, size in rows:
            file = self._file(folder, turn_id)
            if size <= room and file.is_file():
                room -= size
                kept.add(file)
            else:
                dropped.append((turn_id,))
        if dropped:
            self._database.write(lambda db: _drop(db, dropped), essential=True).result()
        for file in set(folder.iterdir()) - kept:
            file.unlink(missing_ok=True)

    def _touch(self, turn_id: TurnId) -> None:
        """Notes that a state was of use; nobody waits for that."""
        values = (self._now(), turn_id)
        self._database.write(
            lambda db: _put(db, "UPDATE kept_state SET used = ? WHERE turn_id = ?", values)
        )

    def _read(self, turn_id: TurnId, size: int, sha256: str) -> bytes | None:
        """Returns a state's bytes; None where the file is not what was kept."""
        if self._folder is None:
            return None
        file = self._file(self._folder, turn_id)
        with suppress(OSError):
            content = file.read_bytes() if file.stat().st_size == size else b""
            if _digest(content) == sha256:
                return content
        log.warning(
            "the kept state of turn %d is missing or damaged; the chat is read anew", turn_id
        )
        return None

    @staticmethod
    def _file(folder: Path, turn_id: TurnId) -> Path:
        return folder / f"{int(turn_id)}.state"


def _put(db: Db, statement: str, values: Sequence[object]) -> None:
    db.execute(statement, values)


def _drop(db: Db, turns: Iterable[tuple[TurnId]]) -> None:
    db.executemany("DELETE FROM kept_state WHERE turn_id = ?", turns)


def _digest(content: bytes | bytearray) -> str:
    import hashlib  # late: OpenSSL behind it takes two milliseconds of a start

    return hashlib.sha256(content).hexdigest()
