"""Two couriers that are started at the same time, each with a gate of its own."""

import queue
from pathlib import Path
from typing import Any

import pytest

from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.store import Store
from runner.store.ledger_lines import Event
from tests.runner.porter.test_keyring import TOKEN, kept
from tests.support.hub import HubServer, Repo
from tests.support.porter import running_porter

pytestmark = pytest.mark.fault

__all__ = ["kept"]

REPOSITORIES = ("somebody/one-GGUF", "somebody/two-GGUF")


def test_each_has_its_own_gate_however_long_the_keyring_takes(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each had the other's, which told of its connections with the other's reasons."""
    Path(kept.parent, "bin/secret-tool").write_text('#!/bin/sh\nsleep 0.3; cat "$KEPT"\n')
    kept.write_text(TOKEN)
    monkeypatch.setattr("runner.store.ballast.SIZE", 64 * 1024)
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
    with HubServer() as hub, Store.open(tmp_path / "lightwell.sqlite") as store:
        hub.world.tokens[TOKEN] = "me"
        for name in REPOSITORIES:
            hub.world.add(Repo(name)).commit("first", {"README.md": "x"})
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        with running_porter() as porter:
            clients = {
                name: CourierClient(porter, store.ledger, asked=lambda: {"token": "keyring"})
                for name in REPOSITORIES
            }
            for name, client in clients.items():
                client.repository(name, "main", f"look at {name}", answers.put, answers.put)
            came = [answers.get(timeout=60) for _ in clients]
            for client in clients.values():
                client.close()
        lines = [one.entry for one in store.ledger.lines()]
    assert not [one for one in came if isinstance(one, RunnerError)]
    sent = [one for one in lines if one.event is Event.CONNECTION]
    assert len(sent) == 2
    for one in sent:
        assert one.why.removeprefix("look at ") in one.path
