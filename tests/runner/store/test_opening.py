"""Opening a database: its version, its copies, whose it is, and who else has it."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from runner.errors import RunnerError
from runner.store import Store
from runner.store.db import COPIES_KEPT, connect, prepare
from runner.store.lock import WriterLock, lock_of
from runner.store.migrations import STEPS, VERSION, Step


def test_a_new_database_is_private_and_synchronous(store: Store, path: Path):
    store.chats.create().result()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name

    def settings(db: sqlite3.Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "user_version", "secure_delete")
        return [db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert store.database.write(settings).result() == ["wal", 2, 1, VERSION, 1]


def test_the_steps_are_recorded_by_name(store: Store):
    with store.database.reading() as db:
        rows = db.execute("SELECT name, version FROM migration ORDER BY version").fetchall()
    assert rows == [(step.name, step.version) for step in STEPS]
    versions = [step.version for step in STEPS]
    assert versions == sorted(set(versions))
    assert all(step.apply.__doc__ for step in STEPS)


def test_readers_can_not_write(store: Store):
    with pytest.raises(RunnerError, match=r"store\.read_only"), store.database.reading() as db:
        db.execute("DELETE FROM chat")


def m002_adds(db: sqlite3.Connection) -> None:
    """Adds a table."""
    db.execute("CREATE TABLE later (x) STRICT" if sqlite3.sqlite_version_info < (3, 37) else
               "CREATE TABLE later (x ANY) STRICT")  # fmt: skip


def m003_fails(db: sqlite3.Connection) -> None:
    """Fails after a change."""
    db.execute("DELETE FROM chat")
    raise RuntimeError("the step is wrong")


def test_a_step_keeps_a_copy_of_what_was_before(path: Path):
    with Store.open(path) as store:
        store.chats.create("kept").result()
    db = connect(path)
    prepare(db, path, [*STEPS, Step(201, m002_adds)])
    assert db.execute("SELECT * FROM later").fetchall() == []
    db.close()
    copy = sqlite3.connect(path.with_name("lightwell.before-m002_adds.sqlite"))
    assert copy.execute("SELECT title FROM chat").fetchall() == [("kept",)]
    assert copy.execute("PRAGMA user_version").fetchone() == (VERSION,)
    copy.close()


def test_of_several_steps_one_copy_is_kept_that_the_older_app_can_open(path: Path):
    with Store.open(path) as store:
        store.chats.create("kept").result()
    db = connect(path)
    prepare(db, path, [*STEPS, *(Step(201 + number, adding(number)) for number in range(6))])
    db.close()
    (copy,) = path.parent.glob("*before-*")
    assert copy.name == "lightwell.before-m300_adds.sqlite"
    copied = sqlite3.connect(copy)
    assert copied.execute("PRAGMA user_version").fetchone() == (VERSION,)
    copied.close()


def adding(number: int):
    """Returns a step that adds one table more."""

    def step(db: sqlite3.Connection) -> None:
        db.execute(f"CREATE TABLE later_{number} (x INTEGER) STRICT")

    step.__name__ = f"m{300 + number}_adds"
    return step


def test_a_step_that_fails_leaves_everything_as_it_was(path: Path):
    with Store.open(path) as store:
        store.chats.create("kept").result()
    db = connect(path)
    with pytest.raises(RuntimeError):
        prepare(db, path, [*STEPS, Step(201, m003_fails)])
    db.close()
    with Store.open(path) as store:
        assert [chat.title for chat in store.chats.list()] == ["kept"]


def test_only_the_latest_copies_are_kept(path: Path):
    with Store.open(path):
        pass
    db = connect(path)
    for number in range(COPIES_KEPT + 3):
        step = Step(201 + number, lambda db: None)
        step.apply.__name__ = f"m{number:03d}_step"
        prepare(db, path, [*STEPS, step])
        os.utime(path.with_name(f"lightwell.before-{step.name}.sqlite"), (number, number))
    db.close()
    copies = sorted(file.name for file in path.parent.glob("*before-*"))
    assert copies == [f"lightwell.before-m{n:03d}_step.sqlite" for n in range(3, COPIES_KEPT + 3)]


def changed(path: Path, statement: str) -> bytes:
    with Store.open(path) as store:
        store.chats.create("mine").result()
    db = sqlite3.connect(path)
    db.execute(statement)
    db.close()
    return path.read_bytes()


def test_a_newer_minor_version_is_used(path: Path):
    changed(path, f"PRAGMA user_version = {VERSION + 5}")
    with Store.open(path) as store:
        assert len(store.chats.list()) == 1


def test_a_newer_major_version_is_refused_untouched(path: Path):
    before = changed(path, "PRAGMA user_version = 4207")
    with pytest.raises(RunnerError) as refused:
        Store.open(path)
    assert refused.value.code == "store.newer"
    assert refused.value.context == {"found": "42.7", "known": f"{VERSION // 100}.{VERSION % 100}"}
    assert path.read_bytes() == before
    store, error = Store.open_or_memory(path)
    assert error is not None
    assert error.code == "store.newer"
    assert not store.is_kept
    store.chats.create().result()
    store.close()
    assert path.read_bytes() == before


def test_another_programs_database_is_left_alone(path: Path):
    path.parent.mkdir()
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE theirs (x)")
    db.close()
    before = path.read_bytes()
    with pytest.raises(RunnerError, match=r"store\.not_ours"):
        Store.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"\0" * 5000, b"# notes\n" * 1000, b"SQLite format 3\0" * 300])
def test_a_file_that_is_no_database_is_left_alone(path: Path, content: bytes):
    path.parent.mkdir()
    path.write_bytes(content)
    store, error = Store.open_or_memory(path)
    store.close()
    assert error is not None
    assert error.code in {"store.corrupt", "store.not_ours"}
    assert path.read_bytes() == content


def test_a_folder_in_its_place_is_named(path: Path):
    path.mkdir(parents=True)
    with pytest.raises(RunnerError, match=r"store\.(cannot_open|cannot_write)"):
        Store.open(path)


def test_a_second_opening_is_refused_and_says_by_whom(store: Store, path: Path):
    with pytest.raises(RunnerError) as refused:
        Store.open_or_memory(path)
    assert refused.value.code == "store.in_use"
    assert refused.value.context["process"] == str(os.getpid())
    store.close()
    Store.open(path).close()


HOLDER = """
import sys
from pathlib import Path
from runner.store import Store
store = Store.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def test_two_starts_at_once_leave_one_writer(path: Path):
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", HOLDER, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    refused = 0
    winners = []
    for start in starts:
        if start.stdout.readline() == "open\n":
            winners.append(start)
        else:
            refused += "store.in_use" in start.stderr.read()
    assert (len(winners), refused) == (1, 3)
    for start in starts:
        start.communicate()
    Store.open(path).close()


