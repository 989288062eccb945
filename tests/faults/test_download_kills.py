"""A download of real bytes, killed in the middle: it goes on where it was, and comes out right.

`LIGHTWELL_KILLS` sets how often the front end is killed, and how often the courier.
"""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
import pytest

from runner.store import Store
from runner.store.fetches import FetchState
from tests.support.children import children
from tests.support.fetching import remote
from tests.support.hub import Blob, HubServer, Repo
from tests.support.hub.server import Sent
from tests.support.porter import ROOT, front_end_command

pytestmark = pytest.mark.fault

KILLS = int(os.environ.get("LIGHTWELL_KILLS", "1"))
RATE = 30_000_000
RESENT_PART, RESENT_BYTES = 0.05, 8_000_000
"""What a kill may cost."""


def wait_for(wanted: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not wanted():
        assert time.monotonic() < until
        time.sleep(0.01)


def cost(before: list[Sent], there: int) -> int:
    """Returns how much of what was on its way at a kill was lost by it.

    Asked at the end: a server may count what went out a moment later.
    """
    bodies = [sent for sent in before if "/store/" in sent.asked.path]
    if not bodies:
        return 0
    begins = bodies[-1].asked.fields.get("range", "bytes=0-").removeprefix("bytes=").partition("-")
    return int(begins[0]) + bodies[-1].body - there


def test_a_killed_download_goes_on_and_comes_out_right(tmp_path: Path, starter_model: Path) -> None:
    database, folder = tmp_path / "store/lightwell.sqlite", tmp_path / "models"
    incoming = folder / ".incoming"
    with HubServer() as hub:
        repo = hub.world.add(Repo("somebody/starter-GGUF"))
        blob = Blob(starter_model, in_xet=True)
        commit = repo.commit("first", {"starter.gguf": blob})
        file = msgspec.json.encode(remote("starter.gguf", blob)).decode()
        command = front_end_command(
            "downloading", str(database), str(folder), str(RATE), repo.name, commit, file
        )
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PORTER": "{}",
            "HF_ENDPOINT": hub.endpoint,
        }

        def start() -> subprocess.Popen[str]:
            return subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, text=True, start_new_session=True,
            )  # fmt: skip

        def arrived() -> int:
            return sum(part.stat().st_size for part in incoming.glob("*.part"))

        costs: list[Callable[[], int]] = []
        moments = sorted(random.uniform(0.1, 0.6) for _ in range(2 * KILLS))
        running = start()
        for number, moment in enumerate(moments):
            kind = "downloading" if number % 2 else "courier"
            wait_for(lambda moment=moment: arrived() > moment * blob.size)  # type: ignore[misc]
            wait_for(lambda kind=kind, pid=running.pid: kind in children(pid))  # type: ignore[misc]
            before = len(hub.sent)
            at = arrived()
            os.kill(children(running.pid)[kind], signal.SIGKILL)
            costs.append(partial(cost, hub.sent[:before], arrived()))
            assert not (folder / repo.name / "starter.gguf").exists()
            if kind == "downloading":
                running.communicate(timeout=60)
                assert arrived() >= at
                running = start()
        said, errors = running.communicate(timeout=120)
        assert running.returncode == 0, said + errors
        sent = hub.bytes_sent("/store/")
    place = folder / repo.name / "starter.gguf"
    assert Blob(place).sha256 == blob.sha256
    assert list(incoming.iterdir()) == []
    allowed = RESENT_PART * blob.size + RESENT_BYTES
    assert [one for one in (told() for told in costs) if one > allowed] == []
    assert sent - blob.size <= len(moments) * allowed
    with Store.open(database) as store:
        (fetch,) = store.fetches.list()
        assert fetch.state is FetchState.DONE
        known = store.files.at(place)
        assert known is not None
        assert known.sha256 == blob.sha256
        assert store.ledger.verify().problems == ()
    most = max(told() for told in costs)
    print(f"{len(moments)} kills, {sent - blob.size} bytes sent again, {most} at most for one")
