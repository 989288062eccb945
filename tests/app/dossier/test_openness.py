"""What was kept with a download is evidence of the model and of what it was made of, without any network."""

import msgspec
import pytest

from app.dossier.openness import kept_repositories, openness_asked
from app.reader.openness import openness
from app.report.gather import Chosen
from inspector.findings.values import Link, Tile
from inspector.report.compare import Outcome, recheck
from runner.protocol.courier import RemoteFile, Repository
from runner.store import Store
from runner.store.papers import CARD, LISTING, SAID
from runner.store.sources import Source
from tests.support import reports
from tests.support.repositories_hub import BASE, COMMIT, QUANTISED, REPOSITORIES, TUNED


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "data" / "lightwell.sqlite") as store:
        yield store


def keep(store, name):
    """Keeps a repository as a fetch does."""
    told = REPOSITORIES[name]
    bases = tuple(tag.rpartition(":")[2] for tag in told.tags if tag.startswith("base_model:"))
    said = Repository(
        repository=name, commit=COMMIT, gated=str(told.gated or ""), tags=told.tags,
        base_models=tuple(dict.fromkeys(bases)),
    )  # fmt: skip
    listed = [RemoteFile(path=path, size=size, blob="a" * 40) for path, size in told.files]
    for paper, text in (
        (CARD, told.card),
        (SAID, msgspec.json.encode(said).decode()),
        (LISTING, msgspec.json.encode(listed).decode()),
    ):
        store.papers.keep(name, COMMIT, paper, text).result()


@pytest.fixture
def path(store, tmp_path):
    path = reports.model(tmp_path)
    file = store.files.adopt(path).result()
    source = Source(
        repository=QUANTISED, revision="main", commit=COMMIT, path="tiny.gguf", sha256=""
    )
    store.sources.keep(file.id, source).result()
    for name in (QUANTISED, TUNED, BASE):
        keep(store, name)
    return path


def test_a_downloaded_file_knows_its_model_and_base(store, path):
    asked, readable = openness_asked(store, path)
    assert [one.name for one in asked.repositories] == [QUANTISED, TUNED, BASE]
    assert path in readable
    read = openness(asked, None)
    held = {row.part: row.finding for row in read.rows}
    assert held["adapted-weights"].licence == "Apache-2.0"
    assert held["adapted-weights"].confidence == "contested"
    assert held["adapted-weights"].link is Link.END_MODEL
    assert held["base-weights"].tile is Tile.RESTRICTED
    assert held["training-code"].tile is Tile.CLOSED
    assert held["compressed-weights"].link is Link.FILE
    sources = [one for fact in held["base-weights"].facts for one in fact.sources]
    assert {one.revision for one in sources} == {COMMIT}
    assert all(one.read_at for one in sources)


def test_what_cannot_be_asked_again_is_not_checked(store, path):
    report = reports.content(path, Chosen(), store=store)
    found = recheck(report, reports.content(path))
    left = {one.id: one.why for one in found.of(Outcome.NOT_CHECKED)}
    assert left["finding:base-weights"] == "network"
    assert left["verdict:mof-1.1"] == "network"
    assert not found.of(Outcome.DIFFERS)


def test_nothing_kept_is_nothing_handed_over(store, tmp_path):
    path = reports.model(tmp_path)
    assert not openness_asked(None, path)[0].repositories
    assert not openness_asked(store, path)[0].repositories
    file = store.files.adopt(path).result()
    source = Source(
        repository="no/papers", revision="main", commit=COMMIT, path="tiny.gguf", sha256=""
    )
    store.sources.keep(file.id, source).result()
    assert not list(kept_repositories(store, path))


def test_a_paper_of_a_later_form_and_a_changed_file_say_nothing(store, path):
    store.papers.keep(QUANTISED, COMMIT, SAID, '{"later": 1}').result()
    store.database.write(
        lambda db: db.execute("DELETE FROM paper WHERE name = 'said' AND text NOT LIKE '%later%'")
    ).result()
    assert not list(kept_repositories(store, path))
    keep(store, QUANTISED)
    path.write_bytes(path.read_bytes() + b"\0")
    assert not list(kept_repositories(store, path))
