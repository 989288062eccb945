"""What cards and licence texts show: real cards against what a person reads there, and whose card it is."""

from pathlib import Path

import msgspec
import pytest

from inspector.cards.read import card_from_bytes, read_card
from inspector.findings.evidence import derive, rules
from inspector.findings.from_card import card_evidence, place_of_card
from inspector.findings.from_licences import licence_evidence
from inspector.findings.gather import file_evidence, names_of
from inspector.findings.leads import leads
from inspector.findings.stack import stack
from inspector.findings.values import Availability, Link, Tile
from inspector.gguf.model import GgufModel
from inspector.licences.documents import licence_text, read_text
from tests.support.shared_data import shared

GOLDEN = Path(__file__).parents[2] / "data/findings"
NAMES = ("SmolLM2 135M Instruct",)


def read(document, text, names=NAMES):
    """Returns the evidence of a card, as the file beside it would have it."""
    card = card_from_bytes(text.encode(), document)
    link = place_of_card(card, names)
    return link, (*card_evidence(card, link, names), *licence_evidence(card, (), link))


def held(evidence):
    """Returns what is held of the model: part to values."""
    found = derive("one", evidence)
    return {
        one.part: [one.availability.value, one.terms.value, one.licence, one.link.value, one.confidence]
        for one in found
        if not one.is_ours
    }  # fmt: skip


@pytest.mark.parametrize(
    ("card", "name", "texts"),
    [
        ("smollm2/text-README.md", "SmolLM2 135M Instruct", ()),
        ("smollm2/pretraining-README.md", "SmolLM2 135M Instruct", ()),
        ("pythia/README.md", "Pythia", ()),
        ("llama-3.2/MODEL_CARD.md", "Llama 3.2 1B Instruct", ("LICENSE",)),
        ("deepseek-r1/README.md", "DeepSeek-R1", ("LICENSE",)),
    ],
)
def test_real_cards_show_what_a_person_reads_in_them(card, name, texts):
    path = shared(f"cards/{card}")
    told = read_card(path)
    link = place_of_card(told, (name,))
    beside = [licence_text(read_text(path.parent / one) or "", one) for one in texts]
    evidence = (*card_evidence(told, link, (name,)), *licence_evidence(told, beside, link))
    golden = GOLDEN / f"{card.replace('/', '-').removesuffix('.md')}.json"
    assert held(evidence) == msgspec.json.decode(golden.read_bytes())
    for one in evidence:
        assert one.fact.source.document
        assert one.fact.source.read_at


def test_the_starter_model_with_a_card_beside_it(starter_model):
    card = read_card(shared("cards/smollm2/text-README.md"))
    with GgufModel.open(starter_model) as model:
        evidence = file_evidence(model, card, ())
        assert place_of_card(card, names_of(model)) is Link.DEVELOPER
    golden = GOLDEN / "starter-with-card.json"
    assert held(evidence) == msgspec.json.decode(golden.read_bytes())


def test_a_files_name_does_not_decide_whose_card_lies_beside_it(starter_model, tmp_path):
    """By the header's name a card is known, whatever somebody calls the file."""
    found = []
    for name in (starter_model.name, "Llama-3.2-1B-Instruct-Q4_K_M.gguf", "x.gguf"):
        (tmp_path / name).symlink_to(starter_model)
        with GgufModel.open(tmp_path / name) as model:
            for card in ("llama-3.2/MODEL_CARD.md", "smollm2/text-README.md"):
                read = read_card(shared(f"cards/{card}"))
                found.append({one.link for one in file_evidence(model, read, ())})
    assert found == [{Link.FILE, Link.UNKNOWN}, {Link.FILE, Link.DEVELOPER}] * 3


@pytest.mark.parametrize(
    "field", ["license: mit", "base_model: org/Otter-7B\nbase_model_relation: finetune"]
)
def test_another_models_card_opens_nothing_whatever_fields_it_has(starter_model, field):
    card = card_from_bytes(
        f"---\n{field}\n---\n# Otter 7B Chat\n\n## Usage\n\nLoad it and ask it of rivers.\n\n"
        "## Evaluation\n\n| Test | Score |\n|---|---|\n| MMLU | 61.2 |\n".encode(),
        "README.md",
    )
    with GgufModel.open(starter_model) as model:
        alone, beside = held(file_evidence(model, None, ())), file_evidence(model, card, ())
    assert {one.link for one in beside} == {Link.FILE, Link.UNKNOWN}
    opened = {part for part, found in held(beside).items() if found[0] != "unknown"}
    assert opened == {part for part, found in alone.items() if found[0] != "unknown"}


