"""Label, text and notice stay three facts; four answers stay apart; what disagrees is told."""

import msgspec
import pytest

from inspector.facts import Fact, Source, SourceKind, known
from inspector.licences.assess import assess
from inspector.licences.documents import licence_text, notice
from inspector.licences.names import identify
from inspector.licences.parts import Part
from inspector.licences.questions import Question, answers
from inspector.licences.report import Basis, Label, LicenceReport, Relative
from tests.support.shared_data import shared

HEADER = Source(kind=SourceKind.HEADER, document="made.gguf", where="general.license")
NOTICE = (
    "Llama 3.2 is licensed under the Llama 3.2 Community License, Copyright © Meta Platforms, Inc."
)


def stated(value: str) -> Fact:
    return known(value, HEADER)


def label(value: str, name: str = "") -> Label:
    beside = {"name": stated(name)} if name else {}
    return Label(stated=stated(value), **beside)


def codes(report: LicenceReport) -> set[str]:
    return {finding.code for finding in report.findings}


def contradictions(report: LicenceReport) -> set[str]:
    return {finding.code for finding in report.findings if finding.disagrees}


def answered(text: str) -> dict[Question, str]:
    return {one.question: one.answer for one in answers(identify(text))}


def llama_text() -> str:
    return shared("cards/llama-3.2/LICENSE").read_text(encoding="utf-8")


def test_nothing_stated_is_unknown_and_not_closed() -> None:
    report = assess([])
    for part in report.parts:
        assert part.basis is Basis.NOTHING
        assert not part.licences
        assert {one.answer for one in part.answers} == {"unknown"}
    assert not report.findings


def test_a_label_alone_speaks_for_one_part_only() -> None:
    report = assess([label("apache-2.0")], looked_for_texts=True)
    assert report.part(Part.WEIGHTS).licences == ("Apache-2.0",)
    assert codes(report) == {"label_only"}
    for part in (Part.CODE, Part.DATA, Part.DOCUMENTS):
        assert {one.answer for one in report.part(part).answers} == {"unknown"}


def test_a_name_beside_other_is_what_counts() -> None:
    report = assess([label("other", "qwen")])
    assert report.part(Part.WEIGHTS).licences == ("LicenseRef-Qwen",)


def test_other_alone_is_told_as_untold() -> None:
    report = assess([label("other")])
    assert codes(report) == {"label_untold"}
    assert report.part(Part.WEIGHTS).basis is Basis.NOTHING


def test_label_text_and_notice_agree() -> None:
    report = assess(
        [label("llama3.2")],
        [licence_text(llama_text(), "LICENSE")],
        notice(NOTICE, "NOTICE"),
        looked_for_texts=True,
    )
    assert report.part(Part.WEIGHTS).basis is Basis.LABEL_AND_TEXT
    assert not report.findings


def test_a_text_contradicts_its_label_and_is_what_is_told_of() -> None:
    report = assess(
        [label("apache-2.0")], [licence_text(llama_text(), "LICENSE")], looked_for_texts=True
    )
    weights = report.part(Part.WEIGHTS)
    assert weights.named.id == "Apache-2.0", "the label stays what it was"
    assert weights.licences == ("LicenseRef-Llama-3.2",)
    assert weights.basis is Basis.TEXT
    assert contradictions(report) == {"label_and_text_differ"}
    assert "notice_missing" in codes(report)


def test_a_notice_contradicts() -> None:
    report = assess([label("mit")], [], notice(NOTICE, "NOTICE"), looked_for_texts=True)
    assert contradictions(report) == {"notice_differs"}


def test_a_notice_alone_is_told_where_no_licence_is_known() -> None:
    report = assess([label("other", "my-own")], [], notice(NOTICE, "NOTICE"), looked_for_texts=True)
    assert codes(report) == {"label_untold_named", "notice_only"}
    assert not contradictions(report)


@pytest.mark.parametrize(
    ("names", "link", "weights", "code"),
    [
        (("LICENSE-CODE", "LICENSE-MODEL"), "", "LICENSE-MODEL", "LICENSE-CODE"),
        (("LICENSE_CODE.txt", "Model_License.txt"), "", "Model_License.txt", "LICENSE_CODE.txt"),
        (("LICENSE-CODE", "LICENSE"), "", "LICENSE", "LICENSE-CODE"),
        (("LICENSE-CODE", "TERMS"), "https://hub.example/a/b/blob/main/TERMS", "TERMS", "LICENSE-CODE"),
        (("LICENSE", "LICENSE.kite.md"), "./LICENSE.kite.md", "LICENSE.kite.md", ""),
    ],
)  # fmt: skip
def test_a_text_counts_for_the_part_that_it_is_for(names, link, weights, code) -> None:
    mit, llama = (shared("cards/deepseek-r1/LICENSE").read_text(), llama_text())
    first, second = (licence_text(*one) for one in zip((mit, llama), names, strict=True))
    said = Label(stated=stated("llama3.2"), link=stated(link) if link else Label().link)
    report = assess([said], [first, second], looked_for_texts=True)
    assert report.texts_of(Part.WEIGHTS)[0].source.document == weights
    assert report.part(Part.WEIGHTS).licences == ("LicenseRef-Llama-3.2",)
    assert report.part(Part.WEIGHTS).basis is Basis.LABEL_AND_TEXT
    assert [one.source.document for one in report.texts_of(Part.CODE)] == [code] * bool(code)
    assert report.part(Part.CODE).licences == ("MIT",) * bool(code)
    assert "label_and_text_differ" not in codes(report) or not code


