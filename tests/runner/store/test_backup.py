"""Everything in one file and back again; and nothing of a bad file."""

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from runner.errors import RunnerError
from runner.store import Store
from runner.store.backup import ENDING, check_backup
from runner.store.backup import _seal as seal
from runner.store.restoring import replace_damaged
from runner.store.search import search
from runner.store.values import TurnState


def said(store: Store, question: str, answer: str = "An answer."):
    chat = store.chats.create().result()
    turn = store.chats.ask(chat.id, None, question).result()
    store.chats.finish(turn.id, answer, TurnState.DONE, "end token").result()
    return chat


def titles(store: Store) -> list[str]:
    return [chat.title for chat in store.chats.list()]


@pytest.fixture
def backup(store: Store, tmp_path: Path) -> Path:
    said(store, "in the backup")
    target = tmp_path / f"mine{ENDING}"
    store.back_up(target, "schema = 1\n").result(10)
    return target


def test_a_backup_comes_back_with_its_settings_and_keeps_what_was(
    store: Store, backup: Path, path: Path
):
    said(store, "after the backup")
    replaced: list[int] = []
    store.when_replaced(lambda: replaced.append(1))
    restored = store.restore(backup, "schema = 1\n# now\n").result(10)
    assert titles(store) == ["in the backup"]
    assert restored.settings == "schema = 1\n"
    with store.database.reading() as db:
        assert len(search(db, "backup").hits) == 1
    said(store, "and on it goes")
    assert not list(path.parent.glob(".*"))
    undone = store.restore(restored.kept).result(10)
    assert titles(store) == ["after the backup", "in the backup"]
    assert undone.settings == "schema = 1\n# now\n"
    assert replaced == [1, 1]


def test_a_backup_is_made_while_an_answer_is_written(store: Store, tmp_path: Path):
    chat = store.chats.create().result()
    turn = store.chats.ask(chat.id, None, "q").result()
    ended = threading.Event()

    def write() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            store.chats.write_answer(turn.id, "word " * number).result()

    writing = threading.Thread(target=write)
    writing.start()
    try:
        store.back_up(tmp_path / "b").result(20)
    finally:
        ended.set()
        writing.join()
    store.restore(tmp_path / "b").result(20)
    assert store.chats.tree(chat.id).turns[0].was_interrupted


def test_a_failed_backup_leaves_the_old_one(store: Store, backup: Path):
    before = backup.read_bytes()
    folder = backup.with_name("folder")
    folder.mkdir()
    with pytest.raises(RunnerError):
        store.back_up(folder).result(10)
    with pytest.raises(RunnerError):
        store.back_up(backup.parent / "missing" / "b").result(10)
    assert backup.read_bytes() == before
    assert list(backup.parent.glob(".*")) == []


def test_a_store_in_memory_can_be_backed_up_and_restored(tmp_path: Path):
    with Store.in_memory() as store:
        said(store, "kept nowhere else")
        store.back_up(tmp_path / "b").result(10)
    with Store.in_memory() as other:
        assert other.restore(tmp_path / "b").result(10).kept is None
        assert titles(other) == ["kept nowhere else"]


def tampered(backup: Path, *statements: str) -> Path:
    copy = backup.with_name("tampered")
    shutil.copy(backup, copy)
    db = sqlite3.connect(copy, isolation_level=None)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("PRAGMA writable_schema = ON")
    for statement in statements:
        db.execute(statement)
    db.close()
    content = copy.read_bytes()
    copy.write_bytes(content[: len(content) & ~0xFFF])
    seal(copy)
    return copy


