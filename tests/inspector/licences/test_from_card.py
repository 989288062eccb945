"""What a card states of licences, part by part, and that it contradicts a header."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reader.card_lines import card_lines, card_of
from inspector.cards.read import card_from_bytes
from inspector.facts import Source, SourceKind, known
from inspector.licences.assess import assess
from inspector.licences.from_card import labels_from_card, relatives_from_card
from inspector.licences.parts import Part
from inspector.licences.report import Label
from tests.support.shared_data import shared


def labels(text: str, folder: Path) -> dict[Part, Label]:
    path = folder / "README.md"
    path.write_text(text, encoding="utf-8")
    card = card_of(str(path), ())
    assert card is not None
    return {one.part: one for one in labels_from_card(card, *card_lines(str(path), ()))}


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("The code is released under the MIT License.", {Part.CODE: "MIT License"}),
        ("The code and the weights are licensed under [Apache 2.0](x).", {Part.CODE: "Apache 2.0", Part.WEIGHTS: "Apache 2.0"}),
        ("Our training data is available under CC-BY-4.0, see below.", {Part.DATA: "CC-BY-4.0"}),
        ("This documentation is distributed under **CC0-1.0**.", {Part.DOCUMENTS: "CC0-1.0"}),
        ("The datasets were published under the terms of the ODC-By-1.0 by others.", {Part.DATA: "ODC-By-1.0"}),
        ("Everything except the code is released under the MIT License.", {}),
        ("The code is released under a licence of our own.", {}),
        ("The code is under development.", {}),
        ("The base model is released under the MIT License.", {}),
        ("The original model was released under the MIT License.", {}),
        ("Its teacher model is licensed under Apache 2.0.", {}),
        ("Previously the model was released under the MIT License.", {}),
        ("The training data is\nreleased under\nCC-BY-4.0.", {Part.DATA: "CC-BY-4.0"}),
        ("- The training data is released\n  under CC-BY-4.0.", {Part.DATA: "CC-BY-4.0"}),
        ("The training data is\n\nreleased under CC-BY-4.0.", {}),
        ("The training data is\n# released under CC-BY-4.0.", {}),
    ],
)  # fmt: skip
def test_a_sentence_names_a_licence_for_its_parts(sentence, said, tmp_path) -> None:
    found = labels(f"---\ntags: [x]\n---\n# Tiny\n\nOne. {sentence}\n", tmp_path)
    assert {part: one.stated.text for part, one in found.items()} == said
    for one in found.values():
        source = one.stated.source
        assert source is not None
        assert (source.kind, source.line) == (SourceKind.CARD_TEXT, 6)
        assert "under" in source.quote


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("- **License:** Apache 2.0", {Part.WEIGHTS: "Apache 2.0"}),
        ("**License:** Apache\u20112.0", {Part.WEIGHTS: "Apache\u20112.0"}),
        ("**License:** A house licence of ours", {Part.WEIGHTS: "A house licence of ours"}),
        ("**Code License:** [MIT](LICENSE)\n\n**Data license:** CC-BY-4.0", {Part.CODE: "MIT", Part.DATA: "CC-BY-4.0"}),
        ("**License:** Use is governed by the Llama 3.2 Community License (a custom one)", {Part.WEIGHTS: "Llama 3.2 Community License"}),
        ("**License:** A custom license, the Llama 3.1 Community License, is available at: x", {Part.WEIGHTS: "Llama 3.1 Community License"}),
        ("| Attribute | Details |\n|---|---|\n| **License** | Apache 2.0 |", {Part.WEIGHTS: "Apache 2.0"}),
        ("<table><tr><td>Size</td><td>1B</td></tr>\n<tr><td>License</td><td>MIT</td></tr></table>", {Part.WEIGHTS: "MIT"}),
        ("| Dataset | License |\n|---|---|\n| A | MIT |", {}),
        ("| Model | License | Size |\n|---|---|---|\n| A | MIT | 1 |", {}),
        ("| Part | License | Where |\n|---|---|---|\n| Weights | Apache 2.0 | x |\n| Training code | MIT | y |\n| Data | CC-BY-4.0 | z |", {Part.WEIGHTS: "Apache 2.0", Part.CODE: "MIT", Part.DATA: "CC-BY-4.0"}),
        ("| Model | Code license | Weights license | Data license |\n|---|---|---|---|\n| 1B | MIT | Llama 3.2 Community License | CC-BY-4.0 |\n| 3B | MIT | Llama 3.2 Community License | ODC-By-1.0 |", {Part.CODE: "MIT", Part.WEIGHTS: "Llama 3.2 Community License"}),
        ("| Dataset | Size | License |\n|---|---|---|\n| Wikipedia | 6B | CC-BY-SA-4.0 |\n| Code | 2B | MIT |", {}),
        ("**License:** [More Information Needed]", {}),
        ("**License:** The code is not MIT, you have to ask", {}),
        ("**License:** Please see the terms on our page", {}),
        ("**Licensed by:** Apache 2.0", {}),
        ("| Component | License |\n|---|---|\n| Code | MIT |\n| Data | CC-BY-4.0 |", {Part.CODE: "MIT", Part.DATA: "CC-BY-4.0"}),
    ],
)  # fmt: skip
def test_a_label_names_a_licence(lines, said, tmp_path) -> None:
    found = labels(f"# Tiny\n\n{lines}\n", tmp_path)
    assert {part: one.stated.text for part, one in found.items()} == said
    for one in found.values():
        source = one.stated.source
        assert source is not None
        assert source.kind is SourceKind.CARD_TEXT
        assert "icense" in source.quote
        assert source.line is not None
        line = f"# Tiny\n\n{lines}\n".split("\n")[source.line - 1]
        assert "icense" in line or one.stated.text in line


def test_the_fields_speak_for_the_weights(tmp_path) -> None:
    text = "---\nlicense: mit\nbase_model:\n- a/base\n- b/base\n---\n# T\n\nThe weights are released under Apache 2.0.\n"
    found = labels(text, tmp_path)
    assert found[Part.WEIGHTS].stated.text == "mit"
    card = card_of(str(tmp_path / "README.md"), ())
    assert card is not None
    assert [one.model for one in relatives_from_card(card)] == ["a/base", "b/base"]


@pytest.mark.parametrize(
    ("more", "relation"),
    [
        ("", "base"),
        ("quantized_by: somebody", "quantised"),
        ("base_model_relation: merge", "merged"),
        ("base_model_relation: adapter", "adapter"),
    ],
)
def test_how_the_model_comes_from_what_the_card_names(more, relation) -> None:
    card = card_from_bytes(f"---\nbase_model: a/base\n{more}\n---\n# T\n".encode(), "README.md")
    assert [one.relation for one in relatives_from_card(card)] == [relation]


def test_a_field_that_lists_several_licences_hides_none_of_them(tmp_path) -> None:
    found = labels("---\nlicense: [mit, cc-by-nc-4.0]\n---\n# T\n\nWords.\n", tmp_path)
    report = assess(list(found.values()))
    assert report.part(Part.WEIGHTS).licences == ("MIT", "CC-BY-NC-4.0")
    assert "several_listed" in {one.code for one in report.findings}
    assert {one.answer for one in report.part(Part.WEIGHTS).answers} <= {"unknown", "no"}, (
        "which of them counts is not known"
    )


def test_each_part_has_its_own_answers_and_a_card_may_contradict_the_header(tmp_path) -> None:
    found = labels("# T\n\nThe code is released under the MIT License.\n", tmp_path)
    header = Label(
        stated=known("llama3.2", Source(kind=SourceKind.HEADER, where="general.license"))
    )
    other = Label(stated=known("mit", Source(kind=SourceKind.FRONT_MATTER, line=2)))
    report = assess([header, found[Part.CODE]], card=other)
    assert {one.question: one.answer for one in report.part(Part.CODE).answers}["osi"] == "yes"
    assert {one.question: one.answer for one in report.part(Part.WEIGHTS).answers}["osi"] == "no"
    assert not report.part(Part.DATA).named.ids
    (differs,) = [one for one in report.findings if one.code == "card_differs"]
    assert differs.disagrees
    assert {one.kind for one in differs.sources} == {SourceKind.HEADER, SourceKind.FRONT_MATTER}
    assert not [one for one in assess([header], card=header).findings if one.code == "card_differs"]


def test_a_real_card(tmp_path) -> None:
    text = shared("cards/deepseek-r1/README.md").read_text(encoding="utf-8")
    found = labels(text, tmp_path)
    assert found[Part.CODE].stated.text == found[Part.WEIGHTS].stated.text == "MIT License"


@pytest.mark.parametrize("piece", ["is under the ", "code ", "[", "a is licensed under mit and "])
def test_hostile_lines_take_bounded_time(piece, tmp_path) -> None:
    text = "# T\n\n" + "\n".join([piece * (2_000 // len(piece))] * 300)
    began = time.process_time()
    labels(text, tmp_path)
    assert time.process_time() - began < 2


@given(
    st.text(max_size=300),
    st.sampled_from(["is released under", "are licensed under the", "| code under"]),
)
@settings(max_examples=100, deadline=None)
def test_any_card_is_read(text, words) -> None:
    raw = f"---\nlicense: {text[:40]}\n---\n# T\n\nThe code {words} {text}\n{text}".encode(
        "utf-8", "replace"
    )
    card = card_from_bytes(raw, "README.md")
    lines = raw.decode().split("\n")
    for one in labels_from_card(card, lines, 1):
        assert one.stated.text.isprintable() or not one.stated.is_known
    relatives_from_card(card)
