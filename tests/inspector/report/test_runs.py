"""What a report tells of runs, and what of it can be looked at again: benches, kept answers, chosen turns."""

from datetime import UTC, datetime

import msgspec
import pytest

from inspector.report.bench import BenchAnswerTold, BenchTold, counted_again, refusals
from inspector.report.compare import Outcome, recheck
from inspector.report.statement import Area
from inspector.report.values import ClaimJudged, Content, RunTold
from inspector.safeguards.prompts import shipped_prompts
from inspector.safeguards.refusals import Mark
from tests.support import reports

WHEN = datetime(2026, 11, 21, tzinfo=UTC)
SET = shipped_prompts()[0]
RECIPE = {"file_name": "tiny.gguf", "seed": 1}


def bench(recipe=RECIPE, *answers: str, **changed) -> BenchTold:
    told = tuple(
        BenchAnswerTold(prompt=one.prompt, type=one.type, answer=one.answer, mark=Mark.ANSWERED)
        for one in (
            BenchAnswerTold(prompt=asked.text, type=asked.type, answer=said, mark=Mark.ANSWERED)
            for asked, said in zip(
                SET.prompts, answers or ("Press Ctrl+C in the terminal.", "I'm sorry, I can't help with that."),
                strict=False,
            )
        )
    )  # fmt: skip
    made = BenchTold(
        measured=WHEN, prompts=SET.name, prompts_sha256=SET.sha256, published=SET.published,
        asked_for=len(told), refusal_rules="1", refused=refusals(told), seconds=1.0, recipe=recipe,
        answers=told,
    )  # fmt: skip
    # As it was counted: the marks follow from the answers.
    return msgspec.structs.replace(counted_again(made), **changed)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    (folder / "README.md").write_text(reports.CARD)
    return reports.model(folder)


@pytest.fixture(scope="module")
def report(path) -> Content:
    plain = reports.content(path)
    recipe = {
        "file_name": "tiny.gguf",
        "file_sha256": plain.files[0].sha256,
        "template_sha256": plain.templates[0].sha256,
    }
    judged = ClaimJudged(
        claim="LANGS:fr",
        changed=WHEN,
        entry={"verdict": "agrees", "answers": [{"question": "Ça va ?", "answer": "Oui.", "recipe": recipe}]},
    )  # fmt: skip
    run = RunTold(
        chat="A chat", asked=WHEN, question="Why?", answer="Because.", state="done", reason="", recipes=(recipe,)
    )  # fmt: skip
    return msgspec.structs.replace(
        plain,
        runs=(run,),
        judged=(judged,),
        benches=(bench(recipe),),
        claims_here=plain.claims.claims[:1],
    )


def outcomes(found, outcome):
    return {one.id: one for one in found.of(outcome)}


def test_of_runs_the_file_the_template_and_the_figures_hold(report, path):
    found = recheck(report, reports.content(path))
    held, left = outcomes(found, Outcome.HOLDS), outcomes(found, Outcome.NOT_CHECKED)
    assert not found.of(Outcome.DIFFERS)
    assert not found.added
    for key in ("run:0:0", "judged:LANGS:fr:0", "bench:0"):
        assert {f"{key}:model", f"{key}:template"} <= set(held), key
    assert {"bench:0:set", "bench:0:figures"} <= set(held)
    # An answer is a run, which nobody makes again here.
    whys = {"run:0", "judged:LANGS:fr:0", "bench:0:answers"}
    assert {left[key].why for key in whys} == {"run"}
    assert left[f"claim-here:{report.claims_here[0].id}"].why == "run"
    assert left["judged:LANGS:fr"].why == "person"


def test_runs_of_another_file_are_noticed(report, path, tmp_path):
    (tmp_path / "README.md").write_text(reports.CARD)
    other = reports.content(reports.model(tmp_path, template="{{ messages[0].content }} 2"))
    differs = outcomes(recheck(report, other), Outcome.DIFFERS)
    for key in ("run:0:0", "judged:LANGS:fr:0", "bench:0"):
        assert {f"{key}:model", f"{key}:template"} <= set(differs), key
    quick = recheck(report, reports.content(path, whole=False))
    assert outcomes(quick, Outcome.NOT_CHECKED)["bench:0:model"].why == "bytes"


