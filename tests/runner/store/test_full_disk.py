"""A full disk costs nothing that was saved, lets an answer end, and lets a person make room."""

import errno
import os
import resource
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from runner.errors import RunnerError
from runner.store import Store
from runner.store.values import TurnState


def fill(store: Store) -> None:
    """Leaves the database no page to grow by; SQLite then says what it says on a full disk."""

    def work(db):
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages}")

    store.database.write(work).result()


def empty(store: Store) -> None:
    store.database.write(
        lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchone() and None
    ).result()


def test_a_full_disk_refuses_a_question_whole_and_names_itself(store: Store, path: Path):
    chat = store.chats.create().result()
    turn = store.chats.ask(chat.id, None, "before").result()
    store.chats.set_draft(chat.id, "my long question").result()
    fill(store)
    with pytest.raises(RunnerError) as refused:
        store.chats.ask(chat.id, turn.id, "x" * 100_000).result()
    assert refused.value.code == "store.disk_full"
    assert refused.value.context["path"] == str(path)
    assert refused.value.context["free_mb"] > 0
    assert [each.question for each in store.chats.tree(chat.id).turns] == ["before"]
    assert store.chats.chat(chat.id).draft == "my long question"

    empty(store)  # room again, without a restart
    store.chats.ask(chat.id, turn.id, "x" * 100_000).result()
    assert store.chats.chat(chat.id).draft == ""


def test_the_ballast_goes_for_what_must_be_saved_and_comes_back(store: Store, path: Path):
    ballast = path.with_name("ballast")
    chat = store.chats.create().result()
    turn = store.chats.ask(chat.id, None, "q").result()
    assert ballast.stat().st_size == 64 * 1024
    fill(store)
    with pytest.raises(RunnerError, match=r"store\.disk_full"):
        store.chats.ask(chat.id, turn.id, "x" * 100_000).result()
    assert ballast.exists()
    with pytest.raises(RunnerError, match=r"store\.disk_full"):
        store.chats.finish(turn.id, "y" * 100_000, TurnState.DONE, "end token").result()
    assert not ballast.exists()
    assert store.chats.turn(turn.id).state is TurnState.STREAMING
    empty(store)
    store.chats.finish(turn.id, "y" * 100_000, TurnState.DONE, "end token").result()
    assert ballast.exists()


SMALL_DISK = textwrap.dedent("""
    import sys
    from pathlib import Path
    from runner.errors import RunnerError
    from runner.store import Store
    from runner.store.values import TurnState

    folder = Path(sys.argv[1])
    path = folder / "data" / "lightwell.sqlite"
    store = Store.open(path)
    ballast = path.with_name("ballast")
    chat = store.chats.create("long").result()
    # What is purged needs room for a copy of it beside it, on a disk of any size.
    (folder / "things of others").write_bytes(b"x" * 5 * 1024 * 1024)
    turns, code = [], ""
    ballast.write_bytes(b"x" * 4 * 1024 * 1024)  # a disk this small would not be given one
    while not code:
        try:
            leaf = turns[-1].id if turns else None
            turns.append(store.chats.ask(chat.id, leaf, "q " * 20_000).result())
        except RunnerError as error:
            code = error.code
    assert code == "store.disk_full", code
    assert len(turns) > 20, len(turns)
    assert ballast.exists()

    # The answer that was being written still ends, and the chat can be deleted.
    end = "the end " * 6_000  # longer than the question that no longer fitted
    ended = store.chats.finish(turns[-1].id, end, TurnState.STOPPED, "stopped").result()
    assert ended.answer.endswith("the end ")
    assert not ballast.exists()
    assert store.chats.delete(chat.id).result().deleted
    store.chats.restore(chat.id).result()
    store.close()

    store = Store.open(path)
    with store.database.reading() as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    kept = store.chats.tree(chat.id)
    assert [turn.id for turn in kept.turns] == [turn.id for turn in turns]
    assert all(turn.question == "q " * 20_000 for turn in kept.turns)
    store.chats.delete(chat.id).result()
    assert store.chats.purge().result() == 1
    store.close()
    store = Store.open(path)
    another = store.chats.create("short").result()
    store.chats.ask(another.id, None, "and on it goes").result()
    store.close()
    print("good")
""")


