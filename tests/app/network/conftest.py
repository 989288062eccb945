"""The door over a real porter, gate and courier; only the far side of the network is ours."""

import queue
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.network.door import Door, Visit
from app.network.purposes import purpose
from app.settings import SettingsFile
from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.porter.client import PorterClient
from runner.store import Store
from tests.support.hub_server import FakeHub
from tests.support.network import Person
from tests.support.porter import running_porter

WAIT_S = 60


class Through:
    """The door with everything behind it, and a person in front of it."""

    def __init__(
        self, door: Door, store: Store, porter: PorterClient, settings: SettingsFile
    ) -> None:
        self.door = door
        self.store = store
        self.porter = porter
        self.settings = settings
        self.came: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def search(self, words: str = "small") -> Visit:
        """Uses the door for a search; what comes of it is put into `came`."""

        def go(visit: Visit) -> None:
            def done(answer: object) -> None:
                visit.close()
                self.came.put(answer)

            visit.courier.search(words, visit.why, done, done)

        return self.door.use(purpose("search", words=words), go, self.came.put)

    def comes(self) -> Any:
        """Waits for what comes of a use."""
        return self.came.get(timeout=WAIT_S)

    def error(self) -> str:
        """Waits for a failure and returns its code."""
        came = self.comes()
        assert isinstance(came, RunnerError), came
        return came.code

    def wait(self, true: Callable[[], bool]) -> None:
        """Waits for something that another process does."""
        until = time.monotonic() + WAIT_S
        while not true():
            assert time.monotonic() < until
            time.sleep(0.01)

    def runs(self, kind: str) -> bool:
        """Whether the porter has a process of a kind."""
        return self.porter.snapshot().find(kind) is not None

    def is_quiet(self) -> bool:
        """Whether neither gate nor courier runs."""
        return not self.runs("gate") and not self.runs("courier")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    with FakeHub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        yield hub


@pytest.fixture
def through(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Through]:
    monkeypatch.setattr("runner.store.ballast.SIZE", 64 * 1024)
    settings = SettingsFile(tmp_path / "settings.toml")
    with Store.open(tmp_path / "lightwell.sqlite") as store, running_porter() as porter:
        door = Door(settings, lambda allowed: CourierClient(porter, store.ledger, allowed=allowed))
        yield Through(door, store, porter, settings)
        door.close()


@pytest.fixture
def person(through: Through) -> Person:
    person = Person()
    through.door.take_asker(person)
    return person
