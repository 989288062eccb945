"""Exactly the expected requests leave, each is in the ledger before, and nothing else can leave."""

import os
import queue
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from app.words.wording import words
from runner.confine.doors import DoorLabel
from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.store import Store
from runner.store.ledger_lines import Event, Line
from tests.runner.courier.conftest import WAIT_S, Fetching
from tests.support.hub_server import BODY, CARD, COMMIT, REPOSITORY, sha256
from tests.support.porter import running_porter

pytestmark = pytest.mark.fault


def connections(lines: list[Line]) -> list[tuple[str, str, int, str]]:
    return [
        (line.entry.method, line.entry.host, line.entry.port, line.entry.path.partition("?")[0])
        for line in lines
        if line.entry.event is Event.CONNECTION
    ]


def test_a_whole_look_at_a_model(fetching: Fetching) -> None:
    client, hub = fetching.client, fetching.hub
    (found,) = fetching.ask(client.search, "small")
    assert (found.repository, found.downloads) == (REPOSITORY, 7)
    said = fetching.ask(client.repository, REPOSITORY, "main")
    assert said.commit == COMMIT
    files = fetching.ask(client.files, REPOSITORY, COMMIT)
    assert {file.path: file.sha256 for file in files} == {
        "README.md": "",
        "small.gguf": sha256(),
    }
    card = fetching.ask(client.card, REPOSITORY, COMMIT)
    assert card.text == CARD
    part = fetching.ask(client.range, REPOSITORY, COMMIT, "small.gguf", 100, 5000)
    assert bytes(fetching.ticket.payload) == BODY[100:5100]
    assert (part.size, part.commit, part.etag) == (len(BODY), COMMIT, sha256())

    assert hub.strangers == []
    expected = [
        ("GET", "/api/models"),
        ("GET", f"/api/models/{REPOSITORY}/revision/main"),
        ("GET", f"/api/models/{REPOSITORY}/tree/{COMMIT}"),
        ("GET", f"/{REPOSITORY}/resolve/{COMMIT}/README.md"),
        ("GET", f"/{REPOSITORY}/resolve/{COMMIT}/small.gguf"),
        ("GET", f"/store/{sha256()}"),
    ]
    assert hub.paths == expected
    assert [r.path for r in hub.requests if "authorization" in r.fields] == []
    # What each request tells of us, beside what was asked for: nothing that names a person.
    for request in hub.requests:
        assert set(request.fields) <= {
            "host", "accept", "accept-encoding", "user-agent", "range",
            "connection",
        }  # fmt: skip
        assert request.fields["user-agent"].startswith("lightwell/")

    lines = fetching.store.ledger.lines()
    assert connections(lines) == [
        (method, "127.0.0.1", hub.port, path) for method, path in expected
    ]
    assert {line.entry.why for line in lines} == {"a test"}
    assert {line.entry.who for line in lines} == {"window"}
    agents = {request.fields["user-agent"] for request in hub.requests}
    assert {line.entry.agent for line in lines} == agents
    assert {line.entry.account for line in lines} == {"none"}
    assert fetching.store.ledger.verify().problems == ()


