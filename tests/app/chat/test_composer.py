"""The box: keys, long pastes, files beside the question."""

import time

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.chat.composer.composer import Composer
from app.chat.composer.question_edit import TYPED_CHARS
from app.theme.theme import Theme
from runner.store.values import Attachment


@pytest.fixture
def composer(theme: Theme, qtbot) -> Composer:
    composer = Composer(theme)
    qtbot.addWidget(composer)
    composer.resize(700, 120)
    composer.show()
    composer.show_state(can_send=True, answering=False, stopping=False, failed=False, hint="Ask")
    return composer


def paste(composer: Composer, text: str) -> float:
    data = QMimeData()
    data.setText(text)
    start = time.thread_time()
    composer.edit.insertFromMimeData(data)
    return time.thread_time() - start


def test_enter_sends_and_shift_enter_begins_a_line(composer: Composer) -> None:
    sent: list[str] = []
    composer.sent.connect(sent.append)
    QTest.keyClicks(composer.edit, "one")
    QTest.keyClick(composer.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(composer.edit, "two")
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    assert sent == ["one\ntwo"]


def test_nothing_is_sent_that_is_empty_or_cannot_be_answered(composer: Composer) -> None:
    sent: list[str] = []
    composer.sent.connect(sent.append)
    QTest.keyClicks(composer.edit, "   ")
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    composer.set_text("words")
    composer.show_state(can_send=False, answering=False, stopping=False, failed=False, hint="")
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    assert sent == []
    assert composer.text == "words"


def test_what_an_input_method_composes_does_not_lie_on_the_hint(composer: Composer) -> None:
    """The words stand in no document yet, so Qt calls the box empty and draws both."""

    def compose(words: str, done: str = "") -> None:
        event = QInputMethodEvent(words, [])
        event.setCommitString(done)
        QApplication.sendEvent(composer.edit, event)

    compose("ni hao")
    composer.show_state(can_send=True, answering=False, stopping=False, failed=False, hint="Now")
    assert composer.edit.placeholderText() == ""
    compose("")
    assert composer.edit.placeholderText() == "Now"
    compose("ni hao")
    compose("", "你好")
    assert composer.text == "你好"
    composer.set_text("")
    assert composer.edit.placeholderText() == "Now"


def test_the_box_grows_to_its_limit(composer: Composer) -> None:
    low = composer.edit.height()
    composer.set_text("\n".join("line" for _ in range(5)))
    middle = composer.edit.height()
    composer.set_text("\n".join("line" for _ in range(500)))
    assert low < middle < composer.edit.height() < 400


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000_000,
        "word " * 2_000_000,
        "x\n" * 2_000_000,
        "\u202e" * 1_000_000,
        "👩‍👩‍👧" * 100_000,
    ],
    ids=["solid", "words", "lines", "bidi", "emoji"],
)
def test_ten_megabytes_are_attached_whole_and_at_once(composer: Composer, text: str) -> None:
    assert paste(composer, text) < 0.2
    assert composer.text == ""
    assert composer.attachments[0].text == text


def test_what_fits_is_pasted_into_the_box(composer: Composer) -> None:
    assert paste(composer, "a" * (TYPED_CHARS - 100)) < 0.5
    assert composer.text.replace("\n", "") == "a" * (TYPED_CHARS - 100)
    assert not composer.attachments


def test_nul_and_surrogates_do_no_harm(composer: Composer) -> None:
    paste(composer, "a\0b")
    assert composer.text == "a␀b"
    composer.clear()
    composer.set_text("x\ud800y")
    assert composer.text.startswith("x")


def test_files_are_chips_with_their_cost_and_can_be_removed(composer: Composer) -> None:
    composer.reading_files(1)
    composer.set_text("question")
    assert not composer._send.isEnabled()
    composer.attach(Attachment(name="notes.txt", text="abc", sha256="1" * 64))
    assert composer._send.isEnabled()
    composer.attach(Attachment(name="notes.txt", text="abc", sha256="1" * 64))
    assert len(composer.attachments) == 1, "the same file costs its tokens once"
    composer.set_tokens("1" * 64, 321)
    chip = composer._files_row.itemAt(0).widget()
    assert "321 tokens" in chip.text()
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert composer.attachments == ()
