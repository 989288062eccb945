"""A real porter, gate and courier, and a Hub on loopback whose every fault is on command."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runner.porter.client import PorterClient
from runner.store import Store
from tests.support.fetching import FetchingQueue
from tests.support.hub import Blob, HubServer, Repo
from tests.support.porter import running_porter

MIB = 1024 * 1024
MODEL = "small-Q4.gguf"


@pytest.fixture(scope="module")
def server() -> Iterator[HubServer]:
    with HubServer() as server:
        yield server


@pytest.fixture
def hub(server: HubServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    server.sent.clear()
    server.world.repos.clear()
    server.world.tokens.clear()
    server.faults.clear()
    monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
    yield server
    server.faults.clear()


@pytest.fixture(scope="module")
def porter(server: HubServer) -> Iterator[PorterClient]:
    # The gate takes the endpoint from the porter's own variables, which it has from its start.
    before = os.environ.get("HF_ENDPOINT")
    os.environ["HF_ENDPOINT"] = server.endpoint
    try:
        with running_porter() as porter:
            yield porter
    finally:
        if before is None:
            del os.environ["HF_ENDPOINT"]
        else:
            os.environ["HF_ENDPOINT"] = before


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("runner.store.ballast.SIZE", 64 * 1024)
        with Store.open(tmp_path_factory.mktemp("store") / "lightwell.sqlite") as store:
            yield store


@pytest.fixture(scope="module")
def shared_queue(
    porter: PorterClient, store: Store, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FetchingQueue]:
    """One queue for all tests: a gate and a courier take a second to start."""
    queue = FetchingQueue(porter, store, tmp_path_factory.mktemp("models"))
    yield queue
    queue.fetches.close()


@pytest.fixture
def queue(shared_queue: FetchingQueue) -> FetchingQueue:
    shared_queue.empty()
    return shared_queue


@pytest.fixture
def make_queue(
    porter: PorterClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., FetchingQueue]]:
    """Makes queues with settings of their own, all with one store."""
    monkeypatch.setattr("runner.store.ballast.SIZE", 64 * 1024)
    made: list[FetchingQueue] = []
    with Store.open(tmp_path / "lightwell.sqlite") as store:

        def make(**settings: object) -> FetchingQueue:
            made.append(FetchingQueue(porter, store, tmp_path / "models", **settings))  # type: ignore[arg-type]
            return made[-1]

        yield make
        for queue in made:
            queue.fetches.close()


@pytest.fixture(scope="module")
def content() -> bytes:
    return os.urandom(3 * MIB)


@pytest.fixture
def repo(hub: HubServer, content: bytes) -> Repo:
    repo = hub.world.add(Repo("somebody/small-GGUF"))
    repo.commit("first", {"README.md": "# Small\n", MODEL: Blob(content)})
    return repo