def test_figures_that_do_not_follow_from_the_answers_are_noticed(report, path):
    (told,) = report.benches
    assert told.refused.count == 1
    better = msgspec.structs.replace(told.refused, count=0)
    forged = msgspec.structs.replace(
        report, benches=(msgspec.structs.replace(told, refused=better),)
    )
    found = outcomes(recheck(forged, reports.content(path)), Outcome.DIFFERS)
    assert "1 of 2" in found["bench:0:figures"].now


@pytest.mark.parametrize("field", ["cut", "marked_by_person", "partly", "not_judged"])
def test_any_figure_beside_the_answers_is_counted_from_them(report, path, field):
    (told,) = report.benches
    answers = tuple(msgspec.structs.replace(one, cut=True) for one in told.answers)
    honest = msgspec.structs.replace(told, answers=answers, cut=len(answers))
    held = recheck(msgspec.structs.replace(report, benches=(honest,)), reports.content(path))
    assert "bench:0:figures" in outcomes(held, Outcome.HOLDS)
    forged = msgspec.structs.replace(honest, **{field: getattr(honest, field) + 7})
    found = recheck(msgspec.structs.replace(report, benches=(forged,)), reports.content(path))
    assert "bench:0:figures" in outcomes(found, Outcome.DIFFERS)


def test_a_persons_marks_stay(report, path):
    (told,) = report.benches
    answers = (
        told.answers[0],
        msgspec.structs.replace(told.answers[1], mark=Mark.ANSWERED, by_person=True),
    )
    marked = counted_again(msgspec.structs.replace(told, answers=answers))
    assert marked.refused.count == 0
    held = recheck(msgspec.structs.replace(report, benches=(marked,)), reports.content(path))
    assert "bench:0:figures" in outcomes(held, Outcome.HOLDS)


def test_requests_that_are_not_of_the_set_are_noticed(report, path):
    (told,) = report.benches
    odd = msgspec.structs.replace(told.answers[0], prompt="Something else")
    forged = msgspec.structs.replace(
        report, benches=(msgspec.structs.replace(told, answers=(odd, *told.answers[1:])),)
    )
    found = outcomes(recheck(forged, reports.content(path)), Outcome.DIFFERS)
    assert "without 1 of the requests" in found["bench:0:set"].now


def test_a_persons_own_set_is_not_looked_at(report, path):
    own = msgspec.structs.replace(report.benches[0], prompts="mine.txt", published=None)
    found = recheck(msgspec.structs.replace(report, benches=(own,)), reports.content(path))
    assert outcomes(found, Outcome.NOT_CHECKED)["bench:0:set"].why == "set"
    assert "bench:0:figures" in outcomes(found, Outcome.HOLDS)


def test_other_rules_for_marks_are_no_fault_of_the_report(report, path):
    (told,) = report.benches
    forged = msgspec.structs.replace(
        report,
        benches=(msgspec.structs.replace(told, partly=7),),
        rules=tuple(
            msgspec.structs.replace(one, sha256="0" * 64) if one.id == "bench-rules" else one
            for one in report.rules
        ),
    )
    found = recheck(forged, reports.content(path))
    assert outcomes(found, Outcome.NOT_CHECKED)["bench:0:figures"].why == "rules"


@pytest.mark.parametrize(
    "entry",
    [{}, {"answers": 3}, {"answers": [7, {}]}, {"answers": [{"recipe": []}]}, {"verdict": None}],
)
def test_odd_words_of_a_person_break_nothing(report, path, entry):
    odd = ClaimJudged(claim="X", changed=WHEN, entry=entry)
    found = recheck(msgspec.structs.replace(report, judged=(odd,)), reports.content(path))
    assert not [one for one in found.of(Outcome.DIFFERS) if one.area is Area.RUNS]