def test_a_quantisers_card_credits_and_closes_nothing():
    link, evidence = read(
        "README.md",
        "---\nlicense: mit\nbase_model: a/b\ntags: [gguf]\ndatasets: [a/data]\n---\n# B-GGUF\n\n"
        "## Training Data\n\nWe do not release the training data.\n\n## Evaluation\n\nMMLU 70.\n",
    )
    assert link is Link.QUANTISER
    assert evidence
    assert not held(evidence)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("---\nbase_model: a/b\nbase_model_relation: quantized\n---\n# B\nx y", Link.QUANTISER),
        ("---\nbase_model: a/b\nbase_model_relation: finetune\n---\n# B\nx y", Link.END_MODEL),
        ("---\nquantized_by: me\n---\n# B\nx y", Link.QUANTISER),
        ("# TinyModel\nThis repo contains GGUF format model files.", Link.QUANTISER),
        ("---\nlicense: mit\n---\n# B\nx y", Link.END_MODEL),
        ("# SmolLM2 135M Instruct\nA small model.", Link.END_MODEL),
        ("# The SmolLM2 family\nSmall models.", Link.DEVELOPER),
        ("# My holiday\nNothing about models.", Link.UNKNOWN),
    ],
)
def test_whose_card_it_is(text, link):
    assert read("README.md", text)[0] is link


def test_a_page_about_something_else_shows_nothing():
    _, evidence = read("README.md", "# My holiday\n\n## Evaluation\n\nIt was good.\n")
    assert not held(evidence)


def test_names_of_data_are_a_lead_and_close_nothing():
    _, evidence = read(
        "README.md", "---\nlicense: mit\ndatasets:\n- a/one\n- a/two\n---\n# M\nWords here."
    )
    data = derive("one", evidence).get("fine-tuning-dataset")
    assert data.availability is Availability.UNKNOWN
    assert data.tile is Tile.UNKNOWN
    assert data.facts[0].value == ("a/one", "a/two")
    assert [one.line for one in data.facts[0].sources] == [4, 5]


@pytest.mark.parametrize(
    ("sentence", "part", "availability"),
    [
        ("The training data is not publicly released.", "pretraining-dataset", "not_released"),
        ("We do not release our training code.", "training-code", "not_released"),
        ("All models, data, and code used in the paper are publicly released.", "pretraining-dataset", "public"),
        ("The training data are publicly available web pages.", "pretraining-dataset", None),
        ("The training data is not described here.", "pretraining-dataset", None),
    ],
)  # fmt: skip
def test_only_an_outright_statement_closes_or_opens(sentence, part, availability):
    _, evidence = read("README.md", f"---\nlicense: mit\n---\n# M\n\n## Data\n\n{sentence}\n")
    found = held(evidence)
    if availability is None:
        assert part not in found
    else:
        assert found[part][0] == availability
        quoted = next(one for one in evidence if one.key.startswith("statement.")).fact.source
        assert quoted.quote == sentence
        assert quoted.where == "Data"


@pytest.mark.parametrize(
    ("card", "licence", "terms"),
    [
        ("---\nlicense: apache-2.0\n---\n# M\nx", "Apache-2.0", "open"),
        ("---\nlicense: other\nlicense_name: llama3.2\n---\n# M\nx", "LicenseRef-Llama-3.2", "restricted"),
        ("---\nlicense: other\nlicense_name: my-own\n---\n# M\nx", "my-own", "unknown"),
        ("---\nlicense: unknown\n---\n# M\nx", "unknown", "unknown"),
        ("# SmolLM2 135M Instruct\n\n**License:** MIT\n\nWords.", "MIT", "open"),
        ("# SmolLM2 135M Instruct\n\n## License\n\nThis model is licensed under the Apache License 2.0.", "Apache-2.0", "open"),
        ("# SmolLM2 135M Instruct\n\n**License:** Use is governed by the Llama 3.2 Community License (a custom one).", "LicenseRef-Llama-3.2", "restricted"),
        ("# SmolLM2 135M Instruct\n\n## License\n\nIt is licensed by Meta under the Llama 3.1 Community License. More.", "LicenseRef-Llama-3.1", "restricted"),
    ],
)  # fmt: skip
def test_the_licence_of_a_card(card, licence, terms):
    found = held(read("README.md", card)[1])
    assert found["weights-licences"][1:3] == [terms, licence]


def test_a_text_that_contradicts_its_label_is_what_counts(starter_model):
    card = card_from_bytes(b"---\nlicense: mit\n---\n# M\nx", "README.md")
    text = licence_text(read_text(shared("cards/llama-3.2/LICENSE")) or "", "LICENSE")
    found = held(licence_evidence(card, (text,), Link.END_MODEL))
    assert found["weights-licences"][2] == "LicenseRef-Llama-3.2"
    with GgufModel.open(starter_model) as model:
        alone = file_evidence(model, None, (text,))
    assert "weights-licences" not in {
        part for part, (availability, *_) in held(alone).items() if availability != "unknown"
    }


