"""What each framework says of telling cases; the sentences of section 10 of the comparison."""

import pytest

from inspector.findings.values import Availability, Finding, Findings, Link, Review, Terms
from inspector.frameworks.disagreements import disagreements, every_disagreement
from inspector.frameworks.evaluate import evaluate
from inspector.frameworks.load import frameworks
from inspector.frameworks.profile import profile
from inspector.frameworks.shapes import Answer
from tests.inspector.frameworks.made import everything, finding, findings

BY_ID = {one.id: one for one in frameworks()}


def says(framework, *some):
    return evaluate(BY_ID[framework], findings(*some))


OPEN_WEIGHTS = (
    finding("adapted-weights"),
    finding("base-weights"),
    finding("compressed-weights"),
    finding("pretraining-dataset", "not_released", ""),
    finding("training-code", "not_released", ""),
)


@pytest.mark.parametrize("framework", BY_ID)
def test_without_evidence_nothing_is_closed_and_nothing_is_open(framework):
    verdict = says(framework)
    assert verdict.worst != verdict.best
    assert all(
        line.answer in {Answer.UNKNOWN, Answer.NOT_APPLICABLE} for line in verdict.decided
    ), [line for line in verdict.decided if line.answer is not Answer.UNKNOWN]


def test_the_words_for_no_evidence():
    assert says("mof-1.1").reading == "not shown to meet Class III"
    assert says("mof-1.1").klass == 0
    assert says("osaid-1.0").reading == "not shown"
    assert says("solaiman-2023").reading == "not shown"


def test_openly_licensed_weights_without_data():
    assert says("solaiman-2023", *OPEN_WEIGHTS).reading == "downloadable"
    assert says("bommasani-2023", *OPEN_WEIGHTS).reading == "weights available"
    assert says("microsoft-2024", *OPEN_WEIGHTS).reading == "weights available"
    assert "Model: open source" in says("dpga-2023", *OPEN_WEIGHTS).reading
    assert says("osaid-1.0", *OPEN_WEIGHTS).reading == "does not meet the definition"
    assert says("mof-1.1", *OPEN_WEIGHTS).klass == 0
    licence = next(
        one for one in says("eu-open-source-2025", *OPEN_WEIGHTS).decided if one.id == "licence"
    )
    assert licence.answer is Answer.MET


def test_a_rail_licence():
    rail = [finding(one.part, licence="bigscience-bloom-rail-1.0") for one in everything()]
    assert says("mof-1.1", *rail).reading == "does not meet Class III"
    assert says("osaid-1.0", *rail).reading == "does not meet the definition"
    assert "Model: source available" in says("dpga-2023", *rail).reading
    assert says("bommasani-2023", *rail).reading.endswith("with use restrictions")
    licence = next(one for one in says("eu-open-source-2025", *rail).decided if one.id == "licence")
    assert licence.answer is Answer.CONTESTED


def test_llama_is_not_met_for_its_scale():
    verdict = says("eu-open-source-2025", finding("adapted-weights", "gated", "llama3.1"))
    licence = next(one for one in verdict.decided if one.id == "licence")
    assert (licence.answer, licence.value) == (Answer.NOT_MET, "llama3.1")
    assert verdict.duties


def test_a_licence_in_doubt_is_contested_under_the_eu_list():
    doubted = Finding(
        part="adapted-weights",
        availability=Availability.PUBLIC,
        terms=Terms.UNKNOWN,
        licence="MIT",
    )
    decided = says("eu-open-source-2025", doubted).decided
    assert next(one for one in decided if one.id == "licence").answer is Answer.CONTESTED


@pytest.mark.parametrize("said", ["none", "unlicensed", "other"])
def test_that_no_licence_is_named_is_no_doubt_between_two(said):
    decided = says("eu-open-source-2025", finding("adapted-weights", licence=said)).decided
    assert next(one for one in decided if one.id == "licence").answer is Answer.UNKNOWN


def test_the_eu_list_leaves_to_others_what_no_file_shows():
    answers = {one.id: one.answer for one in says("eu-open-source-2025", *everything()).decided}
    for beyond in ("general-purpose", "no-payment", "no-systemic-risk"):
        assert answers[beyond] is Answer.UNKNOWN


