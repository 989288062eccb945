"""Every value of the openness profile has a word, and every sentence is filled."""

import pytest

from app.words.openness import openness_words, range_of, said_of, short_line
from inspector.findings.evidence import own_rows, rules
from inspector.findings.values import Availability, Finding, Findings, Link, Terms, Tile
from inspector.frameworks.evaluate import evaluate
from inspector.frameworks.load import frameworks
from inspector.frameworks.profile import profile
from inspector.frameworks.published import all_ratings, reference_points
from inspector.frameworks.shapes import Answer, Kind


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("tile", Tile),
        ("availability", Availability),
        ("terms", Terms),
        ("link", Link),
        ("answer", Answer),
        ("kind", Kind),
    ],
)
def test_every_value_has_a_word(words, values):
    assert set(getattr(openness_words(), words)) == {one.value for one in values}


def test_every_confidence_rating_and_place_has_a_word():
    words = openness_words()
    used = {rule.confidence for rule in rules()} | {row.confidence for row in own_rows()}
    assert used | {"", "stated", "entered", "reviewer"} <= set(words.confidence)
    assert {one.kind for one in all_ratings()} <= set(words.rated)
    assert {one.place for one in reference_points()} == set(words.place)


def test_a_findings_words_name_both_values_and_the_licence():
    made = Finding(
        part="base-weights",
        availability=Availability.GATED,
        terms=Terms.RESTRICTED,
        licence="llama3.1",
    )
    assert said_of(made) == "gated or on request, restricted (llama3.1)"
    assert said_of(Finding(part="base-weights")) == "unknown"


def test_the_short_line_never_calls_the_unknown_closed():
    assert (
        short_line(profile(Findings("nothing", [])))
        == "weights unknown · data unknown · code unknown"
    )
    weights = Finding(part="base-weights", availability=Availability.PUBLIC, terms=Terms.OPEN)
    assert short_line(profile(Findings("one", [weights]))).startswith("weights open in part")


def test_a_range_is_told_only_where_there_is_one():
    for framework in frameworks():
        verdict = evaluate(framework, Findings("nothing", []))
        assert verdict.worst in range_of(verdict)
        assert verdict.best in range_of(verdict)
