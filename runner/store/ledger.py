"""The ledger: what left this machine and why, written before it left; it only grows.

Each line carries the hash of the one before. The head (count and last hash) is also kept in a file
beside the database, so that a line that was changed, removed or cut off shows.
"""

import logging
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import msgspec

from runner.errors import RunnerError
from runner.library.paths import is_file
from runner.store.files_written import write_whole
from runner.store.ledger_lines import (
    Check,
    Entry,
    Event,
    Head,
    Line,
    Passing,
    Row,
    chained,
    check,
    line,
    readable,
)
from runner.store.writer import Database

HEAD_FILE = "ledger-head.json"
LONGEST_HEAD = 4096
SETTLES, SETTLE_S = 10, 0.05
"""How often, and how long in between, a head is looked for that is to follow its line."""

COLUMNS = ("number", "time", *Entry.__struct_fields__, "hash")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the start of a cell."""

log = logging.getLogger(__name__)


class Ledger:
    """Every connection and request of this app.

    Owned by: Store. Thread: any; callbacks of futures run on the store's thread.
    """

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now
        self._identity = _identity(database.path)
        self._listeners: list[Callable[[Line | Passing], None]] = []

    @property
    def is_kept(self) -> bool:
        """Whether lines are on a disk; where they are not, nothing may be fetched."""
        return self._database.path is not None

    def add(self, entry: Entry) -> "Future[Line]":
        """Adds a line; the future is done once it and the head beside it are on the disk.

        Where the kept head is of no line that is there, a line before it says so: the new head takes its
        place, and nothing else would show what is missing.
        """
        added: Future[Line] = Future()

        def work(db: sqlite3.Connection) -> list[Line]:
            if _identity(self._database.path) != self._identity:
                raise RunnerError("store.moved_away", path=str(self._database.path))
            entries = [broken, entry] if (broken := self._broken(db)) else [entry]
            return [self._append(db, one) for one in entries]

        # Essential: what has begun must be told, and a refusal on a full disk is told by it too.
        written = self._database.write(work, essential=True)
        written.add_done_callback(lambda written: self._after(written, added))
        return added

    def _append(self, db: sqlite3.Connection, entry: Entry) -> Line:
        row = chained(entry, round(self._now() * 1000), head_of(db))
        db.execute("INSERT INTO ledger (number, entry, hash) VALUES (?, ?, ?)", row)
        return line(row)

    def _broken(self, db: sqlite3.Connection) -> Entry | None:
        """Returns what is to be said of a kept head that no line has; None where all is well.

        It is said once of one head, which stays where no other can be written in its place.
        """
        kept = self.kept_head()
        if kept is None or not kept.count:
            return None
        row = db.execute("SELECT hash FROM ledger WHERE number = ?", (kept.count,)).fetchone()
        if row is not None and row[0] == kept.hash:
            return None
        said = f"a head of {kept.count} lines was kept, {kept.hash}, and is of none of these"
        # Nobody's words can hold such a part: quotes inside of a text are escaped there.
        parts = (f'"event":"{Event.BROKEN}"', f'"result":{msgspec.json.encode(said).decode()}')
        if db.execute(_LIKE, parts).fetchone() is not None:
            return None
        return Entry(event=Event.BROKEN, who="store", result=said)

    def when_added(self, told: Callable[[Line | Passing], None]) -> None:
        """Calls `told` with each new line, on the store's thread, and with live counts, on any."""
        self._listeners.append(told)

    def pass_on(self, passing: Passing) -> None:
        """Hands a live count to whoever shows it; nothing is written."""
        for told in self._listeners:
            told(passing)

    def head(self) -> Head:
        """Returns the count of lines and the last hash."""
        with self._database.reading() as db:
            return head_of(db)

    def kept_head(self) -> Head | None:
        """Returns the head that is kept beside the database, None where there is none to read."""
        path = self._head_path()
        return head_at(path) if path else None

    def settled_head(self, head: Head) -> Head | None:
        """Returns the kept head once it is of this line or a later one; see `settled_at`."""
        path = self._head_path()
        return settled_at(path, head) if path else None

    def lines(self, *, after: int = 0, most: int = 1000) -> list[Line]:
        """Returns lines from the oldest on, those behind number `after`."""
        with self._database.reading() as db:
            rows = db.execute(f"{_ROWS} WHERE number > ? ORDER BY number LIMIT ?", (after, most))
            return list(readable(rows))

    def newest(self, most: int = 1000) -> list[Line]:
        """Returns the newest lines, oldest first."""
        with self._database.reading() as db:
            rows: list[Row] = db.execute(
                f"{_ROWS} ORDER BY number DESC LIMIT ?", (most,)
            ).fetchall()
        return list(readable(reversed(rows)))

    def about(self, words: str, most: int = 1000) -> list[Line]:
        """Returns the newest lines whose reason has these words in it, with their results."""
        with self._database.reading() as db:
            rows: list[Row] = db.execute(
                f"{_ROWS} WHERE instr(json_extract(entry, '$.entry.why'), ?) ORDER BY number DESC LIMIT ?",
                (words, most),
            ).fetchall()
        return list(readable(reversed(rows)))

    def verify(self, *earlier: Head) -> Check:
        """Follows the whole chain and compares it with the kept head and with earlier ones.

        What it can't show: that somebody wrote the whole ledger and the kept head anew. An earlier
        head that was put elsewhere, such as in a report, shows that too.
        """
        kept = self.kept_head()
        heads = (*earlier, *([kept] if kept else []))
        with self._database.reading() as db:
            return check(db.execute(f"{_ROWS} ORDER BY number"), heads)

    def as_json(self) -> bytes:
        """Returns everything with the head, as another person can check it."""
        with self._database.reading() as db:
            rows: list[Row] = db.execute(f"{_ROWS} ORDER BY number").fetchall()
            head = head_of(db)
        lines = [{"hashed": text, "hash": own} for _, text, own in rows]
        whole = {"format": 1, "first": "0" * 64, "head": head, "lines": lines}
        return msgspec.json.format(msgspec.json.encode(whole), indent=1)

    def as_csv(self) -> str:
        """Returns the lines as a table; the head is in the last line."""
        with self._database.reading() as db:
            rows: list[Row] = db.execute(f"{_ROWS} ORDER BY number").fetchall()
        # Late: most starts export nothing.
        import csv
        import io

        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for each in readable(rows):
            values = msgspec.structs.astuple(each.entry)
            when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(each.at_ms / 1000))
            writer.writerow([each.number, when, *map(_cell, values), each.hash])
        return out.getvalue()

    def export(self, target: Path) -> None:
        """Writes everything to a file: a table where it is called `.csv`, else JSON.

        Raises:
            RunnerError: a code of `files`.
        """
        if target.suffix.lower() == ".csv":
            write_whole(target, self.as_csv().encode())
        else:
            write_whole(target, self.as_json())

    def keep_head(self) -> None:
        """Writes the head beside the database; the old one stays where that fails."""
        if (path := self._head_path()) is None:
            return
        try:
            write_whole(path, msgspec.json.encode(self.head()))
        except RunnerError as error:
            log.warning("the ledger's head was not written: %s", error)

    def _after(self, written: "Future[list[Line]]", added: "Future[Line]") -> None:
        if (failure := written.exception()) is not None:
            added.set_exception(failure)
            return
        lines = written.result()
        try:
            self.keep_head()
            for one in lines:
                for told in self._listeners:
                    told(one)
        finally:  # whoever waits for the line is told that it is there, whatever came of the rest
            added.set_result(lines[-1])

    def _head_path(self) -> Path | None:
        path = self._database.path
        return path.with_name(HEAD_FILE) if path else None


