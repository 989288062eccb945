"""What is said of prepared questions, and of what was counted in their answers."""

import pytest

from app.words.claims import claim_texts
from app.words.probes import counted_words, expected_words, last_of, question_words
from inspector.claims.probes import names, probe


@pytest.mark.parametrize("name", sorted(names()))
def test_a_question_says_what_its_answer_is_looked_through_for(name: str) -> None:
    for question in probe(name, languages=["en", "de"]).ask:
        counted = counted_words(question)
        assert bool(counted) is question.is_counted, question.text
        told = question_words(question)
        assert last_of(question.text) in told
        assert counted in told
        for word in (*question.contains, *question.json):
            assert f"“{word}”" in counted


def test_no_pattern_is_without_words_of_its_own() -> None:
    every = [one for name in names() for one in probe(name).ask]
    assert {one.form for one in every if one.pattern} <= claim_texts().counted.keys()
    assert all(bool(one.form) is bool(one.pattern) for one in every)


def test_an_answer_says_what_was_looked_for_and_whether_it_is_there() -> None:
    found, missed, untold = (
        expected_words(counted="one word", is_expected=one) for one in (True, False, None)
    )
    assert found == "counted, and found: one word"
    assert missed == "counted, and not found: one word"
    assert untold.startswith("not counted, because")
    assert untold.endswith(": one word")
    # Answers that were kept before it was said.
    assert expected_words(counted="", is_expected=False) == "does not have what was counted for"
    assert expected_words(counted="", is_expected=None) == ""
