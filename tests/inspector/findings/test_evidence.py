"""From evidence to findings: what the rules show, and above all what they don't."""

import itertools

import pytest

from inspector.facts import Source, SourceKind, known, now
from inspector.findings.evidence import Evidence, derive, own_rows, rules
from inspector.findings.from_header import header_evidence
from inspector.findings.stack import stack
from inspector.findings.values import Availability, Finding, Findings, Link, Terms, Tile
from inspector.frameworks.profile import profile
from inspector.frameworks.shapes import Answer
from inspector.gguf.model import GgufModel


def evidence(key, value=True, link=Link.END_MODEL):
    source = Source(kind=SourceKind.FRONT_MATTER, document="README.md", where=key, read_at=now())
    return Evidence(key=key, fact=known(value, source), link=link)


def test_a_quantisers_silence_and_his_words_close_nothing():
    keys = {rule.key for rule in rules()}
    said = [evidence(key, "pretraining-dataset", Link.QUANTISER) for key in keys]
    found = derive("quantised", said)
    assert not [one for one in found if one.tile is Tile.CLOSED]
    known = [one.part for one in found if one.availability is not Availability.UNKNOWN]
    # What is his own he may show: the copies in his listing.
    assert [part for part in known if not found.all[part].is_ours] == ["compressed-weights"]


def test_no_evidence_of_any_kind_closes_a_part_but_a_statement():
    keys = {rule.key for rule in rules() if not rule.key.startswith("statement.")}
    for key, link in itertools.product(sorted(keys), Link):
        found = derive("one", [evidence(key, link=link)])
        assert not [one.part for one in found if one.tile is Tile.CLOSED], (key, link)


def test_a_developers_statement_closes_a_part():
    found = derive(
        "said", [evidence("statement.not_released", "pretraining-dataset", Link.BASE_MODEL)]
    )
    data = found.get("pretraining-dataset")
    assert data.tile is Tile.CLOSED
    assert data.link is Link.BASE_MODEL
    assert data.facts[0].source.document == "README.md"
    assert data.date


def test_terms_come_from_the_licence_of_the_same_link():
    found = derive(
        "two licences",
        [
            evidence("repository.weights", "model.safetensors", Link.BASE_MODEL),
            evidence("repository.weights", "model.safetensors", Link.END_MODEL),
            evidence("licence.weights", "mit", Link.BASE_MODEL),
            evidence("licence.weights", "llama3.1", Link.END_MODEL),
        ],
    )
    assert found.get("base-weights").terms is Terms.OPEN
    assert found.get("adapted-weights").terms is Terms.RESTRICTED


def test_a_gate_is_seen_before_the_listing():
    listing = [evidence("repository.weights", "a"), evidence("repository.gated", "manual")]
    assert derive("gated", listing).get("adapted-weights").availability is Availability.GATED
    free = [evidence("repository.weights", "a"), evidence("repository.gated", "false")]
    assert derive("free", free).get("adapted-weights").availability is Availability.PUBLIC


def test_the_files_own_licence_tag_says_nothing_of_the_models_weights():
    found = derive(
        "tagged",
        [evidence("file.weights", "x", Link.FILE), evidence("licence.file", "mit", Link.FILE)],
    )
    assert found.get("compressed-weights").terms is Terms.OPEN
    assert found.get("base-weights").availability is Availability.UNKNOWN
    assert found.get("adapted-weights").availability is Availability.UNKNOWN


def test_the_starter_models_header_is_evidence_of_the_file_alone(starter_model):
    with GgufModel.open(starter_model) as model:
        found = derive(model.name, header_evidence(model))
    judged = {
        one.part
        for one in found
        if not one.is_ours and one.availability is not Availability.UNKNOWN
    }
    assert judged == {"compressed-weights"}
    shown = profile(found)
    assert shown.klass == 0
    assert (
        next(v for v in shown.verdicts if v.framework == "mof-1.1").reading
        == "not shown to meet Class III"
    )
    settled = {row.part: row.settles for row in shown.rows}
    assert settled["pretraining-dataset"]
    assert all(row.settles for row in shown.rows if row.tile is Tile.UNKNOWN)


def test_weights_at_hand_without_terms_ask_for_terms_alone():
    held = Finding(part="compressed-weights", availability=Availability.PUBLIC, terms=Terms.UNKNOWN)
    row = next(
        one for one in profile(Findings("a", (held,), ())).rows if one.part == "compressed-weights"
    )
    assert row.settles == stack().settles_terms
    assert row.settles != stack().parts["compressed-weights"].settles


