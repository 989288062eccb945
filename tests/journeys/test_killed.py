"""Killed in the middle of an answer: nothing that was on screen for more than a second is lost."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from runner.library import paths
from runner.store import Store
from runner.store.values import INTERRUPTED, TurnState

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_while_streaming(model: Path, seed: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.journeys.streaming_window", str(model)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    seen: list[tuple[float, int]] = []
    lasting = 1.5 + random.Random(seed).random() * 1.5
    begun = 0.0
    for line in process.stdout:
        if line.count(" ") != 1 or not line[:1].isdigit():
            print(line, end="")  # a complaint of the window, shown where this test fails
            continue
        at, length = line.split()
        seen.append((float(at), int(length)))
        if int(length) and not begun:
            begun = float(at)
        if begun and float(at) - begun > lasting:
            break
    killed = time.monotonic()
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    shown = max((length for at, length in seen if at < killed - 1.0), default=0)
    assert shown > 0, "nothing had been on screen for a second"
    with _reopened() as store:
        assert store.interrupted == 1
        (chat,) = store.chats.list()
        (turn,) = store.chats.tree(chat.id).path()
    assert turn.question.startswith("!slow 5 word0 word1")
    assert turn.state is not TurnState.STREAMING
    assert turn.reason == INTERRUPTED
    assert len(turn.answer) >= shown
    assert turn.answer == " ".join(f"word{n}" for n in range(1500))[: len(turn.answer)]


def _reopened() -> Store:
    """The lock of a killed process goes with it, but not always in the same instant."""
    end = time.monotonic() + 5
    while True:
        try:
            return Store.open(paths.database_file())
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