def head_at(path: Path) -> Head | None:
    """Returns the head that is kept in a file; None where there is none to read."""
    try:
        if not is_file(path):
            return None  # somebody's pipe would be waited for
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(LONGEST_HEAD), type=Head)
    except (OSError, msgspec.DecodeError):
        return None


def settled_at(path: Path, head: Head) -> Head | None:
    """Returns the head that is kept in a file once it is of the line of `head`, or a later one.

    It follows its line by some milliseconds; what stays behind was not written, and is returned as it is.
    """
    kept = head_at(path)
    for _ in range(SETTLES):
        if kept is None or kept.count >= head.count:
            break
        time.sleep(SETTLE_S)
        kept = head_at(path)
    return kept


def _identity(path: Path | None) -> tuple[int, int] | None:
    """Returns which file lies there; None for none."""
    try:
        seen = path.stat() if path else None
    except OSError:
        return None
    return (seen.st_dev, seen.st_ino) if seen else None


def head_of(db: sqlite3.Connection) -> Head:
    """Returns the head of the ledger in a database."""
    row = db.execute("SELECT number, hash FROM ledger ORDER BY number DESC LIMIT 1").fetchone()
    return Head(count=row[0], hash=row[1]) if row else Head()


def carry_over(present: sqlite3.Connection, restored: sqlite3.Connection, now: float) -> None:
    """Puts the present ledger into a database that is about to replace the present one.

    A backup brings chats back; what this machine connected to since has happened all the same. A
    ledger that is still empty, as on a new machine, takes over the one of the backup.
    """
    brought = head_of(restored)
    head = head_of(present)
    if head.count:
        rows: list[Row] = present.execute(f"{_ROWS} ORDER BY number").fetchall()
        triggers = restored.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'"
        ).fetchall()
        for name, _ in triggers:
            restored.execute(f'DROP TRIGGER "{name}"')
        restored.execute("DELETE FROM ledger")
        restored.executemany("INSERT INTO ledger (number, entry, hash) VALUES (?, ?, ?)", rows)
        for _, sql in triggers:
            restored.execute(sql)
    else:
        head = brought
    note = Entry(
        event=Event.RESTORED,
        who="store",
        result=f"a backup with {brought.count} lines, head {brought.hash}",
    )
    row = chained(note, round(now * 1000), head)
    restored.execute("INSERT INTO ledger (number, entry, hash) VALUES (?, ?, ?)", row)


_ROWS = "SELECT number, entry, hash FROM ledger"
_LIKE = "SELECT 1 FROM ledger WHERE instr(entry, ?) AND instr(entry, ?) LIMIT 1"


def _cell(value: object) -> str:
    text = str(value)
    # An apostrophe keeps a spreadsheet from calculating what a stranger wrote.
    return f"'{text}" if text.startswith(FORMULA) else text
