"""What holds a courier is the kernel: whatever runs in it, native code included, meets the gate."""

import queue
import socket
from pathlib import Path
from typing import Any

import pytest

from runner.confine.labels import Label
from runner.confine.seal import LANDLOCK, WALLS
from runner.courier import with_gate
from runner.courier.with_gate import Reason, WithGate
from runner.errors import RunnerError
from runner.porter.wire import Attempt, Facts
from runner.reader_client import ReaderClient
from runner.store import Store
from runner.store.ledger_lines import Entry, Event
from tests.support import routes
from tests.support.hub_server import FakeHub
from tests.support.porter import running_porter

pytestmark = pytest.mark.fault
WAIT_S = 60

MAY = {"unix pair"}
"""Pairs that lead nowhere, of which one end can be handed to the gate and to nobody else."""


def ask(
    client: ReaderClient, job: str, argument: object, shape: Any, deadline_s: float = 20
) -> Any:
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
    client.ask(job, argument, shape, answers.put, answers.put, deadline_s=deadline_s)
    answer = answers.get(timeout=WAIT_S)
    if isinstance(answer, Exception):
        raise answer
    return answer


def test_every_way_past_the_gate_is_refused(
    hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    said: list[Facts | Attempt] = []
    heard = str(tmp_path / "heard")
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    with (
        Store.open(tmp_path / "store" / "lightwell.sqlite") as store,
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener,
        running_porter(said.append) as porter,
    ):
        listener.bind(heard)
        listener.listen()
        client = ReaderClient(
            WithGate(porter, store.ledger, lambda errand: Reason()), kind="wanderer"
        )
        targets = routes.Targets(
            tcp4=hub.port, unix=heard, secret=str(secret), folder=str(tmp_path)
        )
        found = ask(client, "routes", targets, dict[str, str])
        assert {name for name, outcome in found.items() if outcome == "open"} <= MAY
        assert ask(client, "connect by C", hub.port, str) == "Operation not permitted"
        assert ask(client, "datagram pair", 0, str) == "Operation not permitted"
        assert ask(client, "say to", heard, str) == "Operation not permitted"
        assert ask(client, "xet", (hub.endpoint, str(tmp_path)), str) not in ("fetched", "nothing")
        client.close()
        assert hub.requests == []
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()
        assert [line.entry for line in store.ledger.lines()] == []
    counted = {fact.call for fact in said if isinstance(fact, Attempt)}
    assert {"socket IPv4", "socketpair unix", "sendto"} <= counted


def test_a_courier_that_asks_without_end_is_ended_before_it_fills_the_ledger(
    hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setattr(with_gate, "MOST_LINES", 20)
    with Store.open(tmp_path / "store" / "lightwell.sqlite") as store, running_porter() as porter:
        client = ReaderClient(
            WithGate(porter, store.ledger, lambda errand: Reason()), kind="wanderer"
        )
        assert ask(client, "knocks", 5, int) == 5
        with pytest.raises(RunnerError, match=r"reader\.crashed"):
            ask(client, "knocks", 10_000, int, 30)
        client.close()
        # Lines are written one after the other: with this one, those before it are there too.
        store.ledger.add(Entry(event=Event.REFUSED, result="the last")).result(timeout=30)
        # A tenth comes back each second.
        refused = [line.entry for line in store.ledger.lines()]
        assert {entry.event for entry in refused} == {Event.REFUSED}
        assert 20 <= len(refused) < 200
        assert [entry.result for entry in refused].count(with_gate.TOO_MANY) == 1
        assert store.ledger.verify().problems == ()


def test_the_native_downloader_meets_the_filter_too(
    hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the wall around files it falls over before it tries; without it, at its first socket."""
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    said: list[Facts | Attempt] = []
    walls = [wall for wall in WALLS if wall != LANDLOCK]
    with (
        Store.open(tmp_path / "store" / "lightwell.sqlite") as store,
        running_porter(said.append, walls=walls) as porter,
    ):
        client = ReaderClient(
            WithGate(porter, store.ledger, lambda errand: Reason()), kind="wanderer"
        )
        # It tries again and again; three seconds of that are enough.
        with pytest.raises(RunnerError, match=r"reader\.too_slow"):
            ask(client, "xet", (hub.endpoint, str(tmp_path)), str, 3)
        client.close()
        assert hub.requests == []
    (label,) = {fact.label for fact in said if isinstance(fact, Facts) and fact.kind == "wanderer"}
    assert label == Label.WATCHED, "less than everything is not called the gate's"
    assert "socket IPv4" in {fact.call for fact in said if isinstance(fact, Attempt)}
