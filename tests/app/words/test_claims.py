"""Claims in words and in print: titles apart, verdicts first, what was left out on demand."""

import io
import re
from pathlib import Path

import pytest

from app.cli.claims import print_claims
from app.cli.screen import Screen
from app.review.judgements import (
    MOST_ANSWERS,
    Judgement,
    KeptAnswer,
    decoded,
    effective,
    encoded,
    may_choose,
    with_answer,
)
from app.words.claims import (
    claim_texts,
    claim_words,
    in_order,
    place_words,
    rule_title,
    title_of,
)
from inspector.claims.rules import rule_set
from inspector.claims.values import Claim, Grade, Passage, Verdict
from runner.store.claims import KeptVerdict
from runner.store.judged_file import LARGEST_ENTRY
from tests.inspector.claims.made import TEMPLATE, claims, model_file


def printed(path: Path, *, sources: bool) -> str:
    out = io.StringIO()
    card = "# a\nA context length of 128k tokens. " + "\x1b[31m" + "\u202e"
    print_claims(claims(path, card), Screen(out, io.StringIO()), sources=sources)
    return out.getvalue()


def test_each_rule_is_printed_with_its_version(tmp_path: Path) -> None:
    told = printed(
        model_file(tmp_path, template=TEMPLATE, llama__context_length=512), sources=False
    )
    for rule in rule_set().rule:
        assert f"rule {rule.id}, version {rule.version}" in told
    assert re.search(r"^  CTX +Context length: differs\. ", told, re.MULTILINE)
    assert "Not looked at" not in told


def test_what_was_left_out_is_printed_with_the_sources(tmp_path: Path) -> None:
    told = printed(model_file(tmp_path, llama__context_length=512), sources=True)
    assert told.count("Not looked at: ") >= 42
    assert "llama.context_length" in told
    assert "\x1b" not in told
    assert "\u202e" not in told


def claim(rule: str, which: str = "", verdict: Verdict = Verdict.STATED, **more: object) -> Claim:
    name = f"{rule}/{which}" if which else rule
    return Claim(id=name, rule=rule, version=1, verdict=verdict, reason="none", **more)  # type: ignore[arg-type]


def test_claims_of_one_rule_are_told_apart() -> None:
    assert title_of(claim("PARAMS", "label")) == f"{rule_title('PARAMS')} (size label)"
    assert title_of(claim("PARAMS")) == rule_title("PARAMS")
    assert title_of(claim("OWN", "label")) == claim_texts().groups["own"]


def test_the_order_is_the_rules_and_a_persons_own_come_last() -> None:
    given = [
        claim("OWN", "x"),
        claim("FORMAT"),
        claim("ARCH"),
        claim("PARAMS", "b"),
        claim("PARAMS"),
    ]
    assert [one.id for one in in_order(given)] == ["ARCH", "PARAMS", "PARAMS/b", "FORMAT", "OWN/x"]


def test_places_are_lines() -> None:
    places = [Passage(document="a", line=line, end=line) for line in (7, 3, 7)]
    assert place_words(places) == "lines 3, 7"
    assert place_words(places[:1]) == "line 7"
    assert place_words([Passage(document="a")]) == ""


# ---- a person's word ------------------------------------------------------------------------------


def judged(verdict: Verdict | None, **more: object) -> Judgement:
    return Judgement(claim="CTX", rule="CTX", version=1, text="128k", verdict=verdict, **more)  # type: ignore[arg-type]


def test_a_persons_verdict_wins_until_the_claim_is_another_one() -> None:
    rule_said = claim("CTX", verdict=Verdict.DIFFERS, text="128k", grade=Grade.HEADER)
    assert effective(rule_said, None) is rule_said
    assert effective(rule_said, judged(None)) is rule_said
    assert effective(rule_said, judged(Verdict.AGREES)).verdict is Verdict.AGREES
    changed = claim("CTX", verdict=Verdict.DIFFERS, text="256k", grade=Grade.HEADER)
    assert effective(changed, judged(Verdict.AGREES)).verdict is Verdict.OUT_OF_DATE


def test_an_answer_lifts_what_a_person_may_say() -> None:
    words_only = claim("CTX", grade=Grade.CARD)
    assert not may_choose(Verdict.AGREES, words_only, None)
    assert may_choose(Verdict.DIFFERS, words_only, None)
    answered = with_answer(judged(None), KeptAnswer(question="a", answer="b"))
    assert may_choose(Verdict.AGREES, words_only, answered)
    assert answered.grade is Grade.RUN
    assert answered.changed is not None


def test_a_count_of_a_redone_slice_is_an_evaluation() -> None:
    redone = Judgement(claim="EVALREDO", rule="EVALREDO", right=30, of=50)
    assert redone.grade is Grade.EVALUATION
    assert Judgement(claim="SAFE-OVER", rule="SAFE-OVER", right=1, of=10).grade is None


def test_what_is_kept_has_an_end() -> None:
    full = judged(None)
    for number in range(MOST_ANSWERS + 5):
        full = with_answer(full, KeptAnswer(question=str(number), answer="x" * 20_000))
    assert len(full.answers) == MOST_ANSWERS
    text = encoded(full)
    assert len(text) <= LARGEST_ENTRY
    kept = decoded(KeptVerdict(claim="CTX", entry=text, changed=0.0))
    assert kept is not None
    assert kept.answers[-1].question == str(MOST_ANSWERS + 4)


@pytest.mark.parametrize("entry", ["", "{", "[]", '{"claim": 1}', '{"claim": "x"}'])
def test_what_can_not_be_read_is_left_alone(entry: str) -> None:
    assert decoded(KeptVerdict(claim="x", entry=entry, changed=0.0)) is None


def test_the_forbidden_words_are_in_no_verdict() -> None:
    texts = claim_texts()
    words = " ".join([*texts.verdicts.values(), *texts.meanings.values(), *texts.grades.values()])
    assert not re.search(r"\b(?:safe|clean|exempt)\b", words)
    for rule in texts.rules.values():
        assert not re.search(r"\b(?:safe|clean|exempt)\b", " ".join(rule.reasons.values()))
    assert claim_words(claim("ARCH", verdict=Verdict.NOT_STATED)).sentence