def test_the_lock_of_a_killed_process_is_none(path: Path):
    pipe = subprocess.PIPE
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, path], stdin=pipe, stdout=pipe)
    holder.stdout.readline()
    with pytest.raises(RunnerError, match=r"store\.in_use"):
        WriterLock(lock_of(path))
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    with Store.open(path):
        assert lock_of(path).read_text() == f"{os.getpid()}\n"


def test_interrupted_answers_are_marked_at_the_next_start(path: Path):
    with Store.open(path) as store:
        chat = store.chats.create().result()
        turn = store.chats.ask(chat.id, None, "q").result()
        store.chats.write_answer(turn.id, "Half an ans").result()
    with Store.open(path) as store:
        assert store.interrupted == 1
        again = store.chats.turn(turn.id)
        assert (again.answer, again.was_interrupted) == ("Half an ans", True)
    with Store.open(path) as store:
        assert store.interrupted == 0


def test_chats_deleted_long_ago_go_at_the_next_start(path: Path):
    with Store.open(path) as store:
        old, new = store.chats.create("old").result(), store.chats.create("new").result()
        for chat in (old, new):
            store.chats.delete(chat.id).result()
        store.database.write(
            lambda db: db.execute("UPDATE chat SET deleted = 1 WHERE id = ?", (old.id,)) and None
        ).result()
    with Store.open(path) as store:
        store.database.write(lambda db: None).result()
        assert [chat.id for chat in store.chats.list(deleted=True)] == [new.id]
