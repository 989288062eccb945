"""A repository and what it was made of, through real courier, gate and reader; only the Hub is ours."""

import queue

import pytest

from app.dossier.repository_look import MOST, RepositoryLook
from app.words.openness import looked_words
from inspector.findings.values import Availability, Link, Terms, Tile
from inspector.frameworks.profile import profile
from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.reader_client import ReaderClient
from runner.store import Store
from tests.support.porter import running_porter
from tests.support.repositories_hub import (
    BASE,
    GATED,
    QUANTISED,
    TUNED,
    RepositoriesHub,
    Repository,
)


@pytest.fixture(scope="module")
def hub():
    with RepositoriesHub() as hub:
        yield hub


@pytest.fixture(scope="module")
def look(hub, tmp_path_factory):
    """Returns what looks at a repository and waits."""
    folder = tmp_path_factory.mktemp("look")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("runner.store.ballast.SIZE", 64 * 1024)
        patched.setenv("HF_ENDPOINT", hub.endpoint)
        with Store.open(folder / "lightwell.sqlite") as store, running_porter() as porter:
            courier, reader = CourierClient(porter, store.ledger), ReaderClient(porter)

            def look(name):
                answers: queue.SimpleQueue[object] = queue.SimpleQueue()
                RepositoryLook(courier, reader, "a test", answers.put, answers.put).start(name)
                answer = answers.get(timeout=60)
                if isinstance(answer, Exception):
                    raise answer
                return answer

            yield look
            courier.close()
            reader.close()


def test_a_quantisers_repository_leads_to_the_model_and_its_base(look, hub):
    found = look(QUANTISED)
    assert found.names == (QUANTISED, TUNED, BASE)
    assert [one.place for one in found.read] == [Link.QUANTISER, Link.END_MODEL, Link.BASE_MODEL]
    assert set(found.unread) == {GATED}
    held = found.findings()
    weights = held.get("adapted-weights")
    assert (weights.availability, weights.terms, weights.link) == (
        Availability.PUBLIC, Terms.UNKNOWN, Link.END_MODEL,
    )  # fmt: skip
    assert (weights.licence, weights.confidence) == ("Apache-2.0", "contested")
    base = held.get("base-weights")
    assert (base.availability, base.terms, base.licence) == (
        Availability.GATED, Terms.RESTRICTED, "LicenseRef-Llama-3.2",
    )  # fmt: skip
    assert held.get("training-code").tile is Tile.CLOSED
    assert held.get("training-code").link is Link.END_MODEL
    assert held.get("compressed-weights").link is Link.QUANTISER
    assert held.get("model-cards").link is Link.END_MODEL
    for finding in held:
        if not finding.is_ours:
            assert all(source.read_at for fact in finding.facts for source in fact.sources), (
                finding.part
            )
    shown = profile(held, names=found.names)
    assert shown.klass == 0
    told = looked_words(found)
    assert QUANTISED in told
    assert "end model" in told
    assert f"{GATED} (" in told


def test_a_repository_that_is_not_there_ends_with_words(look):
    with pytest.raises(RunnerError) as refused:
        look("no/where")
    assert refused.value.code.startswith("courier.")


def test_a_circle_of_origins_comes_to_an_end(look, hub):
    hub.repositories["a/one"] = Repository(tags=("base_model:a/two",))
    hub.repositories["a/two"] = Repository(tags=("base_model:a/one",))
    assert look("a/one").names == ("a/one", "a/two")


def test_only_so_many_are_asked_for(look, hub):
    parents = [f"b/p{number}" for number in range(6)]
    hub.repositories["b/merge"] = Repository(tags=tuple(f"base_model:{one}" for one in parents))
    hub.repositories |= {one: Repository() for one in parents}
    found = look("b/merge")
    assert len(found.read) == MOST
    assert found.left == tuple(parents[MOST - 1 :])
    assert "Not asked for: b/p3" in looked_words(found)
