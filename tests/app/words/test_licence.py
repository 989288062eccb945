"""Every code of a licence report has its words, and the words never promise or advise."""

import re

import pytest

from app.words.licence import (
    clause_words,
    explanation,
    finding_rows,
    heading,
    identified_by,
    licence_texts,
    passages,
    policy_heading,
    question_rows,
    statement_rows,
)
from inspector.facts import Source, SourceKind, known
from inspector.licences.assess import assess
from inspector.licences.catalogue import Sign, Topic, entries, reading_of, spdx
from inspector.licences.documents import licence_text
from inspector.licences.names import identify
from inspector.licences.parts import Part
from inspector.licences.questions import answers
from inspector.licences.report import Basis, Label, PartReport, Relative

HEADER = Source(kind=SourceKind.HEADER, document="made.gguf", where="general.license")


def of(label: str, **more: object) -> Label:
    return Label(stated=known(label, HEADER))


@pytest.mark.parametrize("licence", [entry.id for entry in entries()])
def test_each_reading_is_told(licence: str) -> None:
    read = reading_of(licence)
    assert read is not None
    rows = statement_rows(read)
    assert len(rows) + sum(s.sign is Sign.NOT_SAID for s in read.statements.values()) == len(Topic)
    assert bool(policy_heading(read)) == (read.policy is not None)


def test_each_answer_has_a_reason_in_words() -> None:
    labels = [*(entry.id for entry in entries()), *(one.id for one in spdx().licences)]
    for text in [*labels, "nonsense", "MIT OR ISC", "intel-research"]:
        named = identify(text)
        part = PartReport(
            part=Part.WEIGHTS,
            label=Label(),
            named=named,
            basis=Basis.LABEL,
            answers=answers(named),
        )
        for row in question_rows(part):
            assert row.why.endswith(".") or "Clause" in row.why
            assert "{" not in row.why


@pytest.mark.parametrize(
    "label",
    ["other", "gpl", "nonsense", "MIT OR ISC", "MIT AND ISC", "MIT AND (ISC OR 0BSD)", "mit"],
)
def test_each_finding_has_its_words(label: str) -> None:
    text = licence_text("Nobody may. " * 40, "LICENSE")
    base = Relative(model="meta-llama/Llama-3.2-1B")
    for report in (
        assess([of(label)]),
        assess([of(label)], looked_for_texts=True, unreadable=["LICENSE"]),
        assess([of(label)], [text], relatives=[base, Relative(model="a/b")], looked_for_texts=True),
    ):
        for row in finding_rows(report):
            assert "{" not in row.said
        assert heading(report)
        assert len(identified_by(report)) == 3


def test_where_the_text_is_said_to_be_is_told() -> None:
    link = known("https://example.org/licence\u202e", HEADER)
    report = assess([Label(stated=known("other", HEADER), link=link)])
    told = [line for line, _ in identified_by(report)]
    assert "Text said to be at: https://example.org/licence\N{REPLACEMENT CHARACTER}" in told


def test_every_sentence_is_free_of_verdicts() -> None:
    told = licence_texts()
    for sentences in (told.findings, told.reasons, told.said, told.answers):
        for sentence in sentences.values():
            assert not re.search(r"\b(safe|clean|exempt|illegal|lawful|violat\w*)\b", sentence)


def test_a_hostile_label_cannot_act_on_the_screen() -> None:
    report = assess([of("\u202etim\n<b>bold</b>")])
    (label, _), *_ = identified_by(report)
    assert "\u202e" not in label
    assert "\n" not in label


def test_a_licence_that_nobody_read_says_whose_word_each_line_is() -> None:
    report = assess([of("jamba-open-model-license")])
    (licence,) = report.part(Part.WEIGHTS).assessed
    assert {row.clause for row in statement_rows(licence)} == {"from ComparIA's list of licences"}
    assert "own text was not read" in explanation(report)
    assert not explanation(assess([of("apache-2.0")]))
    read = reading_of("Apache-2.0")
    assert read is not None
    assert not [row for row in statement_rows(read) if "list" in row.clause]


def test_a_clause_is_told_as_one_and_a_place_as_it_is() -> None:
    assert clause_words("1.b.i") == "clause 1.b.i"
    assert clause_words("IV.a") == "clause IV.a"
    assert clause_words("policy, opening paragraph") == "policy, opening paragraph"
    assert clause_words("first paragraph") == "first paragraph"
    assert clause_words("License Scope") == "License Scope"
    assert clause_words("Attachment A") == "Attachment A"
    assert clause_words("Exhibit A, opening paragraph") == "Exhibit A, opening paragraph"
    assert clause_words("") == ""


def test_differences_are_told_with_their_line() -> None:
    from inspector.licences.fingerprints import Passage, TextMatch

    found = licence_text("", "LICENSE")
    import msgspec

    match = TextMatch(
        licence="MIT",
        relation="changed",
        passages=(Passage(3, 12, "on sundays only"), Passage(9, 0, "left out here")),
    )
    first, second = passages(msgspec.structs.replace(found, match=match))
    assert "line 3" in first
    assert "left out" in second
