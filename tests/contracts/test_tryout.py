"""Every engine tries every way out when asked to, and the porter counts what the kernel refused.

Echo and llama.cpp are real processes here; walls are taken away to see that the trial can fail.
"""

import time
from collections import Counter
from pathlib import Path

import pytest

from runner.porter.client import PorterClient
from runner.porter.record import Seen
from runner.protocol.engine import Tried, Try
from tests.support.porter import running_porter
from tests.support.sessions import Driver

REFUSALS = {"EPERM", "EACCES"}


def tried(driver: Driver) -> list[Try]:
    driver.session.try_out()
    return driver.until(Tried).tries


def seen_engine(porter: PorterClient, refused: int) -> Seen:
    """Waits until the porter's word of so many refused calls has come."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        seen = porter.snapshot().find("engine", "echo")
        if seen is not None and seen.refused >= refused:
            return seen
        time.sleep(0.01)
    raise AssertionError(f"{porter.snapshot()}")


@pytest.mark.parametrize("kind", ["echo", "engine"])
def test_each_way_out_is_refused_and_counted(kind: str, starter_model: Path) -> None:
    with running_porter() as porter:
        driver = Driver(porter, kind)
        driver.load(starter_model, context=256)
        tries = tried(driver)
        assert {one.outcome for one in tries} <= REFUSALS, tries
        counted = [one.call for one in tries if one.call]
        assert len(tries) - len(counted) == 2, "files are refused without a word to the porter"
        seen = seen_engine(porter, len(counted))
        assert Counter(attempt.call for attempt in seen.attempts) == Counter(counted)
        assert seen.refused == len(counted)
        assert seen.heard_s >= 0
        driver.session.unload()
        until = time.monotonic() + 10
        while porter.snapshot().find(kind) and time.monotonic() < until:
            time.sleep(0.01)
        assert porter.snapshot().refused == len(counted), "an ended process stays counted"


@pytest.mark.parametrize(
    ("walls", "let_through"),
    [
        (
            ["landlock", "private porter"],
            {"tcp4", "udp4", "connect", "unix", "program", "process"},
        ),
        (["seccomp", "listener", "private porter"], {"read", "write"}),
    ],
)
def test_without_a_wall_something_is_let_through(
    walls: list[str], let_through: set[str], tmp_path: Path
) -> None:
    model = tmp_path / "any.gguf"
    model.write_bytes(b"any")
    with running_porter(walls=walls) as porter:
        driver = Driver(porter, "echo")
        driver.load(model)
        open_ways = {one.name for one in tried(driver) if one.outcome == "open"}
        assert let_through <= open_ways
        driver.session.unload()