def test_an_errand_keeps_its_reason_however_many_wait(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.courier.reasons.MARGIN", 1)
    whys = [f"errand {number}" for number in range(6)]
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for why in whys:
        fetching.client.card(REPOSITORY, COMMIT, why, answers.put, answers.put)
    for _ in whys:
        assert not isinstance(answers.get(timeout=WAIT_S), Exception)
    lines = fetching.store.ledger.lines()
    assert list(dict.fromkeys(line.entry.why for line in lines)) == whys


def test_each_connection_is_closed_by_a_line_with_its_bytes(fetching: Fetching) -> None:
    fetching.ask(fetching.client.range, REPOSITORY, COMMIT, "small.gguf", 0, 70_000)
    until = time.monotonic() + 20
    while True:
        # The answer is here a moment before the gate has told how the connection ended.
        lines = fetching.store.ledger.lines()
        opened = {line.number: line.entry for line in lines if line.entry.event is Event.CONNECTION}
        ends = {line.entry.of: line.entry for line in lines if line.entry.event is Event.RESULT}
        if set(opened) == set(ends) or time.monotonic() > until:
            break
        time.sleep(0.02)
    assert set(opened) == set(ends)
    (first, second) = (ends[number] for number in opened)
    assert first.result == f"302 sent on to 127.0.0.1:{fetching.hub.port}"
    assert second.result == "206"
    assert 70_000 < second.bytes_down < 71_000
    assert 0 < second.bytes_up < 2000


def test_both_are_what_they_are_said_to_be(fetching: Fetching) -> None:
    fetching.ask(fetching.client.search, "small")
    gate, courier = fetching.told("gate"), fetching.told("courier")
    assert gate.label == DoorLabel.THE_GATE, gate
    assert set(gate.openings) == {"tcp4", "tcp6", "udp4"}
    assert courier.label == DoorLabel.THROUGH_THE_GATE, courier
    assert courier.openings == ()
    assert gate.missing == courier.missing == (), "what is their work is nothing that they lack"


def test_a_redirect_to_a_host_that_is_not_listed_is_refused(fetching: Fetching) -> None:
    fetching.hub.elsewhere = "https://evil.example"
    with pytest.raises(RunnerError):
        fetching.ask(fetching.client.range, REPOSITORY, COMMIT, "small.gguf", 0, 10)
    (refused,) = [
        line.entry for line in fetching.store.ledger.lines() if line.entry.event is Event.REFUSED
    ]
    assert (refused.host, refused.port) == ("evil.example", 443)
    assert refused.result == "the host is not on the list"


@pytest.mark.parametrize(
    ("name", "code"),
    [("somebody/nothing", "courier.hub_error"), ("../etc", "courier.bad_name")],
)
def test_what_goes_wrong_has_a_code(fetching: Fetching, name: str, code: str) -> None:
    with pytest.raises(RunnerError) as failure:
        fetching.ask(fetching.client.repository, name, "main")
    assert failure.value.code == code


def test_without_a_ledger_nothing_is_fetched(fetching: Fetching) -> None:
    fetching.store.close()
    with pytest.raises(RunnerError) as failure:
        fetching.ask(fetching.client.search, "small")
    assert failure.value.code == "courier.no_ledger"
    assert fetching.hub.requests == []


def failed_searches(fetching: Fetching) -> set[str]:
    """Searches once; returns the code of the failure, if it failed."""
    failure = ""
    try:
        fetching.ask(fetching.client.search, "small")
    except RunnerError as error:
        failure = error.code
    return {failure} - {""}


@pytest.mark.parametrize("kind", ["gate", "courier"])
def test_a_killed_process_costs_one_try_at_most(fetching: Fetching, kind: str) -> None:
    fetching.ask(fetching.client.search, "small")
    pids = {name: fetching.told(name).pid for name in ("gate", "courier")}
    os.kill(pids[kind], signal.SIGKILL)
    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids.values()):
        assert time.monotonic() < until, "the other one goes too"
        time.sleep(0.02)
    failures = failed_searches(fetching)
    # The end may reach the client a moment after the process is gone.
    assert failures <= {"courier.lost", "courier.not_reached", "courier.cut_off"}
    if failures:
        assert failed_searches(fetching) == set()
    assert len(fetching.hub.requests) == 2


def test_what_is_asked_as_the_gate_falls_fails_with_a_code(fetching: Fetching) -> None:
    fetching.ask(fetching.client.search, "small")
    os.kill(fetching.told("gate").pid, signal.SIGKILL)
    assert failed_searches(fetching) <= {"courier.lost", "courier.not_reached", "courier.cut_off"}


def test_a_store_in_memory_fetches_nothing() -> None:
    failures: list[RunnerError] = []
    with Store.in_memory() as store:
        client = CourierClient(None, store.ledger)  # type: ignore[arg-type]  # never asked
        assert client.search("small", "a test", failures.append, failures.append) is None
    assert [failure.code for failure in failures] == ["courier.no_ledger"]


def test_a_proxy_that_cannot_be_asked_is_told_and_not_gone_past(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The porter of this test has its variables from its start; so the Hub's own address is asked.
    monkeypatch.delenv("HF_ENDPOINT")
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    with running_porter() as porter:
        client = CourierClient(porter, fetching.store.ledger)
        with pytest.raises(RunnerError) as told:
            fetching.ask(client.repository, REPOSITORY, "main")
        client.close()
    assert told.value.code == "courier.proxy_unfit"
    said = words(told.value.code, **told.value.context)
    assert "huggingface.co" in said.remedy
    events = [line.entry.event for line in fetching.store.ledger.lines()]
    assert events == [Event.REFUSED], "no name was looked up, and nothing left"
