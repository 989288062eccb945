"""Each wall taken away drops the label to the right one; the label comes from the proof alone."""

import queue
from collections.abc import Sequence
from typing import Any

import pytest

from runner.confine.labels import Label, others_memory_closed
from runner.confine.proof import Proof
from runner.confine.seal import WALLS
from runner.porter.wire import Attempt, Facts
from runner.reader_client import ReaderClient
from tests.support.porter import running_porter

pytestmark = pytest.mark.fault
WAIT_S = 20
PRIVATE = "private porter"


def facts_with(walls: Sequence[str] | None, **settings: object) -> Facts:
    """Starts a child with these walls and returns what the porter found."""
    found: queue.SimpleQueue[Facts | Attempt] = queue.SimpleQueue()
    answers: queue.SimpleQueue[object] = queue.SimpleQueue()
    with running_porter(found.put, walls=walls, **settings) as porter:
        client = ReaderClient(porter, kind="jobs")
        client.ask("double", 1, int, answers.put, answers.put)
        assert answers.get(timeout=WAIT_S) == 2, "the child works whatever the walls"
        client.close()
        facts = found.get(timeout=WAIT_S)
    assert isinstance(facts, Facts)
    return facts


def without(*names: str) -> list[str]:
    return [wall for wall in (*WALLS, PRIVATE) if wall not in names]


@pytest.mark.parametrize(
    ("walls", "label"),
    [
        pytest.param(None, Label.SEALED, id="all"),
        pytest.param(without("namespaces"), Label.SEALED, id="no namespaces, as in a container"),
        pytest.param(without("listener"), Label.SEALED, id="no listener"),
        pytest.param(without(PRIVATE), Label.SEALED, id="the porter's memory not private"),
        pytest.param(without("landlock"), Label.NO_NETWORK, id="no Landlock"),
        pytest.param(without("landlock", "namespaces"), Label.CALLS_REFUSED, id="no Landlock, no namespaces"),
        pytest.param(without("landlock", PRIVATE), Label.NO_NETWORK, id="no Landlock, own user namespace"),
        pytest.param(
            without("landlock", "namespaces", PRIVATE), Label.CALLS_REFUSED, id="calls refused only"
        ),
        pytest.param(without("seccomp"), Label.WATCHED, id="no filter"),
        pytest.param(["namespaces", PRIVATE], Label.WATCHED, id="a namespace alone"),
        pytest.param(["landlock", PRIVATE], Label.WATCHED, id="Landlock alone"),
        pytest.param([], Label.WATCHED, id="nothing"),
    ],
)  # fmt: skip
def test_the_label_is_what_is_left(walls: list[str] | None, label: Label) -> None:
    assert facts_with(walls).label == label


@pytest.mark.parametrize(
    ("walls", "outcomes"),
    [
        (None, {"EACCES", "EPERM"}),
        (without("namespaces"), {"EACCES", "EPERM"}),
        (without("landlock"), {"EACCES", "EPERM"}),
        (without("landlock", "namespaces"), {"open"}),
    ],
)
def test_another_process_of_ours_is_closed_by_landlock_or_by_a_user_namespace(
    walls: list[str] | None, outcomes: set[str]
) -> None:
    """With neither, a process could do through the gate's memory what it may not do itself."""
    found: queue.SimpleQueue[Any] = queue.SimpleQueue()
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
    with running_porter(found.put, walls=walls) as porter:
        clients = [ReaderClient(porter, kind="jobs") for _ in range(2)]
        for client in clients:
            client.ask("double", 1, int, answers.put, answers.put)
            assert answers.get(timeout=WAIT_S) == 2
        _, second = found.get(timeout=WAIT_S), found.get(timeout=WAIT_S)
        clients[0].ask("memory of", second.pid, str, answers.put, answers.put)
        assert answers.get(timeout=WAIT_S) in outcomes
        for client in clients:
            client.close()


def test_a_window_without_landlock_is_not_kept_from_the_gates_memory() -> None:
    """A window has no user namespace of its own, and owns those of the others."""
    with_rules = Proof(pid=1, local_sockets=True, landlock=("programs",))
    assert others_memory_closed(with_rules)
    assert not others_memory_closed(Proof(pid=1, local_sockets=True))


def test_what_is_missing_is_named() -> None:
    facts = facts_with(without("landlock", "listener"))
    assert facts.missing == ("landlock: not asked for", "listener: not asked for")
    assert "attempts counted" not in facts.means
    assert "read" in facts.openings
    assert [o for o in facts.openings if o.startswith("write ")], "files are not restricted"


def test_the_filter_of_a_container_is_none_of_ours() -> None:
    """It holds the porter too, and stood in Monitor as what enforces the label."""
    facts = facts_with(without("seccomp", "listener"), filtered=True)
    assert "seccomp" not in facts.means
    assert facts.label == Label.WATCHED
    assert facts_with(None, filtered=True).label == Label.SEALED


def test_all_walls_are_named() -> None:
    facts = facts_with(None)
    assert facts.missing == ()
    assert facts.openings == ()
    assert {"seccomp", "landlock files", "own network namespace", "no capabilities"} <= set(
        facts.means
    )