def test_a_person_judges_the_data_information():
    every = [one for one in everything() if one.part != "pretraining-dataset"]
    verdict = says("osaid-1.0", *every, finding("pretraining-dataset", "not_released", ""))
    assert verdict.reading == verdict.best == verdict.worst == "a person must judge"


def test_a_person_judges_a_data_licence_on_parameters():
    every = [one for one in everything() if one.part not in {"adapted-weights", "base-weights"}]
    verdict = says("osaid-1.0", *every, finding("adapted-weights", licence="cc-by-4.0"))
    assert verdict.reading == "a person must judge"


def test_everything_open_meets_everything():
    every = everything()
    assert says("mof-1.1", *every).klass == 1
    assert says("osaid-1.0", *every).reading == "meets every line of the checklist"
    assert says("solaiman-2023", *every).reading == "fully open"
    assert says("triangle-2023", *every).reading == "code, data, weights shown open"


def test_the_osaid_row_of_the_outcomes_is_marked_as_a_draft():
    outcomes = next(one for one in says("microsoft-2024").tables if one.id == "outcomes")
    row = next(line for line in outcomes.lines if "Definition" in line.label)
    assert "draft 0.0.6, no data; superseded by 1.0" in row.note


def test_what_can_be_done_with_what_is_there():
    some = (finding("inference-code"), finding("adapted-weights"))
    outcomes = next(one for one in says("microsoft-2024", *some).tables if one.id == "outcomes")
    answers = {line.label: line.answer for line in outcomes.lines}
    assert answers["evaluate it for hazardous knowledge (WMDP)"] is Answer.MET
    assert answers["put it into production use"] is Answer.UNKNOWN


def test_transparency_is_coverage_by_edition():
    for edition in ("fmti-2023", "fmti-2024", "fmti-2025"):
        assert len(BY_ID[edition].indicator) == 100
        assert "of 100" in says(edition, *everything()).reading
        assert "not a score of the index" in BY_ID[edition].notes[0]


def test_the_apps_rows_enter_no_verdict():
    ours = [finding(one.part, link=Link.APP) for one in everything()]
    for framework in BY_ID:
        assert says(framework, *ours).reading == says(framework).reading


def test_a_reviewers_word_stands_beside_the_finding():
    review = Review(
        part="pretraining-dataset", availability=Availability.PUBLIC, terms=Terms.OPEN, licence="odc-by",
        reason="The data set is linked from the project's page.", source="https://example.org/data",
    )  # fmt: skip
    found = Findings(
        "made up",
        [Finding(part="pretraining-dataset", availability=Availability.NOT_RELEASED)],
        [review],
    )
    with_it, without = profile(found), profile(found, with_reviewer=False)
    assert with_it.reviews == without.reviews == (review,)
    data = (
        {one.part: one.tile for one in with_it.rows},
        {one.part: one.tile for one in without.rows},
    )
    assert (data[0]["pretraining-dataset"], data[1]["pretraining-dataset"]) == ("open", "closed")
    dpga = [
        next(v for v in one.verdicts if v.framework == "dpga-2023") for one in (with_it, without)
    ]
    assert dpga[0].reading.startswith("Data: open source")
    assert dpga[1].reading.startswith("Data: closed")


def test_disagreements_show_where_they_matter():
    shown = {one.id for one in disagreements(findings(*OPEN_WEIGHTS))}
    assert "open-weights-no-data" in shown
    assert not {"rail", "gate"} & shown
    gated = {
        one.id for one in disagreements(findings(finding("adapted-weights", "gated", "llama3.1")))
    }
    assert {"rail", "gate"} <= gated
    known = set(BY_ID)
    for one in every_disagreement():
        assert set(one.between) <= known
        assert set(one.says) <= set(one.between)


def test_a_thousand_models_take_no_longer_for_each_than_one():
    """Guards the bar of one second; a machine with other work gets three times as long."""
    from tests.benchmarks.openness import run_once

    # The first is the slowest: it loads the rules.
    assert any(run_once()[1] < 3.0 for _ in range(3))