def test_the_apps_rows_are_marked():
    found = derive("nothing", [])
    assert {one.part for one in found} == {one.part for one in own_rows()}
    assert all(one.is_ours for one in found)
    marked = {row.part for row in profile(found).rows if row.ours}
    assert marked == {part.id for part in stack().part if part.owner != "model"}


@pytest.mark.parametrize("part", sorted(stack().parts))
def test_every_part_says_what_would_settle_it(part):
    one = stack().parts[part]
    assert one.settles.endswith(".")
    assert one.tip.endswith(".")


def test_an_item_never_speaks_for_its_part():
    found = derive("items", [evidence("publication.preprint", "https://arxiv.org/abs/1")])
    assert found.get("publication/preprint").availability is Availability.PUBLIC
    assert found.get("publication/paper").availability is Availability.UNKNOWN
    assert isinstance(found, Findings)


@pytest.mark.parametrize(
    ("own", "parents", "terms"),
    [
        ("mit", "llama3.2", Terms.UNKNOWN),
        ("apache-2.0", "gemma", Terms.UNKNOWN),
        ("llama3.2", "llama3.2", Terms.RESTRICTED),
        ("mit", "apache-2.0", Terms.OPEN),
        ("mit", "somebody's own", Terms.OPEN),
        ("apache-2.0", "apache-2.0", Terms.OPEN),
    ],
)
def test_a_label_does_not_open_what_a_parents_licence_keeps(own, parents, terms):
    said = [
        evidence("repository.weights", "model.safetensors"),
        evidence("licence.weights", own),
        evidence("licence.weights", parents, Link.BASE_MODEL),
        evidence("file.weights", "x", Link.FILE),
        evidence("licence.file", own, Link.FILE),
    ]
    found = derive("a fine-tune", said)
    for part in ("adapted-weights", "compressed-weights"):
        held = found.get(part)
        assert held.terms is terms, part
        assert held.tile is not Tile.CLOSED
        if terms is Terms.UNKNOWN:
            assert held.confidence == "contested"
            assert {fact.text for fact in held.facts} >= {own, parents}
    assert found.get("weights-licences").licence == own


@pytest.mark.parametrize("label", ["llama3.2", "cc-by-nc-4.0"])
def test_a_text_opens_nothing_against_a_label_on_the_same_card(label):
    said = [
        evidence("card.present", "README.md"),
        evidence("licence.weights", "MIT"),
        evidence("licence.distribution", "MIT"),
        evidence("licence.disputed", label),
        evidence("file.weights", "x", Link.FILE),
        evidence("licence.file", "apache-2.0", Link.FILE),
    ]
    found = derive("a model with two licences", said)
    for part in ("model-cards", "weights-licences", "compressed-weights"):
        held = found.get(part)
        assert (held.terms, held.tile) == (Terms.UNKNOWN, Tile.UNKNOWN), part
        assert label in {fact.text for fact in held.facts}, part


def test_two_open_licences_for_the_same_leave_it_open():
    said = [
        evidence("licence.weights", "MIT"),
        evidence("licence.disputed", "apache-2.0"),
    ]
    held = derive("either", said).get("weights-licences")
    assert (held.terms, held.confidence) == (Terms.OPEN, "two_open")
    assert {fact.text for fact in held.facts} == {"MIT", "apache-2.0"}


def test_a_header_and_papers_with_two_open_licences_are_both_told():
    said = [
        evidence("licence.weights", "MIT"),
        evidence("file.weights", "x", Link.FILE),
        evidence("licence.file", "apache-2.0", Link.FILE),
    ]
    held = derive("either", said).get("compressed-weights")
    assert (held.terms, held.confidence) == (Terms.OPEN, "papers_differ")
    assert {"MIT", "apache-2.0"} <= {fact.text for fact in held.facts}


def test_what_a_card_tells_in_part_is_not_told_to_be_all():
    said = derive("some sections", [evidence("card.training_data", "from the web")])
    card = next(one for one in rules() if one.key == "card.training_data").part
    assert said.get(card).availability is Availability.PARTLY
    lines = [
        line
        for verdict in profile(said).verdicts
        for line in verdict.decided
        if line.parts == (card,)
    ]
    assert lines
    assert not [line for line in lines if line.answer is Answer.NOT_MET]