TAMPERING = {
    "a trigger": (
        "CREATE TRIGGER evil AFTER INSERT ON chat BEGIN DELETE FROM chat; END",
        "backup.foreign",
    ),
    "a view": ("CREATE VIEW evil AS SELECT 1", "backup.foreign"),
    "a table": ("CREATE TABLE evil (x)", "backup.foreign"),
    "a trigger changed": (
        "UPDATE sqlite_master SET sql = replace(sql, 'new.text', '''x''') WHERE name = 'message_added'",
        "backup.foreign",
    ),
    "a table gone": ("DROP TABLE attachment", "backup.foreign"),
    "no settings table": ("DROP TABLE backup", "backup.not_one"),
    "no settings": ("DELETE FROM backup", "backup.not_one"),
    "another program's": ("PRAGMA application_id = 5", "backup.not_one"),
    "the future": ("PRAGMA user_version = 900", "store.newer"),
    "a turn of no chat": ("UPDATE turn SET chat_id = 77", "backup.damaged"),
    "a turn below itself": (
        "PRAGMA ignore_check_constraints = ON; UPDATE turn SET parent_id = id",
        "backup.damaged",
    ),
}


@pytest.mark.parametrize("case", TAMPERING)
def test_a_tampered_backup_changes_nothing(store: Store, backup: Path, path: Path, case: str):
    script, code = TAMPERING[case]
    bad = tampered(backup, *script.split("; ") if case == "a turn below itself" else [script])
    said(store, "still here")
    with pytest.raises(RunnerError) as refused:
        store.restore(bad).result(10)
    assert refused.value.code == code
    assert titles(store) == ["still here", "in the backup"]
    assert not list(path.parent.glob(".*"))


def test_a_backup_of_a_newer_minor_version_is_read(store: Store, backup: Path):
    newer = tampered(backup, "CREATE TABLE later (x)", "PRAGMA user_version = 199")
    assert check_backup(newer).chats == 1
    store.restore(newer).result(10)
    assert titles(store) == ["in the backup"]


@pytest.mark.parametrize(
    "content", [b"", b"SQLite format 3\0", b"# text", b"SQLite format 3\0" * 500]
)
def test_what_is_no_backup_is_named(store: Store, tmp_path: Path, content: bytes):
    bad = tmp_path / "bad"
    bad.write_bytes(content)
    with pytest.raises(RunnerError, match=r"backup\.(not_one|damaged)"):
        store.restore(bad).result(10)
    with pytest.raises(RunnerError, match=r"backup\.unreadable"):
        store.restore(tmp_path / "none").result(10)


def test_a_flipped_or_missing_byte_is_refused_and_changes_nothing(store: Store, backup: Path):
    whole = backup.read_bytes()
    bad = backup.with_name("bad")
    for place in range(0, len(whole), len(whole) // 100):
        broken = bytearray(whole)
        broken[place] ^= 0x10
        bad.write_bytes(broken)
        with pytest.raises(RunnerError, match=r"backup\.(damaged|not_one)"):
            store.restore(bad).result(10)
        bad.write_bytes(whole[:place])
        with pytest.raises(RunnerError, match=r"backup\.(damaged|not_one)"):
            store.restore(bad).result(10)
    assert titles(store) == ["in the backup"]


@pytest.mark.parametrize("place", range(8))
def test_a_damaged_page_under_a_true_digest_breaks_nothing(store: Store, backup: Path, place: int):
    """A stranger can seal anything; the checks behind the digest end in a code or a sound store."""
    whole = bytearray(backup.read_bytes()[:-48])
    start = 4096 * (1 + place * (len(whole) // 4096 - 1) // 8)
    whole[start : start + 64] = bytes(range(100, 164))
    bad = backup.with_name("bad")
    bad.write_bytes(whole)
    seal(bad)
    failure = store.restore(bad).exception(10)
    assert failure is None or isinstance(failure, RunnerError)
    with store.database.reading() as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    said(store, "still works")


def test_a_damaged_database_is_replaced_and_kept(store: Store, backup: Path, path: Path):
    with pytest.raises(RunnerError, match=r"store\.in_use"):
        replace_damaged(path, backup)
    store.close()
    path.write_bytes(b"\0" * 5000)
    with pytest.raises(RunnerError, match=r"store\.(corrupt|not_ours)"):
        Store.open(path)
    kept = replace_damaged(path, backup).kept
    assert kept.read_bytes() == b"\0" * 5000
    with Store.open(path) as again:
        assert titles(again) == ["in the backup"]
