"""The list's rows: headings by the calendar, precise changes, snippets without deceit."""

import random
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from app.chat.chats.chat_groups import Group, group_of, grouped
from app.chat.chats.chat_list import ChatList
from app.chat.chats.chat_list_model import ChatListModel, Role
from app.chat.chats.fields import NameField
from app.theme.theme import Theme
from runner.store.search import MARK_END, MARK_START, Found, Hit, TitleHit
from runner.store.values import Chat, ChatId, TurnId

NOW = datetime(2026, 11, 18, 9, 0).astimezone().timestamp()
HOUR = 3600


def chat(number: int, hours_ago: float = 1, **more) -> Chat:
    return Chat(id=ChatId(number), title=f"Chat {number}", changed=NOW - hours_ago * HOUR, **more)


def test_groups_follow_the_calendar() -> None:
    assert group_of(chat(1, 1), NOW) is Group.TODAY
    assert group_of(chat(1, 10), NOW) is Group.YESTERDAY
    assert group_of(chat(1, 24 * 4), NOW) is Group.WEEK
    assert group_of(chat(1, 24 * 30), NOW) is Group.EARLIER
    assert group_of(chat(1, 24 * 30, pinned=True), NOW) is Group.PINNED


def test_headings_stand_once() -> None:
    rows = grouped([chat(1, 0, pinned=True), chat(2, 1), chat(3, 2), chat(4, 20)], NOW)
    assert [row if isinstance(row, Group) else row.id for row in rows] == [
        Group.PINNED, 1, Group.TODAY, 2, 3, Group.YESTERDAY, 4,
    ]  # fmt: skip


def test_the_model_tells_exactly_what_changes() -> None:
    model = ChatListModel("Untitled")
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    chance = random.Random(4)
    for _ in range(60):
        ids = chance.sample(range(20), chance.randrange(12))
        model.show_chats([chat(number, number * 5) for number in sorted(ids)], NOW)
        shown = [row.chat_id for row in model.rows if row.chat_id is not None]
        assert shown == sorted(ids)
    del tester


def test_headings_cannot_be_chosen() -> None:
    model = ChatListModel("Untitled")
    model.show_chats([chat(1)], NOW)
    assert model.flags(model.index(0)) == Qt.ItemFlag.NoItemFlags
    assert model.flags(model.index(1)) & Qt.ItemFlag.ItemIsSelectable


def test_what_was_found_is_shown_with_its_marks_and_nothing_hidden() -> None:
    model = ChatListModel("Untitled")
    snippet = f"before {MARK_START}hit{MARK_END} after\u202e"
    hit = Hit(
        chat_id=ChatId(1),
        turn_id=TurnId(5),
        title="T\u202e",
        is_question=True,
        snippet=snippet,
        changed=1,
    )
    title = TitleHit(chat_id=ChatId(2), title="", changed=1)
    model.show_found(Found("x", (title,), (hit,)), "In titles", "In chats")
    assert [row.title for row in model.rows] == ["In titles", "Untitled", "In chats", "T⟦U+202E⟧"]
    assert model.index(3).data(Role.SNIPPET) == f"before {MARK_START}hit{MARK_END} after⟦U+202E⟧"


@pytest.fixture
def searching(theme: Theme, qtbot: QtBot) -> ChatList:
    chats = ChatList(theme, lambda: NOW)
    qtbot.addWidget(chats)
    chats.show_chats([chat(1), chat(2)])
    chats.show_current(ChatId(2))
    chats.show()
    chats.begin_search()
    QTest.keyClicks(chats.search_field, "word")
    return chats


def found(text: str) -> Found:
    """A chat by its title, and a turn in another one."""
    title = TitleHit(chat_id=ChatId(1), title="Chat 1", changed=1)
    hit = Hit(
        chat_id=ChatId(2),
        turn_id=TurnId(5),
        title="Chat 2",
        is_question=True,
        snippet=text,
        changed=1,
    )
    return Found(text, (title,), (hit,))


def test_enter_in_the_search_opens_the_first_that_was_found(
    searching: ChatList, qtbot: QtBot
) -> None:
    searching.show_found(found("word"))
    with qtbot.waitSignal(searching.chosen, timeout=1000) as opened:
        QTest.keyClick(searching.search_field, Qt.Key.Key_Return)
    assert opened.args == [ChatId(1), None]


def test_enter_before_the_answer_opens_what_is_found_for_these_words(
    searching: ChatList, qtbot: QtBot
) -> None:
    opened: list[object] = []
    searching.chosen.connect(lambda chat, turn: opened.append((chat, turn)))
    searching.show_found(found("word"))
    QTest.keyClicks(searching.search_field, "s")
    QTest.keyClick(searching.search_field, Qt.Key.Key_Return)
    assert opened == [], "what is shown was found for other words"
    searching.show_found(found("words"))
    assert opened == [(ChatId(1), None)]
    searching.show_found(found("words"))
    assert len(opened) == 1, "a search that is made again opens nothing"


def test_words_that_change_after_enter_open_nothing(searching: ChatList) -> None:
    opened: list[object] = []
    searching.chosen.connect(lambda *which: opened.append(which))
    QTest.keyClick(searching.search_field, Qt.Key.Key_Return)
    QTest.keyClicks(searching.search_field, "s")
    searching.show_found(found("words"))
    assert opened == []


def test_down_from_the_search_marks_the_first_that_was_found(
    searching: ChatList, qtbot: QtBot
) -> None:
    searching.show_found(found("word"))
    view = searching.findChild(QListView)
    QTest.keyClick(searching.search_field, Qt.Key.Key_Down)
    assert view.currentIndex().data(Role.CHAT) == 1
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.currentIndex().data(Role.TURN) == 5
    with qtbot.waitSignal(searching.chosen, timeout=1000) as opened:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [ChatId(2), TurnId(5)]


def test_down_from_an_empty_search_goes_to_the_chat_on_show(searching: ChatList) -> None:
    searching.search_field.clear()
    QTest.keyClick(searching.search_field, Qt.Key.Key_Down)
    assert searching.findChild(QListView).currentIndex().data(Role.CHAT) == 2


def test_enter_in_a_search_begun_again_opens_no_chat_that_merely_stands_first(
    searching: ChatList,
) -> None:
    opened: list[object] = []
    searching.chosen.connect(lambda *which: opened.append(which))
    searching.show_found(found("word"))
    searching.search_field.clear()
    QTest.keyClicks(searching.search_field, "word")
    QTest.keyClick(searching.search_field, Qt.Key.Key_Return)
    assert opened == []


def test_a_chat_gets_the_name_that_is_typed_and_none_by_escape(searching: ChatList) -> None:
    searching.search_field.clear()
    row, names = searching.model.index(searching.model.row_of(ChatId(1))), []
    searching.rename_wanted.connect(lambda chat, name: names.append((chat, name)))
    for keys, left in (("First", Qt.Key.Key_Return), ("Second", Qt.Key.Key_Escape)):
        menu = searching.menu_for(row)
        menu.actions()[0].trigger()
        (field,) = searching.findChildren(NameField)
        assert field.text() == field.selectedText() == "Chat 1"
        QTest.keyClicks(field, keys)
        QTest.keyClick(field, left)
        assert field.isHidden()
    assert names == [(1, "First")]
