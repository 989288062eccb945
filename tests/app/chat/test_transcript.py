"""A long chat exists as widgets only near the view, and stays where the reader is."""

from math import ceil

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from app.chat.turns import turn_view
from app.chat.turns.answer import AnswerText
from app.chat.turns.transcript import TranscriptView
from app.chat.turns.turn_items import TurnItem
from app.theme.theme import Theme
from runner.store.tree import Place
from runner.store.values import ChatId, Counts, QuestionId, Recipe, Run, Turn, TurnId, TurnState


def item(number: int, answer: str = "An answer of some words. " * 8, **more) -> TurnItem:
    run = Run(
        recipe=Recipe(model="Model"), counts=Counts(tokens=3, thinking_s=2.0), reason="end token"
    )
    turn = Turn(
        id=TurnId(number),
        chat_id=ChatId(1),
        parent_id=None,
        question_id=QuestionId(number),
        question=f"Question {number}",
        answer=answer,
        thinking=more.pop("thinking", ""),
        state=TurnState.DONE,
        reason="end token",
        runs=(run,),
    )
    return TurnItem(turn, Place(1, 1, 1, 1), **more)


@pytest.fixture
def view(theme: Theme, qtbot) -> TranscriptView:
    view = TranscriptView(theme)
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    return view


def test_two_thousand_turns_need_few_widgets(view: TranscriptView) -> None:
    view.show_turns([item(number) for number in range(1, 2001)])
    assert 2 <= len(view.views) <= 12
    assert view.view(TurnId(2000)) is not None
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    assert view.view(TurnId(1)) is not None
    assert view.view(TurnId(2000)) is None
    assert len(view.views) <= 12


def test_the_reader_stays_where_they_are_while_text_arrives(view: TranscriptView) -> None:
    items = [item(number) for number in range(1, 30)]
    live = item(30, answer="", is_live=True)
    text = AnswerText()
    view.set_live(TurnId(30), text)
    view.show_turns([*items, live])
    view.show_turn(TurnId(10))
    at = view.view(TurnId(10)).mapTo(view, view.view(TurnId(10)).rect().topLeft()).y()
    for _ in range(20):
        text.feed("More words arrive.\n\n")
        view.grow()
        QTest.qWait(5)
    view.end_live()
    assert view.view(TurnId(10)).mapTo(view, view.view(TurnId(10)).rect().topLeft()).y() == at


def test_the_end_is_followed_by_whoever_is_there(view: TranscriptView) -> None:
    text = AnswerText()
    view.set_live(TurnId(2), text)
    view.show_turns([item(1), item(2, answer="", is_live=True)])
    for number in range(60):
        text.feed(f"Paragraph {number}.\n\n")
    view.end_live()
    bar = view.verticalScrollBar()
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()
    assert "Paragraph 59." in view.view(TurnId(2)).body.toPlainText()


def test_a_long_stored_answer_is_read_between_two_paints(view: TranscriptView, qtbot) -> None:
    view.show_turns([item(1, answer="Some words here.\n\n" * 3000)])
    turn = view.view(TurnId(1))
    assert len(turn.body.toPlainText()) < 20_000
    qtbot.waitUntil(lambda: turn.answer.body.is_finished, timeout=15_000)
    qtbot.waitUntil(lambda: len(turn.body.toPlainText()) > 50_000, timeout=15_000)


def test_thinking_is_folded_with_its_time(view: TranscriptView) -> None:
    view.show_turns([item(1, thinking="hm, let me see")])
    turn = view.view(TurnId(1))
    assert turn._fold.text() == "Thought for 2.0 s"
    assert turn._thinking is None
    turn._fold.click()
    assert turn._thinking.toPlainText() == "hm, let me see"


def test_turns_that_are_left_out_are_greyed(view: TranscriptView) -> None:
    view.show_turns([item(1, is_left_out=True), item(2)])
    assert view.view(TurnId(1)).graphicsEffect() is not None
    assert view.view(TurnId(2)).graphicsEffect() is None


