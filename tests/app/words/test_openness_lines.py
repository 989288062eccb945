"""A rule set's lines in words: nothing twice, steps as steps, and what is optional says so."""

import pytest

from app.words.openness import fact_line, line_words, place_of, progress_of
from inspector.facts import Source, SourceKind, known
from inspector.frameworks.evaluate import evaluate
from inspector.frameworks.load import frameworks
from inspector.frameworks.shapes import Answer, Kind
from inspector.frameworks.verdict import Line
from tests.inspector.frameworks.made import everything, findings


def line(answer, **more):
    return Line(id="x", label="Datasets", answer=answer, **more)


@pytest.mark.parametrize(
    ("read", "kind", "said"),
    [
        (line(Answer.UNKNOWN, note="not known"), Kind.CLASS, "Datasets: not known"),
        (line(Answer.MET, value="Datasets"), Kind.BINARY, "Datasets: met"),
        (line(Answer.MET, value="MIT"), Kind.CLASS, "Datasets: met; MIT"),
        (line(Answer.MET, optional=True), Kind.CLASS, "Datasets (optional): met"),
        (line(Answer.MET), Kind.GRADIENT, "Datasets: passed"),
        (line(Answer.MET, value="here"), Kind.GRADIENT, "Datasets: here"),
        (line(Answer.NOT_MET), Kind.GRADIENT, "Datasets: not reached"),
        (line(Answer.NOT_APPLICABLE, value="told"), Kind.CHECKLIST, "Datasets: told"),
        (line(Answer.NOT_APPLICABLE), Kind.CHECKLIST, "Datasets"),
    ],
)
def test_a_line_in_words(read, kind, said):
    assert line_words(read, kind) == said


def test_every_line_of_every_framework_has_words_and_one_step_is_here():
    for found in (findings(), findings(*everything())):
        for framework in frameworks():
            verdict = evaluate(framework, found)
            said = [line_words(one, verdict.kind) for one in verdict.decided]
            assert all(said)
            if verdict.kind is Kind.GRADIENT and len(framework.row) == 1 and found.all:
                assert sum(one.endswith(": here") for one in said) == 1
            assert bool(progress_of(verdict)) is (verdict.kind is Kind.CLASS)


def test_evidence_is_told_in_the_words_that_it_rests_on():
    place = Source(
        kind=SourceKind.CARD_TEXT,
        document="README.md",
        line=16,
        quote="We do not release the data.",
    )
    told = fact_line(known("pretraining-dataset", place))
    assert told == "“We do not release the data.” (card text, README.md, line 16)"
    assert "line 16" in place_of(place)
    listed = known("2 files", Source(kind=SourceKind.REPOSITORY, document="o/r"))
    assert fact_line(listed) == "2 files (repository listing, o/r)"