def test_a_text_for_the_code_is_none_for_the_weights() -> None:
    mit = shared("cards/deepseek-r1/LICENSE").read_text()
    report = assess([label("llama3.2")], [licence_text(mit, "LICENSE-CODE")], looked_for_texts=True)
    assert report.part(Part.WEIGHTS).basis is Basis.LABEL
    assert {"label_only"} <= codes(report)
    assert not contradictions(report)


def test_parents_of_which_nothing_was_read_are_named_once() -> None:
    report = assess([label("mit")], relatives=[Relative(model="a/one"), Relative(model="b/two")])
    (found,) = [one for one in report.findings if one.code.startswith("lineage_unknown")]
    assert found.context["model"] == "a/one, b/two"


def test_an_unknown_text_is_not_assessed_and_stays_readable() -> None:
    text = "You may look at this on Tuesdays. " * 50
    report = assess([], [licence_text(text, "LICENSE")], looked_for_texts=True)
    weights = report.part(Part.WEIGHTS)
    assert codes(report) == {"text_none"}
    assert not weights.assessed
    assert {one.answer for one in weights.answers} == {"unknown"}
    assert report.texts[0].text == text


def test_a_text_that_only_says_what_it_is_is_not_taken_at_its_word() -> None:
    text = "SPDX-License-Identifier: MIT\n" + "You may look at this on Tuesdays. " * 50
    report = assess([], [licence_text(text, "LICENSE")], looked_for_texts=True)
    assert codes(report) == {"text_none", "text_states"}
    assert not report.part(Part.WEIGHTS).licences


def test_an_unreadable_text_is_not_a_missing_one() -> None:
    report = assess([label("mit")], looked_for_texts=True, unreadable=["LICENSE"])
    assert "text_unreadable" in codes(report)
    assert "label_only" not in codes(report)


@pytest.mark.parametrize(
    ("text", "osi", "libre", "restricted", "limits"),
    [
        ("apache-2.0", "yes", "yes", "no", "no"),
        ("gpl-3.0", "yes", "yes", "no", "no"),
        ("cc-by-4.0", "no", "yes", "no", "no"),
        ("cc-by-nc-4.0", "no", "no", "yes", "no"),
        ("llama3.2", "no", "no", "yes", "yes"),
        ("gemma", "no", "no", "yes", "no"),
        ("bigcode-openrail-m", "no", "no", "yes", "no"),
        ("modified-mit", "no", "no", "no", "yes"),
        ("openmdw-1.0", "no", "no", "no", "no"),
        ("openmdw-1.1", "no", "no", "no", "no"),
        ("lfm1.0", "no", "no", "no", "yes"),
        ("intel-research", "no", "no", "unknown", "unknown"),
        ("llama2, ", "no", "no", "yes", "yes"),
        ("nonsense", "unknown", "unknown", "unknown", "unknown"),
        ("MIT OR CC-BY-NC-4.0", "yes", "yes", "no", "no"),
        ("MIT AND CC-BY-NC-4.0", "no", "no", "yes", "no"),
        ("MIT AND intel-research", "no", "no", "unknown", "unknown"),
    ],
)
def test_four_answers_of_their_own(
    text: str, osi: str, libre: str, restricted: str, limits: str
) -> None:
    assert answered(text) == {
        Question.OSI: osi,
        Question.LIBRE: libre,
        Question.USE_RESTRICTED: restricted,
        Question.LIMITS: limits,
    }


@pytest.mark.parametrize(
    ("theirs", "ours", "differs"),
    [
        ("llama3.2", "apache-2.0", True),
        ("llama3.2", "llama3.2", False),
        ("cc-by-nc-4.0", "mit", True),
        ("cc-by-sa-4.0", "cc-by-4.0", True),
        ("apache-2.0", "cc-by-nc-4.0", False),
        ("mit", "llama3.2", False),
        ("llama3.2", "nonsense", False),
    ],
)
def test_what_a_base_model_passes_on(theirs: str, ours: str, *, differs: bool) -> None:
    base = Relative(model="somebody/base", stated=stated(theirs))
    report = assess([label(ours)], relatives=[base])
    assert contradictions(report) == ({"lineage_differs"} if differs else set())


def test_a_base_model_that_was_not_read_is_compared_with_what_is_published_of_it() -> None:
    base = Relative(model="meta-llama/Llama-3.2-1B")
    report = assess([label("mit")], relatives=[base])
    (link,) = report.lineage
    assert link.named is None, "the list is no fact about what the card says"
    assert (link.listed, link.listed_on) == ("LicenseRef-Llama-3.2", "2026-11-21")
    assert contradictions(report) == {"lineage_differs_listed"}


def test_a_base_model_that_nobody_knows_is_unknown() -> None:
    report = assess([label("mit")], relatives=[Relative(model="somebody/base")])
    assert "lineage_unknown" in codes(report)
    assert not contradictions(report)


def test_the_report_travels_as_json() -> None:
    report = assess([label("gemma")], [licence_text(llama_text(), "LICENSE")])
    assert msgspec.json.decode(msgspec.json.encode(report), type=LicenceReport) == report
    assert msgspec.json.schema(LicenceReport)["$defs"]["PartReport"]
