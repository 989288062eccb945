"""A kill at any moment loses nothing that was acknowledged, and damages nothing.

`LIGHTWELL_KILLS` sets how often (20 unless told; 60 for the figures in docs/evidence).
"""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from runner.store import Store

KILLS = int(os.environ.get("LIGHTWELL_KILLS", "20"))

# Writes as a chat does, and says on its output what it was promised: a turn that was asked, the
# length of an answer so far, an end. What it said before the kill must be there after it.
WRITER = """
import sys
from pathlib import Path
from runner.store import Store
from runner.store.values import TurnState

store = Store.open(Path(sys.argv[1]))
chats = store.chats
chat = chats.create().result()
print("chat", chat.id, flush=True)
number = 0
while True:
    number += 1
    leaf = chats.chat(chat.id).leaf_id
    turn = chats.ask(chat.id, leaf, f"question {number} " + "and so on " * 50).result()
    print("asked", turn.id, number, flush=True)
    text = ""
    for step in range(5):
        text += f"step {step} of {number} " * 20
        chats.write_answer(turn.id, text).result()
        print("wrote", turn.id, len(text), flush=True)
    if number % 3 == 0:
        chats.delete(chat.id).result()
        chats.restore(chat.id).result()
    chats.finish(turn.id, text, TurnState.DONE, "end token", tokens=range(50)).result()
    print("ended", turn.id, len(text), flush=True)
"""


def killed_after(path: Path, seconds: float) -> list[list[str]]:
    """Runs the writer, kills it `seconds` after its first answer, returns what it was promised."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, text=True, bufsize=1
    )
    first = writer.stdout.readline()
    killing = threading.Timer(seconds, writer.send_signal, [signal.SIGKILL])
    killing.start()
    said = first + writer.stdout.read()
    writer.wait()
    writer.stdout.close()
    killing.join()
    # The last line may be cut by the kill itself.
    return [line.split() for line in said[: said.rfind("\n")].splitlines()]


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_kill_loses_nothing_that_was_acknowledged(path: Path):
    chance = random.Random(11)
    acknowledged = 0
    for _ in range(KILLS):
        promises = killed_after(path, chance.uniform(0.0, 0.25))
        with Store.open(path) as store:
            with store.database.reading() as db:
                assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert db.execute("PRAGMA foreign_key_check").fetchone() is None
            assert store.interrupted <= 1
            chat = int(promises[0][1])
            turns = store.chats.tree(chat).by_id
            for what, turn, size in promises[1:]:
                kept = turns[int(turn)]
                if what == "asked":
                    assert kept.question.startswith(f"question {size} ")
                else:
                    assert len(kept.answer) >= int(size)
                if what == "ended":
                    assert kept.state == "done"
                    assert store.chats.answer_tokens(kept.id) == tuple(range(50))
            acknowledged += len(promises)
            assert store.chats.chat(chat).deleted is None or promises[-1][0] == "wrote"
            check = "INSERT INTO message_search(message_search, rank) VALUES ('integrity-check', 1)"
            store.database.write(lambda db, check=check: db.execute(check) and None).result()
    assert acknowledged > KILLS * 5, "the kills came too early to prove anything"


RESTORER = """
import sys
from pathlib import Path
from runner.store import Store
store = Store.open(Path(sys.argv[1]))
print("open", flush=True)
while True:
    store.restore(Path(sys.argv[2])).result()
    print("restored", flush=True)
"""


@pytest.mark.fault
def test_a_kill_during_a_restore_leaves_the_old_or_the_new(path: Path, tmp_path: Path):
    backup = tmp_path / "b"
    with Store.open(path) as store:
        for number in range(40):
            chat = store.chats.create(f"chat {number}").result()
            store.chats.ask(chat.id, None, "long " * 2000).result()
        store.back_up(backup).result(20)
    chance = random.Random(5)
    for _ in range(max(3, KILLS // 5)):
        restorer = subprocess.Popen(
            [sys.executable, "-c", RESTORER, path, backup], stdout=subprocess.PIPE
        )
        restorer.stdout.readline()
        killing = threading.Timer(chance.uniform(0.0, 0.3), restorer.kill)
        killing.start()
        restorer.wait()
        killing.join()
        restorer.stdout.close()
        with Store.open(path) as store:
            with store.database.reading() as db:
                assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert len(store.chats.list()) == 40
