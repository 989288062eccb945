"""What is typed and not yet sent: it stays with its chat, and leaves a temporary one for nowhere."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from runner.errors import RunnerError
from runner.store.values import Attachment
from tests.journeys.conftest import Person


def test_a_starting_question_leaves_what_was_typed(ready: Person) -> None:
    ready.type("half a thought")
    QTest.mouseClick(ready.page.start.questions[0], Qt.MouseButton.LeftButton)
    ready.wait(lambda: ready.path, "the question was asked")
    ready.answered()
    assert ready.page.composer.text == "half a thought"


def test_each_chat_keeps_its_own_draft(ready: Person) -> None:
    ready.ask("first chat")
    first = ready.controller.chat.tree.chat.id
    ready.page.new_chat()
    ready.ask("second chat")
    second = ready.controller.chat.tree.chat.id
    ready.type("for the second")
    ready.page.open_chat(first)
    ready.wait(lambda: ready.controller.chat.tree.chat.id == first, "the first chat is shown")
    assert ready.page.composer.text == ""
    ready.page.open_chat(second)
    ready.wait(lambda: ready.controller.chat.tree.chat.id == second, "the second chat is shown")
    assert ready.page.composer.text == "for the second"


def test_what_is_typed_in_a_temporary_chat_never_reaches_a_stored_one(ready: Person) -> None:
    ready.ask("a stored chat")
    stored = ready.controller.chat.tree.chat.id
    ready.page.new_chat(temporary=True)
    ready.type("my secret")
    ready.page.open_chat(stored)
    ready.wait(lambda: not ready.controller.chat.is_temporary, "the stored chat is shown")
    assert ready.page.composer.text == ""
    ready.page.new_chat(temporary=True)
    ready.type("my secret")
    ready.page.new_chat()
    assert ready.page.composer.text == ""


def test_a_name_that_deceives_is_shown_as_what_it_is(ready: Person) -> None:
    ready.ask("open \u202egpj.exe")
    assert "\u202e" not in ready.page._name.text()


def test_the_meter_counts_while_the_answer_arrives(ready: Person) -> None:
    seen: set[str] = set()
    grew = ready.controller.live_grew
    grew.connect(lambda: seen.add(ready.page.composer._meter.text()))
    ready.ask("!slow 5 " + "word " * 60)
    assert any(not said.startswith("0 ") for said in seen), seen


def test_a_menu_for_another_chat_leaves_the_mark_at_the_one_on_show(ready: Person) -> None:
    ready.ask("first chat")
    ready.page.new_chat()
    ready.ask("second chat")
    chats = ready.page.list
    shown = chats._view.currentIndex().row()
    other = chats.model.index(2 if shown == 1 else 1)
    chats._view.setCurrentIndex(other)  # as the press of the right button does
    chats._on_menu(chats._view.visualRect(other).center())
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()
    assert chats._view.currentIndex().row() == shown


def test_a_failure_is_taken_back_once_a_question_is_saved(ready: Person) -> None:
    withdrawn: list[str] = []
    ready.parts.context.notices.withdrawn.connect(withdrawn.append)
    ready.controller.failed.emit(RunnerError("store.disk_full", path="x", free="0 MB"))
    ready.ask("is there room again")
    assert withdrawn == ["store.disk_full"]


def test_the_meter_counts_what_is_attached(ready: Person) -> None:
    before = ready.page.composer._meter.text()
    file = Attachment(name="notes.txt", text="abc", sha256="1" * 64, tokens=700)
    ready.page.composer.attach(file)
    assert before.startswith("0 of")
    assert ready.page.composer._meter.text().startswith("700 of")