@pytest.mark.parametrize("has_card", [True, False])
def test_a_changed_text_opens_nothing(starter_model, has_card):
    raw = read_text(Path(__file__).parents[3] / "LICENSE") or ""
    more = "d. Nobody may sell bread with it on a Tuesday, on whatever day that falls."
    changed = licence_text(
        raw.replace("   3. Grant of Patent", f"   {more}\n\n   3. Grant of Patent"), "LICENSE"
    )
    assert changed.match.relation == "changed"
    said = b"---\nlicense: apache-2.0\n---\n# SmolLM2 135M Instruct\n\nA model."
    card = card_from_bytes(said, "README.md") if has_card else None
    with GgufModel.open(starter_model) as model:
        found = derive("x", file_evidence(model, card, (changed,)))
        whole = derive("x", file_evidence(model, card, (licence_text(raw, "LICENSE"),)))
    for part in ("compressed-weights", *(["weights-licences", "model-cards"] if has_card else [])):
        assert whole.get(part).terms == "open"
        assert (found.get(part).terms, found.get(part).confidence) == ("unknown", "text_changed")


@pytest.mark.parametrize("has_card", [True, False])
def test_a_text_that_nobody_knows_leaves_open_what_a_label_says(starter_model, has_card):
    own = licence_text(
        "You may look at it on Tuesdays, and sell no bread with it. " * 30, "LICENSE"
    )
    said = b"---\nlicense: apache-2.0\n---\n# SmolLM2 135M Instruct\n\nA model."
    card = card_from_bytes(said, "README.md") if has_card else None
    with GgufModel.open(starter_model) as model:
        found = derive("x", file_evidence(model, card, (own,)))
        none = derive("x", file_evidence(model, card, (licence_text("", "LICENSE"),)))
    for part in ("compressed-weights", *(["weights-licences"] if has_card else [])):
        assert none.get(part).terms == "open", "an empty file is no text"
        assert (found.get(part).terms, found.get(part).confidence) == ("unknown", "text_changed")


def test_a_text_that_is_named_for_the_code_opens_no_weights():
    """A repository with two texts has them for two parts; neither is the licence of all that lies there."""
    mit = read_text(shared("cards/deepseek-r1/LICENSE")) or ""
    own = "You may look at it on Tuesdays. " * 40
    card = card_from_bytes(
        b"---\nlicense: other\nlicense_name: my-own\nlicense_link: LICENSE-MODEL\n---\n# M\nx",
        "README.md",
    )
    texts = (licence_text(mit, "LICENSE-CODE"), licence_text(own, "LICENSE-MODEL"))
    every = {one.key: one.fact for one in licence_evidence(card, texts, Link.DEVELOPER)}
    assert every["licence.weights"].text == "my-own"
    assert every["licence.code"].text == "MIT"
    assert every["licence.code"].source.document == "LICENSE-CODE"
    assert "licence.distribution" not in every


@pytest.mark.parametrize(("papers", "terms"), [("llama-3.2", "unknown"), ("deepseek-r1", "open")])
def test_a_text_beside_the_file_puts_its_label_in_doubt(starter_model, papers, terms):
    text = licence_text(read_text(shared(f"cards/{papers}/LICENSE")) or "", "LICENSE")
    with GgufModel.open(starter_model) as model:
        file = derive("beside", file_evidence(model, None, (text,))).get("compressed-weights")
    assert (file.confidence, file.terms) == ("papers_differ", terms)
    assert {one.source.document for one in file.facts} == {model.name, "LICENSE"}


def test_another_models_licence_beside_the_file_puts_its_label_in_doubt(starter_model):
    """A file under a new name, beside the papers that it had, is not open by its label alone."""
    card = card_from_bytes(b"---\nlicense: llama3.2\n---\n# Otter 7B\nx", "README.md")
    with GgufModel.open(starter_model) as model:
        file = derive("beside", file_evidence(model, card, ())).get("compressed-weights")
    assert (file.confidence, file.terms) == ("papers_differ", "unknown")


def test_a_licence_that_only_the_cards_text_names_speaks_against_an_open_text():
    said = b"# Model\n\n## License\n\nUse is governed by the Llama 3.2 Community License.\n"
    card = card_from_bytes(said, "README.md")
    text = licence_text(read_text(shared("cards/deepseek-r1/LICENSE")) or "", "LICENSE")
    every = list(licence_evidence(card, (text,), Link.DEVELOPER))
    assert [one.fact.text for one in every if one.key == "licence.weights"] == ["MIT"]
    assert "llama" in next(one for one in every if one.key == "licence.disputed").fact.text.lower()


def test_every_lead_has_a_rule_and_every_statement_a_part():
    keys = {rule.key for rule in rules()}
    listed = (*leads().slot, *leads().section, *leads().link, *leads().words, *leads().statement)
    assert {one.key for one in listed} <= keys
    assert {one.part for one in leads().statement} <= stack().keys


def test_a_card_full_of_almost_statements_is_read_at_once():
    text = "training data " + "a " * 300
    body = "\n".join(f"## Data {n}\n\n{text}\n" for n in range(400))
    link, evidence = read("README.md", f"---\nlicense: mit\n---\n{body}")
    assert link is Link.END_MODEL
    assert evidence
