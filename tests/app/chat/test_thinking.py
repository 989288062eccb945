"""Thinking is told apart from the answer, however the text is cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chat.running.conversation import prefill
from app.chat.running.recipes import recipe_after
from app.chat.turns.answer import AnswerText
from app.chat.turns.thinking import ThoughtSplitter
from runner.store.values import ChatId, QuestionId, Recipe, Run, Turn, TurnId

CASES = {
    "plain": ("Hello there", "", "Hello there"),
    "think": ("<think>\nwell\n</think>\n\nHello", "\nwell\n", "Hello"),
    "opened by the template": ("well\nso\n</think>\n\nHello", "well\nso\n", "Hello"),
    "mentioned": ("Use `</think>` to end, or </think> it", "", "Use `</think>` to end, or </think> it"),
    "harmony": (
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Hi",
        "hm",
        "Hi",
    ),
    "never ends": ("<think>on and on", "on and on", ""),
    "half a mark": ("<thin", "", "<thin"),
    "mistral": ("[THINK]a[/THINK]b", "a", "b"),
    "empty": ("<think>\n\n</think>\n\nHi", "\n\n", "Hi"),
}  # fmt: skip


def told(text: str, size: int) -> tuple[str, str]:
    splitter = ThoughtSplitter()
    thinking = answer = ""
    for at in range(0, len(text), size):
        step = splitter.feed(text[at : at + size])
        thinking = step.thinking if step.rethought else thinking + step.thinking
        answer = step.answer if step.rethought else answer + step.answer
    step = splitter.finish()
    assert (splitter.thinking, splitter.answer) == (thinking + step.thinking, answer + step.answer)
    return splitter.thinking, splitter.answer


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("case", CASES)
def test_thinking_and_answer(case: str, size: int) -> None:
    text, thinking, answer = CASES[case]
    assert told(text, size) == (thinking, answer)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<think>", "</think>", "\n", "a", "<", "</", " ", "[/THINK]", "<|end|>"])
    ),
    st.integers(1, 5),
)
def test_any_cut_gives_the_same(parts: list[str], size: int) -> None:
    text = "".join(parts)
    assert told(text, size) == told(text, 10_000)


def stopped_after(written: str) -> Turn:
    """Returns the turn of an answer of which this has come."""
    text = AnswerText()
    for sign in written:
        text.feed(sign)
    text.finish()
    return Turn(
        id=TurnId(1),
        chat_id=ChatId(1),
        parent_id=None,
        question_id=QuestionId(1),
        question="?",
        answer=text.answer_text,
        thinking=text.thinking_text,
        runs=(Run(recipe=recipe_after(Recipe(), None, text.thinking_marks)),),
    )


@pytest.mark.parametrize(
    "written",
    [
        "<think>\nfirst\n</think>\n\nthen",
        "<thinking>first</thinking>then",
        "[THINK]first[/THINK]\nthen",
        "first\n</think>\n\nthen",
        (
            "<|channel|>analysis<|message|>first<|end|>"
            "<|start|>assistant<|channel|>final<|message|>then"
        ),
    ],
)
def test_an_answer_goes_on_from_what_the_model_wrote(written: str) -> None:
    turn = stopped_after(written)
    assert turn.answer == "then"
    assert prefill(turn) == written


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<think>\nfir", "st\n</think>\n\nthen"),
        ("[THINK]fir", "st[/THINK]\nthen"),
        (
            "<|channel|>analysis<|message|>fir",
            "st<|end|><|start|>assistant<|channel|>final<|message|>then",
        ),
    ],
)
def test_thinking_that_was_stopped_goes_on_as_thinking(before: str, after: str) -> None:
    turn = stopped_after(before)
    assert (prefill(turn), turn.answer) == (before, "")
    text = AnswerText.continuing(turn.thinking, turn.answer, turn.recipe.thinking_marks)
    for sign in after:
        text.feed(sign)
    text.finish()
    assert text.thinking_text.strip() == "first"
    assert text.answer_text == "then"
    assert "".join((text.thinking_marks[0], text.thinking_text, text.thinking_marks[1])) == (
        (before + after).removesuffix("then")
    )
