"""A token in the system's keyring: the porter keeps it and gives it to the courier alone."""

import contextlib
import os
import queue
import resource
import selectors
import signal
from pathlib import Path
from typing import Any

import pytest

from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.porter.client import PorterClient
from runner.porter.keyring import Keyring
from runner.store import Store
from runner.store.ledger_lines import Event
from tests.support.hub import HubServer, Repo
from tests.support.porter import running_porter

REPOSITORY, TOKEN = "somebody/private-GGUF", "hf_0123456789"

TOOL = """#!/bin/sh
# Stands for the desktop's tool: keeps what it is given in a file.
case $1 in
    store) cat >"$KEPT" ;;
    lookup) cat "$KEPT" ;;
    clear) rm "$KEPT" ;;
esac
"""

pytestmark = pytest.mark.fault


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desktop with a keyring; returns where that keeps what it is given."""
    tool, bus, kept = tmp_path / "bin/secret-tool", tmp_path / "desktop-bus", tmp_path / "kept"
    tool.parent.mkdir()
    tool.write_text(TOOL)
    tool.chmod(0o755)
    bus.touch()
    monkeypatch.setenv("TEST_TOOLS", "1")
    monkeypatch.setenv("PATH", f"{tool.parent}:/usr/bin:/bin")
    monkeypatch.setenv("KEPT", str(kept))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={bus}")
    return kept


def keep(porter: PorterClient, secret: str) -> bool:
    answers: queue.SimpleQueue[bool] = queue.SimpleQueue()
    porter.keep_secret(secret, lambda kept, _: answers.put(kept))
    return answers.get(timeout=20)


def asked(client: CourierClient) -> Any:
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
    client.repository(REPOSITORY, "main", "a test", answers.put, answers.put)
    return answers.get(timeout=60)


def test_the_courier_gets_it_and_the_front_end_does_not(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.store.ballast.SIZE", 64 * 1024)
    with HubServer() as hub, Store.open(tmp_path / "lightwell.sqlite") as store:
        hub.world.tokens[TOKEN] = "me"
        repo = hub.world.add(Repo(REPOSITORY, private=True, members={TOKEN}))
        repo.commit("first", {"README.md": "x"})
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        with running_porter() as porter:
            assert keep(porter, TOKEN)
            assert kept.read_text() == TOKEN
            wanted: dict[str, str] = {}
            client = CourierClient(porter, store.ledger, asked=lambda: wanted)
            refused = asked(client)
            assert isinstance(refused, RunnerError)
            assert refused.code == "courier.not_found"
            # The token comes while one errand is under way and another waits behind it.
            answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
            for wish in ({}, {"token": "keyring"}):
                wanted.update(wish)
                client.repository(REPOSITORY, "main", "a test", answers.put, answers.put)
            for _ in range(2):
                answers.get(timeout=60)
            assert asked(client).repository == REPOSITORY, "a courier with the token was started"
            client.stop("network.stopped")
            assert keep(porter, "")
            assert not kept.exists()
            assert isinstance(asked(client), RunnerError), "asked for, and the keyring gave none"
            client.close()
        assert [one.asked.token for one in hub.sent] == ["", "", "", TOKEN, ""]
        lines = store.ledger.lines()
        sent = [one.entry.account for one in lines if one.entry.event is Event.CONNECTION]
        assert sent == ["none", "none", "none", "token", "none"]
        assert TOKEN not in repr(lines)


def test_a_tool_that_ends_before_it_listens_costs_nothing_else(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(kept.parent, "bin/secret-tool").write_text("#!/bin/sh\nexit 1\n")
    start = os.posix_spawn

    def start_and_let_it_end(*given: Any, **named: Any) -> int:
        pid = start(*given, **named)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        return pid

    monkeypatch.setattr("runner.porter.tools.is_firm", lambda path: True)
    monkeypatch.setattr(os, "posix_spawn", start_and_let_it_end)
    heard: list[tuple[bool, str]] = []
    with selectors.DefaultSelector() as selector:
        Keyring(selector, os.environ).keep(TOKEN, lambda *said: heard.append(said))
        for key, _ in selector.select(20):
            key.data()
    assert heard == [(False, "")]


def test_only_so_many_tools_run_at_a_time(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window that was taken over could have as many started as it liked."""
    monkeypatch.setattr("runner.porter.tools.is_firm", lambda path: True)
    heard: list[tuple[bool, str]] = []
    with selectors.DefaultSelector() as selector:
        keyring = Keyring(selector, os.environ)
        for _ in range(2):
            for _ in range(20):
                keyring.keep(TOKEN, lambda *said: heard.append(said))
            assert heard == [(False, "")] * 16
            while len(heard) < 20:
                for key, _ in selector.select(0.02):
                    key.data()
                keyring.wait_for_ended()
            assert heard[16:] == [(True, "")] * 4
            heard.clear()


@pytest.mark.parametrize("left", [0, 1, 2, 3])
def test_where_no_descriptor_is_left_nothing_is_kept_and_nothing_leaks(
    kept: Path, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    """The porter ended by it, and with it everything that it had started."""
    monkeypatch.setattr("runner.porter.tools.is_firm", lambda path: True)
    heard: list[tuple[bool, str]] = []
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with selectors.DefaultSelector() as selector, contextlib.ExitStack() as filled:
        keyring = Keyring(selector, os.environ)
        resource.setrlimit(
            resource.RLIMIT_NOFILE,
            (max(int(one.name) for one in Path("/proc/self/fd").iterdir()) + 9, hard),
        )
        filled.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        taken = _take_every_descriptor()
        filled.callback(lambda: [os.close(one) for one in taken])
        for _ in range(left):
            os.close(taken.pop())
        before = _free()
        keyring.keep(TOKEN, lambda *said: heard.append(said))
        assert heard == [(False, "")]
        assert _free() == before == left
    assert not kept.exists()


def _take_every_descriptor() -> list[int]:
    taken = []
    with contextlib.suppress(OSError):
        while True:
            taken.append(os.dup(0))
    return taken


def _free() -> int:
    taken = _take_every_descriptor()
    for one in taken:
        os.close(one)
    return len(taken)


def test_a_tool_that_says_no_more_and_goes_on_keeps_nobody_waiting(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids, going_on = kept.parent / "pids", "echo $$ >$PIDS; exec sleep 60 >/dev/null"
    Path(kept.parent, "bin/secret-tool").write_text(f"#!/bin/sh\n{going_on}\n")
    monkeypatch.setenv("PIDS", str(pids))
    monkeypatch.setattr("runner.porter.tools.is_firm", lambda path: True)
    heard: list[tuple[bool, str]] = []
    with selectors.DefaultSelector() as selector:
        keyring = Keyring(selector, os.environ)
        keyring.keep(TOKEN, lambda *said: heard.append(said))
        for key, _ in selector.select(20):
            key.data()
        keyring.wait_for_ended()
        assert heard == []
        pid = int(pids.read_text())
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        keyring.wait_for_ended()
    assert heard == [(False, "")]


def test_without_a_keyring_it_says_so(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(kept.parent))
    with running_porter() as porter:
        assert not keep(porter, TOKEN)
    assert not kept.exists()
