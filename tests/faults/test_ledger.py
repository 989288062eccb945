"""strace beside the ledger: what it saw of the internet is what stands there, and the reverse.

And a kill at any moment: whatever reached the Hub is a line. `LIGHTWELL_KILLS` sets how often.
"""

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from runner.store import Store
from runner.store.ledger_lines import Event
from tests.support.hub_server import FakeHub
from tests.support.porter import ROOT, WITHOUT_CAPABILITIES, front_end_command
from tests.support.trace import read_trace

pytestmark = pytest.mark.fault

KILLS = int(os.environ.get("LIGHTWELL_KILLS", "5"))
SENDS = "trace=clone,clone3,connect,sendto,sendmsg,sendmmsg,bind,io_uring_setup"
INTERNET = re.compile(r'^(\d+) +(\w+)\(.*AF_INET6?, .*?htons\((\d+)\), .*?"([0-9a-f.:]+)"')
STARTED = re.compile(r"^(\d+) +clone3?\b.* = (\d+)$")
LOCAL_ENDPOINTS: set[tuple[str, int]] = set()
"""What a process may reach on this computer besides: nothing, in a tour without a display."""


def environment(hub: FakeHub) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PORTER": "{}",
        "HF_ENDPOINT": hub.endpoint,
    }


def test_strace_and_the_ledger_tell_the_same(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.fail("strace is missing: .ci/run installs it")
    trace, path = tmp_path / "trace", tmp_path / "store" / "lightwell.sqlite"
    with FakeHub() as hub:
        ran = subprocess.run(
            [*WITHOUT_CAPABILITIES, "strace", "-f", "-qq", "-e", SENDS, "-o", str(trace),
             *front_end_command("fetching", str(path), "1")],
            env=environment(hub), stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=100,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert hub.strangers == []
        arrived = len(hub.requests)
    seen = [
        (pid, call, (address, int(port)))
        for line in read_trace(trace)
        if "EPERM" not in line and (match := INTERNET.match(line))
        for pid, call, port, address in [match.groups()]
    ]
    with Store.open(path) as store:
        entries = [line.entry for line in store.ledger.lines()]
        assert store.ledger.verify().problems == ()
    lines = [(e.address, e.port) for e in entries if e.event is Event.CONNECTION]
    assert sorted(where for _, _, where in seen if where not in LOCAL_ENDPOINTS) == sorted(lines)
    assert len(lines) == arrived == 4
    assert {call for _, call, _ in seen} == {"connect"}

    log = (tmp_path / "state/lightwell/porter.log").read_text()
    (gate,) = re.findall(r"gate pid (\d+)", log)
    (courier,) = re.findall(r"courier pid (\d+)", log)
    of_gate = _threads_of(gate, trace)
    assert {pid for pid, _, _ in seen} <= of_gate, "only the gate reaches the internet"
    assert courier not in of_gate
    attempts = [line for line in log.splitlines() if " attempt " in line]
    assert attempts == [], "neither of the two tried what it may not"


def _threads_of(process: str, trace: Path) -> set[str]:
    """Returns a process's threads; one that may start no other process only makes threads."""
    threads = {process}
    for line in read_trace(trace):
        if (match := STARTED.match(line)) and match[1] in threads:
            threads.add(match[2])
    return threads


def test_whatever_arrived_before_a_kill_is_a_line(tmp_path: Path) -> None:
    path = tmp_path / "store" / "lightwell.sqlite"
    with FakeHub() as hub:
        for _ in range(KILLS):
            running = subprocess.Popen(
                front_end_command("fetching", str(path), "1000"),
                env=environment(hub), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
            before, until = len(hub.requests), time.monotonic() + 30
            while len(hub.requests) == before and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(random.uniform(0, 0.3))
            _kill_front_end(running.pid)
            running.wait(20)
        arrived = [(request.method, request.path) for request in hub.requests]
    with Store.open(path) as store:
        entries = [line.entry for line in store.ledger.lines(most=10**6)]
        assert store.ledger.verify().problems == ()
    told = [(e.method, e.path.partition("?")[0]) for e in entries if e.event is Event.CONNECTION]
    assert len(arrived) >= KILLS
    missing = list(arrived)
    for line in told:
        if line in missing:
            missing.remove(line)
    assert missing == []
    # A line may have no request: the kill came between the two.
    assert len(told) - len(arrived) <= KILLS


def _kill_front_end(porter: int) -> None:
    """Kills the process that writes the ledger; its porter ends by that."""
    children = Path(f"/proc/{porter}/task/{porter}/children").read_text().split()
    for child in children:
        # Another process of it, such as a courier, may end while this looks.
        with contextlib.suppress(FileNotFoundError):
            if b"fetching_process" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(int(child), signal.SIGKILL)
