"""Each wall taken away drops the label to the right one; the label comes from the proof alone."""

import queue
from collections.abc import Sequence

import pytest

from runner.confine.labels import Label
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
        pytest.param(without("landlock", "namespaces"), Label.NO_NETWORK, id="no Landlock, no namespaces"),
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
