"""A real porter, gate and courier; only the far side of the network is ours."""

import queue
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.courier.client import CourierClient
from runner.porter.wire import Attempt, Facts
from runner.store import Store
from tests.support.hub_server import FakeHub
from tests.support.porter import running_porter

WAIT_S = 60


class Fetching:
    """A courier's client that waits, with what the porter said of both processes."""

    def __init__(self, client: CourierClient, store: Store, hub: FakeHub) -> None:
        self.client = client
        self.store = store
        self.hub = hub
        self._told: dict[str, Facts] = {}
        self.facts: queue.SimpleQueue[Facts | Attempt] = queue.SimpleQueue()

    def ask(self, ask: Callable[..., Any], *arguments: Any) -> Any:
        """Waits for an answer; raises what failed."""
        answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.ticket = ask(*arguments, "a test", answers.put, answers.put)
        answer = answers.get(timeout=WAIT_S)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def told(self, kind: str) -> Facts:
        """Returns what the porter found in force for a kind of process."""
        while kind not in self._told:
            fact = self.facts.get(timeout=WAIT_S)
            if isinstance(fact, Facts):
                self._told[fact.kind] = fact
        return self._told[kind]


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with FakeHub() as hub:
        yield hub


@pytest.fixture
def fetching(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fetching]:
    monkeypatch.setattr("runner.store.ballast.SIZE", 64 * 1024)
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    # What the person's own variables hold must not reach the Hub.
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    with Store.open(tmp_path / "lightwell.sqlite") as store:
        facts: queue.SimpleQueue[Facts | Attempt] = queue.SimpleQueue()
        with running_porter(facts.put) as porter:
            client = CourierClient(porter, store.ledger)
            fetching = Fetching(client, store, hub)
            fetching.facts = facts
            yield fetching
            client.close()