def test_thinking_that_is_found_out_late_moves_out_of_the_answer(
    view: TranscriptView, qtbot
) -> None:
    text = AnswerText()
    view.set_live(TurnId(1), text)
    view.show_turns([item(1, answer="", is_live=True)])
    text.feed("so I wonder\n")
    view.grow()
    qtbot.waitUntil(lambda: "wonder" in view.view(TurnId(1)).body.toPlainText(), timeout=10_000)
    text.feed("</think>\n\nThe answer.")
    text.finish()
    view.end_live()
    assert view.view(TurnId(1)).body.toPlainText() == "The answer."
    assert text.thinking_text == "so I wonder\n"


def test_what_can_be_done_with_the_last_answer_is_seen_without_pointing(
    view: TranscriptView,
) -> None:
    def offers(number: int) -> bool:
        turn = view.view(TurnId(number))
        return turn._actions is not None and turn._actions.isVisible()

    view.show_turns([item(1), item(2)])
    assert (offers(1), offers(2)) == (False, True)
    view.set_live(TurnId(3), AnswerText())
    view.show_turns([item(1), item(2), item(3, answer="", is_live=True)])
    assert (offers(2), offers(3)) == (False, False)
    view.end_live()
    view.update_turn(item(3))
    assert offers(3)


def test_an_answer_is_read_out_when_it_is_there(
    view: TranscriptView, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(turn_view, "announce", lambda widget, words: said.append(words.strip()))
    QAccessible.setActive(True)
    try:
        text = AnswerText()
        view.set_live(TurnId(1), text)
        view.show_turns([item(1, answer="", is_live=True)])
        text.feed("Some **strong** words.")
        view.grow()
        view.end_live()
        view.show_turns([item(1, answer="Some **strong** words.")])
    finally:
        QAccessible.setActive(False)
    assert said == ["Answering…", "Answer: Some strong words."]


def test_question_and_answer_are_called_by_their_words(view: TranscriptView, qtbot) -> None:
    """A screen reader that comes to a text which cannot be written in says its name and no more."""
    view.show_turns([item(1, answer="Some **strong** words.")])
    turn = view.view(TurnId(1))
    called = [QAccessible.queryAccessibleInterface(one) for one in (turn._question, turn.body)]
    turn.body.setFocus()
    qtbot.waitUntil(turn.body.hasFocus)
    assert [one.text(QAccessible.Text.Name) for one in called] == [
        "Question: Question 1",
        "Answer: Some strong words.",
    ]


def test_what_was_laid_out_before_it_was_seen_leaves_no_gap(theme: Theme, qtbot) -> None:
    words = "The light of the sun is scattered by what the air is made of, most of all the blue. "
    for width in range(400, 440, 4):  # at some of them a line more is needed than at the next
        view = TranscriptView(theme)
        qtbot.addWidget(view)
        view.resize(width + 64, 600)
        view.show_turns([item(width, answer=words * 3)])
        view.resize(width + 78, 600)
        view.show()
        turn = view.view(TurnId(width))
        wide = width + 14
        qtbot.waitUntil(lambda t=turn, w=wide: t.body.width() == w, timeout=2_000)
        QTest.qWait(20)
        assert turn.body.height() == ceil(turn.body.document().size().height())
        assert turn._actions.y() == turn.body.geometry().bottom() + 1


def test_whoever_has_scrolled_up_is_led_back_to_the_end(view: TranscriptView) -> None:
    view.show_turns([item(number) for number in range(1, 40)])
    bar, button = view.verticalScrollBar(), view._to_end
    assert not button.isVisible()
    bar.setValue(0)
    assert button.isVisible()
    assert view.rect().contains(button.geometry())
    button.click()
    assert bar.value() == bar.maximum()
    assert not button.isVisible()