def test_a_disk_of_16_mb_fills_and_is_emptied_again(tmp_path: Path):
    """On a real small file system, in a namespace of our own; skipped where none can be had."""
    if not (unshare := shutil.which("unshare")):
        pytest.skip("unshare is not installed")
    script = tmp_path / "small_disk.py"
    script.write_text(SMALL_DISK)
    disk = tmp_path / "disk"
    disk.mkdir()
    command = (
        f'mount -t tmpfs -o size=16m small "{disk}" && exec "{sys.executable}" "{script}" "{disk}"'
    )
    own_namespace = [unshare, "--user", "--map-root-user", "--mount", "sh", "-c"]
    probe = subprocess.run([*own_namespace, f'mount -t tmpfs small "{disk}"'], capture_output=True)
    if probe.returncode:
        pytest.skip(f"no file system of our own here: {probe.stderr.decode().strip()}")
    done = subprocess.run(
        [*own_namespace, command],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert done.stdout == "good\n", done.stderr


def no_larger_than(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


TOO_LARGE = textwrap.dedent("""
    import sys
    from pathlib import Path
    from runner.errors import RunnerError
    from runner.store import Store
    path = Path(sys.argv[1])
    store = Store.open(path)
    chat = store.chats.create().result()
    kept = 0
    try:
        while True:
            store.chats.ask(chat.id, None, "q " * 50_000).result()
            kept += 1
    except RunnerError as error:
        print(error.code, kept)
""")


@pytest.mark.fault
@pytest.mark.skipif(os.name == "nt", reason="limits are POSIX")
def test_a_file_size_limit_ends_in_a_code_and_keeps_what_was_saved(path: Path):
    done = subprocess.run(
        [sys.executable, "-c", TOO_LARGE, path],
        capture_output=True,
        text=True,
        preexec_fn=lambda: no_larger_than(6 * 1024 * 1024),
    )
    code, kept = done.stdout.split()
    assert code in {"store.cannot_write", "store.disk_full"}
    with Store.open(path) as store:
        (chat,) = store.chats.list()
        assert chat.turns == int(kept) > 3


def test_a_used_up_quota_is_a_full_disk(monkeypatch, path: Path):
    import sqlite3

    from runner.store import failures

    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_WRITE"
    assert failures.named(error, path / "x").code == "store.cannot_write"

    def no_room(**_):
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(failures.tempfile, "TemporaryFile", no_room)
    assert failures.named(error, path / "x").code == "store.disk_full"


READ_ONLY = textwrap.dedent("""
    import sys
    from pathlib import Path
    from runner.store import Store
    store, error = Store.open_or_memory(Path(sys.argv[1]))
    chat = store.chats.create("not kept").result()
    print(error and error.code, store.is_kept, *(each.title for each in store.chats.list()))
""")


def test_a_read_only_home_leaves_an_app_that_keeps_nothing(path: Path, tmp_path: Path):
    """Read-only as a file system, so that it holds for root too."""
    with Store.open(path) as store:
        store.chats.create("old").result()
    if not (unshare := shutil.which("unshare")):
        pytest.skip("unshare is not installed")
    script = tmp_path / "read_only.py"
    script.write_text(READ_ONLY)
    home = path.parent
    run = f'exec "{sys.executable}" "{script}"'
    for where, shown in ((path, "not kept old"), (home / "never" / "was.sqlite", "not kept")):
        done = subprocess.run(
            [unshare, "--user", "--map-root-user", "--mount", "sh", "-c",
             f'mount --bind "{home}" "{home}" && mount -o remount,bind,ro "{home}" && {run} "{where}"'],
            capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        )  # fmt: skip
        if done.returncode and "unshare" in done.stderr:
            pytest.skip(f"no file system of our own here: {done.stderr.strip()}")
        assert done.stdout == f"store.read_only False {shown}\n", done.stderr
    with Store.open(path) as store:
        assert [chat.title for chat in store.chats.list()] == ["old"]
