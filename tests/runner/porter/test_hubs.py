"""Another Hub than the usual one: the porter asks the person itself before anything is sent there."""

import queue
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.porter.hubs import Hubs, wanted
from runner.porter.wire import Refused
from runner.store import Store
from tests.support.hub import HubServer, Repo
from tests.support.porter import running_porter

REPOSITORY = "somebody/small-GGUF"


@pytest.mark.parametrize(
    "address",
    [
        "http://mirror.example",
        "ftp://mirror.example",
        "mirror.example",
        "https://user@mirror.example",
        "https://mirror.example/?x",
        "https://mirror.example/#x",
        "https://mirr\N{CYRILLIC SMALL LETTER O}r.example",
        "https://",
    ],
)
def test_what_is_no_address_of_a_hub(address: str) -> None:
    with pytest.raises(Refused):
        wanted({"hub": address})


def test_each_address_is_asked_about_once_and_the_persons_own_never() -> None:
    hubs = Hubs({"HF_ENDPOINT": "https://own.example/"})
    assert hubs.to_ask({}) == ""
    assert hubs.variables({}) == {}
    assert hubs.to_ask({"hub": "https://own.example"}) == ""
    other = {"hub": "https://mirror.example/hub/"}
    asked = hubs.to_ask(other)
    assert asked == "hub+https://mirror.example/hub"
    hubs.agree(asked)
    assert hubs.to_ask(other) == ""
    assert hubs.to_ask({"hub": "https://mirror.example/other"})
    assert hubs.variables(other) == {"HF_ENDPOINT": "https://mirror.example/hub"}


def looked_up(client: CourierClient, times: int) -> list[Any]:
    """Asks for a repository so many times; returns the answers and what failed."""
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for _ in range(times):
        client.repository(REPOSITORY, "main", "a test", answers.put, answers.put)
    return [answers.get(timeout=60) for _ in range(times)]


@pytest.mark.fault
@pytest.mark.parametrize("says", ["yes", "no"])
def test_nothing_reaches_it_before_the_person_agreed(
    says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.store.ballast.SIZE", 64 * 1024)
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    asked = tmp_path / "asked"
    variables: Mapping[str, str] = {
        "LIGHTWELL_TEST_SAYS": says,
        "LIGHTWELL_TEST_ASKED": str(asked),
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with HubServer() as mirror, Store.open(tmp_path / "lightwell.sqlite") as store:
        mirror.world.add(Repo(REPOSITORY)).commit("first", {"README.md": "x"})
        with running_porter() as porter:
            client = CourierClient(porter, store.ledger, asked=lambda: {"hub": mirror.endpoint})
            first = looked_up(client, 2)
            client.close()
            # A courier of its own, as a download has: the person is not asked again.
            again = CourierClient(porter, store.ledger, asked=lambda: {"hub": mirror.endpoint})
            second = looked_up(again, 1) if says == "yes" else []
            again.close()
        sent = mirror.paths
    answers = [*first, *second]
    if says == "yes":
        assert [answer.repository for answer in answers] == [REPOSITORY] * 3
        assert len(sent) == 3
        assert asked.read_text() == f"hub+{mirror.endpoint}\n"
        return
    assert sent == []
    assert all(isinstance(answer, RunnerError) for answer in answers)
    assert {answer.code for answer in answers} == {"courier.mirror_declined"}
    assert set(asked.read_text().split()) == {f"hub+{mirror.endpoint}"}
