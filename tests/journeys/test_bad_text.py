"""Texts that are too long or not what they seem, from the box to the disk and back."""

import time

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtTest import QTest

from app.chat.links.link_dialog import LinkDialog
from runner.store.values import TurnState
from tests.journeys.conftest import Person


def paste(person: Person, text: str) -> float:
    data = QMimeData()
    data.setText(text)
    start = time.thread_time()
    person.page.composer.edit.insertFromMimeData(data)
    return time.thread_time() - start


@pytest.mark.parametrize("text", ["word " * 2_000_000, "a" * 10_000_000], ids=["words", "solid"])
def test_ten_megabytes_are_refused_with_their_size_and_stay(ready: Person, text: str) -> None:
    assert paste(ready, text) < 0.2
    ready.type("summarise this")
    ready.page.composer._send.click()
    ready.wait(lambda: ready.parts.notices.kept, "it is refused")
    notice = ready.parts.notices.kept[-1]
    assert notice.code == "chat.question_too_long"
    assert "10,000,0" in notice.said.title
    assert ready.page.composer.text == "summarise this"
    assert ready.page.composer.attachments[0].text == text
    assert not ready.path
    assert ready.parts.context.store.chats.list() == []


def test_a_megabyte_without_a_space_is_refused_too(ready: Person) -> None:
    paste(ready, "x" * 1_000_000)
    ready.page.composer._send.click()
    ready.wait(lambda: ready.parts.notices.kept, "it is refused")
    assert ready.parts.notices.kept[-1].code == "chat.question_too_long"


@pytest.mark.parametrize(
    "text",
    [
        "nul \0 here",
        "turned \u202e round",
        "lone \ud800 half",
        "tags \U000e0041\U000e0042",
        "\u2028\u2029 x",
    ],
    ids=["nul", "bidi", "surrogate", "tags", "separators"],
)
def test_what_deceives_goes_through_and_is_shown(ready: Person, text: str) -> None:
    ready.controller.ask(text)
    ready.wait(lambda: ready.path, "it was asked")
    turn = ready.answered()
    assert turn.state is TurnState.DONE, turn.reason
    ready.wait(lambda: ready.page.transcript.view(turn.id), "it is on screen")
    shown = ready.page.transcript.view(turn.id)._question.toPlainText()
    assert not set(shown) & set("\0\u202e\ud800\U000e0041\u2029")
    chat = ready.controller.chat.tree.chat.id
    ready.page.new_chat()
    ready.page.open_chat(chat)
    ready.wait(lambda: ready.path, "it can be read again")


def test_hostile_markdown_is_drawn_without_a_stall(ready: Person) -> None:
    """The echo engine repeats the question, so the answer is what a hostile model would write."""
    lures = (
        "![a](file:///etc/passwd) [b](javascript:x) <img src=//host/x> " + "> " * 300 + "[" * 200
    )
    turn = ready.ask(lures)
    start = time.thread_time()
    ready.page.transcript.show_turn(turn.id)
    QTest.qWait(20)
    assert time.thread_time() - start < 0.2
    assert "picture, not loaded: a · file:///etc/passwd" in ready.shown()
    view = ready.page.transcript.view(turn.id)
    view.link_pressed.emit("javascript:x")
    dialog = ready.page.findChild(LinkDialog)
    assert dialog is not None
    assert not dialog._open.isVisible()
    dialog.reject()
