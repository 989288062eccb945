"""Card, licence and listing come with a model, and those of the models that it was made of."""

import hashlib
import json
from collections.abc import Callable

import pytest

from runner.store.fetches import FetchState
from runner.store.papers import LISTING
from tests.runner.fetch.conftest import MODEL
from tests.support.fetching import FetchingQueue
from tests.support.hub import Fault, HubServer, Repo

pytestmark = pytest.mark.fault

CARD = "---\nlicense: apache-2.0\n---\n# Small, quantised\nWith ünïcode.\n"
BASE_CARD = "# Small\nThe first one.\n"


@pytest.fixture
def lineage(hub: HubServer, content: bytes) -> Repo:
    """A quantised repository, its end model, and a base model that names both (a circle)."""
    hub.world.add(
        Repo("maker/base", tags=["base_model:somebody/small-GGUF", "base_model:maker/gone"])
    ).commit("first", {"README.md": BASE_CARD, "LICENSE": "Do what you like.", "a/LICENSE": "no"})
    hub.world.add(
        Repo("maker/tuned", tags=["base_model:maker/base", "base_model:finetune:maker/base"])
    ).commit(
        "first",
        {
            "README.md": "# Tuned\n",
            "USE_POLICY.md": "Be kind.",
            "config.json": "{}",
            "tokenizer_config.json": '{"chat_template": "{{ messages }}"}',
        },
    )
    repo = hub.world.add(
        Repo("somebody/small-GGUF", tags=["gguf", "base_model:quantized:maker/tuned"])
    )
    repo.commit("first", {"README.md": CARD, MODEL: content})
    return repo


def test_papers_of_the_whole_lineage_are_kept(
    make_queue: Callable[..., FetchingQueue], lineage: Repo, hub: HubServer, content: bytes
) -> None:
    queue = make_queue(with_papers=True)
    fetch = queue.settled(queue.add(lineage, MODEL))
    assert fetch.state is FetchState.DONE
    papers = queue.store.papers
    kept = {
        (paper.repository, paper.name): paper
        for name in hub.world.repos
        for paper in papers.of(name)
        if paper.name != "said"
    }
    assert set(kept) == {
        (lineage.name, LISTING),
        (lineage.name, "README.md"),
        ("maker/tuned", LISTING),
        ("maker/tuned", "README.md"),
        ("maker/tuned", "USE_POLICY.md"),
        ("maker/tuned", "tokenizer_config.json"),
        ("maker/base", LISTING),
        ("maker/base", "README.md"),
        ("maker/base", "LICENSE"),
    }
    card = kept[lineage.name, "README.md"]
    assert card.text == CARD
    assert card.commit == fetch.commit
    assert card.sha256 == hashlib.sha256(CARD.encode()).hexdigest()
    assert card.fetched > 0
    listed = {one["path"]: one["sha256"] for one in json.loads(kept[lineage.name, LISTING].text)}
    assert listed[MODEL] == hashlib.sha256(content).hexdigest()
    assert (fetch.path.parent / "README.md").read_text() == CARD
    # The publisher changes the card: what came with the model stays as it was.
    lineage.commit("second", {"README.md": "# Another\n", MODEL: content})
    assert papers.of(lineage.name, fetch.commit)[0].text
    latest = papers.latest(lineage.name, "README.md")
    assert latest is not None
    assert latest.text == CARD


def test_a_model_does_not_wait_for_papers_that_can_not_be_had(
    make_queue: Callable[..., FetchingQueue], lineage: Repo, hub: HubServer
) -> None:
    hub.faults.plan(Fault.STATUS, 404, path="maker/tuned")
    hub.faults.plan(Fault.STATUS, 500, path="README.md")
    queue = make_queue(with_papers=True)
    fetch = queue.settled(queue.add(lineage, MODEL))
    assert fetch.state is FetchState.DONE
    assert LISTING in {paper.name for paper in queue.store.papers.of(lineage.name)}


def test_a_model_is_whole_without_room_for_its_card_beside_it(
    make_queue: Callable[..., FetchingQueue], lineage: Repo
) -> None:
    queue = make_queue(with_papers=True)
    (queue.folder / lineage.name / "LICENSE").mkdir(parents=True)
    lineage.commit("second", {**lineage.revisions[lineage.head], "LICENSE": "Terms."})
    fetch = queue.settled(queue.add(lineage, MODEL))
    assert fetch.state is FetchState.DONE
    assert (queue.folder / lineage.name / "LICENSE").is_dir(), "what lies there stays"
