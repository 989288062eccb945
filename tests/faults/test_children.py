"""Children that fall over, hang, babble or lose their parent: one clear end each, and no orphan."""

import os
import queue
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.confine import sockets
from runner.errors import RunnerError
from runner.porter import handle
from runner.porter.client import PorterClient
from runner.porter.wire import Facts
from runner.protocol.common import Ended, EndKind, Silent
from runner.protocol.engine import Chunk
from runner.reader_client import ReaderClient
from runner.session import SessionState
from tests.support.porter import ROOT, front_end_command, running_porter
from tests.support.sessions import Driver, driving

pytestmark = pytest.mark.fault
SOON_S = 8.0


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "any.gguf"
    file.write_bytes(b"any")
    return file


@pytest.fixture
def porter() -> Iterator[PorterClient]:
    with running_porter() as porter:
        yield porter


@pytest.fixture
def echo(porter: PorterClient, model: Path) -> Iterator[Driver]:
    with driving(porter, "echo") as driver:
        driver.load(model)
        yield driver


def state(pid: int) -> str:
    """Returns the letter of a process's state, or nothing where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def gone_soon(*pids: int, seconds: float = SOON_S) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        # Without a parent, whether the system's first process waits for them is its own business.
        if all(state(pid) in ("", "Z", "X") for pid in pids):
            return True
        time.sleep(0.02)
    return False


def zombies_of(parent: int) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] == "Z" and int(fields[1]) == parent:
            found.append(entry.parent.name)
    return found


# ---- what an engine can do to itself ------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "number"),
    [("!crash", signal.SIGSEGV), ("!abort", signal.SIGABRT), ("!kill", signal.SIGKILL)],
)
def test_an_accident_is_one_end_and_one_restart(
    echo: Driver, porter: PorterClient, order: str, number: int
) -> None:
    echo.ask(order)
    ended = echo.until(Ended)
    assert (ended.kind, ended.number) == (EndKind.SIGNAL, number)
    echo.until_state(SessionState.FAILED)
    if order != "!kill":
        assert "Fatal Python error" in ended.tail
    assert zombies_of(porter.porter_pid) == []  # type: ignore[attr-defined]
    echo.session.restart()
    echo.until_state(SessionState.READY)
    assert echo.answer("are you there")[0] == "are you there"


def test_stray_prints_do_no_harm(echo: Driver) -> None:
    assert echo.answer('!print {"type": "done"} and more')[0] == '{"type": "done"} and more'
    echo.ask("!kill")
    assert '{"type": "done"} and more' in echo.until(Ended).tail


def test_a_kill_with_evidence_is_told_as_out_of_memory(model: Path, tmp_path: Path) -> None:
    counter = tmp_path / "vmstat"
    counter.write_text("pgfault 5\noom_kill 3\n")
    with running_porter(memory_kills=str(counter)) as porter, driving(porter, "echo") as driver:
        driver.load(model)
        counter.write_text("pgfault 9\noom_kill 4\n")
        driver.ask("!kill")
        ended = driver.until(Ended)
    assert (ended.kind, ended.number) == (EndKind.OUT_OF_MEMORY, 9)


def test_a_real_want_of_memory_is_told_as_such(echo: Driver) -> None:
    group = Path(f"/sys/fs/cgroup/memory/lightwell-test-{os.getpid()}")
    try:
        group.mkdir()
        (group / "memory.limit_in_bytes").write_text(str(96 * 1024 * 1024))
    except OSError:
        pytest.skip("not run: no memory group can be made here")
    try:
        child = echo.session.child
        assert child is not None
        (group / "cgroup.procs").write_text(str(child.pid))
        echo.ask("!oom")
        ended = echo.until(Ended)
        assert ended.kind is EndKind.OUT_OF_MEMORY
    finally:
        time.sleep(0.1)
        group.rmdir()


def test_the_engine_goes_first_when_memory_runs_out(echo: Driver) -> None:
    child = echo.session.child
    assert child is not None
    assert Path(f"/proc/{child.pid}/oom_score_adj").read_text() == "1000\n"


# ---- silence, and the ladder --------------------------------------------------------------------


def test_a_hang_is_said_and_ended(
    porter: PorterClient, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handle, "PATIENCE_S", 1.5)
    with driving(porter, "echo") as driver:
        driver.load(model)
        driver.ask("!hang")
        silent = driver.until(Silent)
        assert silent.seconds == 1.5
        driver.session.restart()
        driver.until_state(SessionState.READY)
        assert driver.answer("back again")[0] == "back again"


def test_a_child_that_hangs_before_it_is_sealed_is_ended() -> None:
    """Whoever waited for it waited without end: nobody listens to a process before its proof."""
    ends: queue.SimpleQueue[Any] = queue.SimpleQueue()
    with running_porter(seal_s=1) as porter:
        porter.start("mute", on_event=ends.put)
        ended = ends.get(timeout=SOON_S)
    assert ended == Ended(kind=EndKind.NOT_STARTED, number=9, tail="it was not sealed within 1 s")


def test_the_ladder_ends_a_child_that_hears_nothing(
    porter: PorterClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ASK_S", "CLOSE_S", "TERMINATE_S"):
        monkeypatch.setattr(handle, name, 0.2)
    ends: queue.SimpleQueue[Any] = queue.SimpleQueue()
    child = porter.start("echo", on_event=lambda m: ends.put(m) if isinstance(m, Ended) else None)
    wait_until(lambda: child.pid)
    os.kill(child.pid, signal.SIGSTOP)
    begun = time.monotonic()
    child.stop()
    assert ends.get(timeout=SOON_S).kind is EndKind.ASKED
    assert time.monotonic() - begun > 0.5, "the hard steps come last"


def test_asking_is_enough_for_a_healthy_child(porter: PorterClient) -> None:
    child = porter.start("echo")
    wait_until(lambda: child.pid)
    begun = time.monotonic()
    child.stop()
    assert child.wait(SOON_S)
    assert time.monotonic() - begun < handle.ASK_S


def wait_until(condition: Any) -> None:
    end = time.monotonic() + SOON_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


# ---- a child that does not keep to the protocol -------------------------------------------------


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("hello\n", 1),
        ('{"type": "mystery"}\n', 1),
        ('{"type": "result", "run": "one"}\n', 1),
        ('{"type": "loaded"}\n', 1),
        pytest.param("x" * 1024, 9 * 1024, id="a line of 9 MiB"),
        pytest.param("[" * 1000 + "\n", 1, id="deep nesting"),
    ],
)
def test_babble_ends_the_child(porter: PorterClient, text: str, times: int) -> None:
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
    client = ReaderClient(porter, kind="jobs")
    client.ask("babble", (text, times), str, answers.put, answers.put, deadline_s=3)
    answer = answers.get(timeout=SOON_S)
    assert isinstance(answer, RunnerError)
    assert answer.context["how"] == EndKind.PROTOCOL
    client.ask("double", 3, int, answers.put, answers.put)
    assert answers.get(timeout=SOON_S) == 6
    client.close()


# ---- parents that go ----------------------------------------------------------------------------


def test_children_die_with_a_killed_porter(model: Path) -> None:
    with running_porter() as porter, driving(porter, "echo") as driver:
        driver.load(model)
        child = driver.session.child
        assert child is not None
        os.kill(porter.porter_pid, signal.SIGKILL)  # type: ignore[attr-defined]
        assert gone_soon(child.pid, seconds=2)
        assert driver.until(Ended).kind is EndKind.SIGNAL
        driver.session.load(model)
        assert driver.until(Ended).kind is EndKind.NOT_STARTED


def test_without_that_signal_the_end_of_input_is_enough(model: Path) -> None:
    with running_porter() as porter:
        child = porter.start("lasting")
        wait_until(lambda: child.pid)
        status = Path(f"/proc/{child.pid}/status").read_text()
        assert "Seccomp:\t2" in status
        os.kill(porter.porter_pid, signal.SIGKILL)  # type: ignore[attr-defined]
        assert child.wait(SOON_S)
        assert gone_soon(child.pid)


@pytest.mark.parametrize(("manner", "status"), [("crash", 139), ("leave", 3), ("kill", 137)])
def test_children_go_when_their_front_end_goes(manner: str, status: int) -> None:
    process = owner(manner)
    assert process.stdout is not None
    front_end, *children = map(int, process.stdout.readline().split())
    if manner == "kill":
        os.kill(front_end, signal.SIGKILL)
    assert process.wait(SOON_S) == status
    assert gone_soon(*children, seconds=1), "the porter waits for them before it goes"
    process.stdout.close()


def test_the_whole_tree_goes_with_a_killed_porter() -> None:
    process = owner("wait")
    assert process.stdout is not None
    pids = list(map(int, process.stdout.readline().split()))
    porter = int(Path(f"/proc/{pids[0]}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(porter, signal.SIGKILL)
    assert gone_soon(*pids)
    process.wait(SOON_S)
    process.stdout.close()


def owner(manner: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        front_end_command("owner", manner),
        env={**os.environ, "PYTHONPATH": str(ROOT), "PORTER": "{}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


# ---- what a careless parent leaves open ---------------------------------------------------------


def test_no_socket_is_inherited(model: Path) -> None:
    facts: queue.SimpleQueue[Any] = queue.SimpleQueue()
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        running_porter(facts.put, inherited=[server.fileno()]) as porter,
        driving(porter, "echo") as driver,
    ):
        driver.load(model)
        child = driver.session.child
        assert child is not None
        targets = [str(entry.readlink()) for entry in Path(f"/proc/{child.pid}/fd").iterdir()]
    assert {target.partition(":")[0] for target in targets if not target.startswith("/")} == {
        "pipe"
    }
    found = facts.get(timeout=SOON_S)
    assert isinstance(found, Facts)
    assert found.label == "sealed off"


def test_no_listener_is_inherited(model: Path) -> None:
    """Who holds another process's listener could let its refused calls through."""
    with (
        running_porter() as porter,
        driving(porter, "echo") as first,
        driving(porter, "echo") as second,
    ):
        for driver in (first, second):
            driver.load(model)
        children = [driver.session.child for driver in (first, second)]
        held = [sockets.listeners(child.pid) for child in children if child is not None]
    assert held == [0, 0]


def test_a_long_answer_arrives_whole_and_in_order(echo: Driver) -> None:
    text, done = echo.answer("!long 2000")
    assert text.split() == [f"word{n}" for n in range(2000)]
    assert done.tokens == 2000
    assert len([event for event in echo.seen if isinstance(event, Chunk)]) == 2000
