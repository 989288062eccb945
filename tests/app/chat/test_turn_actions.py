"""The row of actions below an answer."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from app.chat.turns.turn_actions import FOLDING, TurnActions
from app.chat.turns.turn_items import Ask, TurnItem
from app.theme.theme import Theme
from runner.store.tree import Place
from runner.store.values import ChatId, QuestionId, Turn, TurnId, TurnState


def a_turn() -> Turn:
    return Turn(
        id=TurnId(7),
        chat_id=ChatId(1),
        parent_id=None,
        question_id=QuestionId(7),
        question="Why?",
        answer="Because.",
        thinking="",
        state=TurnState.DONE,
        reason="end token",
        runs=(),
    )


def test_its_first_word_stands_below_the_answers_first_letter(theme: Theme, qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(900, 60)
    row = TurnActions(theme, holder)
    row.setGeometry(0, 0, 900, 40)
    holder.show()
    button = row.button(Ask.COPY_MARKDOWN)
    picture = button.grab().toImage()
    ground = QColor(picture.pixel(picture.width() - 1, picture.height() // 2)).lightness()
    middle = range(picture.height() // 4, picture.height() * 3 // 4)
    inked = [
        x
        for x in range(picture.width())
        if any(abs(QColor(picture.pixel(x, y)).lightness() - ground) > 60 for y in middle)
    ]
    assert inked, "the word is drawn"
    assert button.x() == 0
    assert 0 <= inked[0] - row.lead <= 4


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("width", [280, 360, 480, 640, 900])
def test_every_word_is_whole_and_what_has_no_room_is_in_the_menu(
    theme: Theme, qtbot, width: int, scale: float
) -> None:
    turn = a_turn()
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(width, 100)
    row = TurnActions(theme, holder)
    row.setGeometry(0, 0, width, 80)
    row.show_item(TurnItem(turn, Place(2, 3, 1, 1)))
    holder.show()
    theme.choose(scale=scale)
    asked: list[Ask] = []
    row.asked.connect(lambda request: asked.append(request.ask))

    def seen() -> list[QToolButton]:
        return [one for one in row.findChildren(QToolButton) if one.isVisible()]

    def are_whole() -> bool:
        return all(
            one.width() >= one.sizeHint().width()
            and row.rect().contains(QRect(one.mapTo(row, one.rect().topLeft()), one.size()))
            for one in seen()
        )

    try:
        qtbot.waitUntil(are_whole, timeout=2_000)
        row._menu.aboutToShow.emit()
        *folded, _, delete = row._menu.actions()
        assert delete.text() == "Delete this answer"
        in_menu = {action.text() for action in folded}
        in_row = {one.text() for one in seen()}
        words = {"Copy", "Copy as text", "Regenerate", "Continue", "Edit question", "Info"}
        assert (in_row & words) | in_menu == words
        assert not in_row & in_menu
        assert row.more.isVisible()
        for action in (*folded, delete):
            action.trigger()
        assert len(asked) == len(in_menu) + 1
        assert asked[-1] is Ask.DELETE
    finally:
        theme.choose(scale=1.0)


def test_arrows_say_whether_they_leaf_through_answers_or_questions(theme: Theme, qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    row = TurnActions(theme, holder)
    row.show_item(TurnItem(a_turn(), Place(2, 3, 1, 2)))
    said = [stepper.findChild(QLabel).text() for stepper in (row._versions, row._edits)]
    assert said == ["2/3", "question 1/2"]


def test_nothing_takes_the_place_of_what_was_pressed(theme: Theme, qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(900, 60)
    row = TurnActions(theme, holder)
    row.setGeometry(0, 0, 900, 40)
    turn = a_turn()
    row.show_item(TurnItem(turn, Place(1, 1, 1, 1)))
    holder.show()
    places = {ask: row.button(ask).geometry() for ask in FOLDING}
    row.show_item(TurnItem(turn, Place(1, 1, 1, 1), is_live=True))
    qtbot.wait(20)
    assert {ask: row.button(ask).geometry() for ask in FOLDING} == places
    assert not row.button(Ask.AGAIN).isEnabled()
    assert row.button(Ask.INFO).isEnabled()


@pytest.mark.parametrize(
    ("place", "is_followed", "said"),
    [
        (Place(2, 2, 1, 2), False, "Delete this answer"),
        (Place(1, 2, 1, 1), True, "Delete this answer and all that follows"),
        (Place(1, 1, 1, 1), False, "Delete question and answer"),
        (Place(1, 1, 1, 2), True, "Delete question, answer and all that follows"),
    ],
)
def test_deleting_says_what_goes_and_waits_for_an_answer(
    theme: Theme, qtbot, place: Place, is_followed: bool, said: str
) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    row = TurnActions(theme, holder)
    row.show_item(TurnItem(a_turn(), place, is_followed=is_followed))
    for allowed in (False, True):
        row.allow_deleting(allowed)
        row._menu.aboutToShow.emit()
        delete = row._menu.actions()[-1]
        assert (delete.text(), delete.isEnabled()) == (said, allowed)
