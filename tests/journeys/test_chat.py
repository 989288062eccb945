"""What a person does in a chat, from the keyboard to the disk and back to the screen."""

import os
import signal
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from app.chat.running.wishes import Step
from app.chat.turns.turn_items import Ask, TurnRequest
from app.models_page.page import ModelsPage
from runner.protocol.engine import Sampling
from runner.session import SessionState
from runner.store.search import search
from runner.store.values import TurnState
from tests.journeys.conftest import Person
from tests.support.tiny_model import gguf


def stored(person: Person):
    return person.parts.context.store.chats.tree(person.controller.chat.tree.chat.id)


def test_a_first_question_is_answered_stored_and_listed(ready: Person) -> None:
    turn = ready.ask("what is an open model")
    assert turn.state is TurnState.DONE
    assert turn.answer.startswith("what is an open model (")
    assert ready.shown() == turn.answer
    assert turn.recipe.model == "Echo-1"
    assert turn.recipe.file_name == "Echo-1.gguf"
    assert turn.recipe.splits
    assert f"({turn.recipe.seed})" in turn.answer
    assert stored(ready).path() == ready.path
    rows = [row.title for row in ready.page.list.model.rows]
    assert rows == ["Today", "what is an open model"]


def test_the_turn_is_on_disk_before_the_engine_hears_of_it(
    ready: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    session = ready.parts.context.session
    generate = session.generate

    def watched(*args, **kwargs):
        seen.append([turn.question for turn in stored(ready).turns])
        return generate(*args, **kwargs)

    monkeypatch.setattr(session, "generate", watched)
    ready.ask("is this kept")
    assert seen == [["is this kept"]]


def test_a_starting_question_is_one_press_away(ready: Person) -> None:
    button = ready.page.start.questions[0]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    ready.wait(lambda: ready.path, "the question was asked")
    assert ready.answered().question == button.text()


def test_stopping_keeps_what_has_come(ready: Person) -> None:
    ready.send("!slow 40 " + "word " * 400)
    ready.wait(
        lambda: ready.controller.live and ready.controller.live.text.answer_text, "text has come"
    )
    QTest.keyClick(ready.page.composer.edit, Qt.Key.Key_Escape)
    turn = ready.answered()
    assert turn.state is TurnState.STOPPED
    assert 0 < turn.answer.count("word") < 400
    assert ready.shown() == turn.answer
    assert "stopped by you" in ready.page.transcript.view(turn.id)._counts.text()


def test_regenerating_keeps_versions_and_leafs_through_them(ready: Person) -> None:
    first = ready.ask("again please")
    ready.press(Ask.AGAIN)
    ready.wait(lambda: ready.path[-1].id != first.id, "another version is there")
    second = ready.answered()
    assert second.question_id == first.question_id
    assert second.answer != first.answer  # another seed
    place = ready.controller.chat.tree.place(second)
    assert (place.version, place.versions) == (2, 2)
    ready.press(Ask.PREVIOUS_VERSION)
    ready.wait(lambda: ready.path[-1].id == first.id, "the first version is shown")
    ready.wait(lambda: ready.page.transcript.view(first.id), "it is on screen")
    assert ready.shown() == first.answer


def test_editing_a_question_makes_a_branch(ready: Person) -> None:
    ready.ask("one")
    ready.ask("two")
    ready.press(Ask.EDIT, at=0)
    assert ready.page.composer.text == "one"
    ready.send("other")
    turn = ready.answered()
    assert [turn.question for turn in ready.path] == ["other"]
    assert turn.parent_id is None
    ready.press(Ask.PREVIOUS_EDIT)
    ready.wait(lambda: len(ready.path) == 2, "the old branch is shown")
    assert [turn.question for turn in ready.path] == ["one", "two"]


def delete(person: Person, at: int = -1) -> str:
    """Deletes a turn of the branch by keyboard, and returns what the entry said."""
    turn_id = person.path[at].id
    person.page.transcript.show_turn(turn_id)
    view = person.page.transcript.view(turn_id)
    assert view is not None
    more = view.show_actions().more
    more.setFocus(Qt.FocusReason.TabFocusReason)
    # The button waits within its press until the menu has been left.
    said: list[str] = []

    def choose() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        QTest.keyClick(menu, Qt.Key.Key_Up)
        action = menu.activeAction()
        assert action is not None
        said.append(action.text())
        QTest.keyClick(menu, Qt.Key.Key_Return)

    QTimer.singleShot(50, choose)
    QTest.keyClick(more, Qt.Key.Key_Space)
    assert said
    return said[0]


def test_what_is_deleted_of_a_chat_goes_everywhere_and_comes_back(ready: Person) -> None:
    first = ready.ask("alpha")
    second = ready.ask("beta")
    ready.press(Ask.AGAIN, at=0)
    ready.wait(lambda: ready.path[-1].id > second.id, "another version is there")
    again = ready.answered()
    ready.press(Ask.PREVIOUS_VERSION)
    ready.wait(lambda: len(ready.path) == 2, "the first version is shown, with what follows")
    full = ready.page.meter.used
    store, chat_id = ready.parts.context.store, first.chat_id

    def found(word: str) -> bool:
        with store.database.reading() as db:
            return bool(search(db, word).hits)

    assert delete(ready, at=0) == "Delete this answer and all that follows"
    ready.wait(lambda: [turn.id for turn in ready.path] == [again.id], "the other answer is shown")
    ready.wait(lambda: ready.parts.notices.kept, "it is said")
    undo = ready.parts.notices.kept[-1]
    assert undo.said.title == "Answer deleted, with all that followed"
    assert ready.page.composer.edit.hasFocus()
    assert 0 < ready.page.meter.used == again.counts.context_used < full
    assert (found("alpha"), found("beta")) == (True, False)
    for export in (store.chats.export_markdown, store.chats.export_html, store.chats.export_json):
        assert "beta" not in str(export(chat_id))

    assert delete(ready) == "Delete question and answer"
    ready.wait(lambda: not ready.path, "the chat is empty")
    ready.ask("gamma")  # goes on in the same chat
    ready.page.new_chat()
    ready.ask("elsewhere")
    undo.actions[0].run()
    ready.wait(lambda: len(ready.path) == 2, "it is back and on show")
    assert [turn.question for turn in ready.path] == ["alpha", "beta"]
    assert ready.path[0].chat_id == chat_id
    assert ready.page.meter.used == full
    assert found("beta")
    assert stored(ready).path() == ready.path

    # What went after it had its undo taken away by other notices; its chat still has it.
    ready.page.new_chat()
    chats = ready.page.list
    ready.wait(lambda: any(chat.deleted_turns for chat in chats._chats), "the list knows of it")
    menu = chats.menu_for(chats.model.index(chats.model.row_of(chat_id)))
    next(one for one in menu.actions() if one.text().startswith("Put back")).trigger()
    ready.wait(lambda: ready.path and ready.path[-1].id == again.id, "it is on show")
    assert stored(ready).chat.deleted_turns == 0


def test_what_is_typed_stays_where_the_question_that_it_changes_is_deleted(ready: Person) -> None:
    ready.ask("one")
    ready.ask("two")
    ready.press(Ask.EDIT)
    ready.type("two, in other words")
    delete(ready)
    ready.wait(lambda: len(ready.path) == 1, "the question is gone")
    assert not ready.page.drafts.is_editing
    assert ready.page.composer.text == "two, in other words"
    QTest.keyClick(ready.page.composer.edit, Qt.Key.Key_Return)
    ready.wait(lambda: len(ready.path) == 2, "it is asked after what is left")
    assert ready.answered().question == "two, in other words"


def test_nothing_is_deleted_under_an_answer_that_is_being_written(ready: Person) -> None:
    first = ready.ask("before")
    ready.send("!slow 40 " + "word " * 400)
    ready.wait(lambda: ready.controller.live, "it is being written")
    ready.page.transcript.show_turn(first.id)
    row = ready.page.transcript.view(first.id).show_actions()
    row._menu.aboutToShow.emit()
    assert not row._menu.actions()[-1].isEnabled()
    ready.page.turns.do(TurnRequest(Ask.DELETE, first.id))
    ready.page.stop()
    ready.answered()
    assert len(stored(ready).path()) == 2
    row._menu.aboutToShow.emit()
    assert row._menu.actions()[-1].isEnabled()


def test_continuing_goes_on_with_the_same_answer(ready: Person) -> None:
    first = ready.ask("go on")
    ready.press(Ask.CONTINUE)
    ready.wait(lambda: ready.controller.live, "it goes on")
    turn = ready.answered()
    assert turn.id == first.id
    assert turn.answer.startswith(first.answer)
    assert len(turn.answer) > len(first.answer)
    assert len(turn.runs) == 2


def test_copying_as_markdown_and_as_text(ready: Person) -> None:
    ready.ask("a **bold** word")
    ready.press(Ask.COPY_MARKDOWN)
    assert QGuiApplication.clipboard().text().startswith("a **bold** word")
    ready.press(Ask.COPY_TEXT)
    assert QGuiApplication.clipboard().text().startswith("a bold word")


def test_an_engine_that_dies_leaves_the_chat_whole_and_starts_again(ready: Person) -> None:
    ready.ask("before")
    ready.send("!slow 30 " + "word " * 200)
    ready.wait(
        lambda: ready.controller.live and ready.controller.live.text.answer_text, "text has come"
    )
    os.kill(ready.parts.context.session.child.pid, signal.SIGSEGV)
    turn = ready.answered()
    assert turn.state is TurnState.FAILED
    assert turn.reason == "ended.signal"
    assert turn.answer.startswith("word")
    assert len(ready.path) == 2
    note = ready.page.transcript.view(turn.id)._note.text()
    assert "ended by the system" in note
    restart = ready.page.composer._restart
    assert restart.isVisible()
    QTest.mouseClick(restart, Qt.MouseButton.LeftButton)
    ready.wait(lambda: ready.controller.can_ask, "the engine runs again")
    assert ready.ask("after").answer.startswith("after")


def test_an_engine_that_fails_says_so_in_the_turn(ready: Person) -> None:
    ready.send("!fail engine.failed")
    turn = ready.answered()
    assert turn.state is TurnState.FAILED
    assert ready.controller.can_ask


def test_another_model_keeps_the_chat(ready: Person, tmp_path: Path) -> None:
    ready.ask("first model")
    other = tmp_path / "Other-2.gguf"
    other.write_bytes(gguf())
    ready.parts.context.models.open(other)
    ready.wait(
        lambda: ready.controller.can_ask and ready.parts.context.models.current.path == other,
        "the other model is ready",
    )
    turn = ready.ask("second model")
    assert [turn.recipe.model for turn in ready.path] == ["Echo-1", "Other-2"]
    assert turn.parent_id == ready.path[0].id


def test_loading_another_model_in_the_middle_of_an_answer_keeps_what_has_come(
    ready: Person, tmp_path: Path
) -> None:
    ready.send("!slow 30 " + "word " * 300)
    ready.wait(
        lambda: ready.controller.live and ready.controller.live.text.answer_text, "text has come"
    )
    other = tmp_path / "Other-2.gguf"
    other.write_bytes(gguf())
    ready.parts.context.models.open(other)
    turn = ready.answered()
    assert turn.state is TurnState.STOPPED
    assert turn.answer.startswith("word")
    ready.wait(lambda: ready.controller.can_ask, "the other model is ready")


def test_a_chat_is_renamed_pinned_deleted_and_brought_back(ready: Person) -> None:
    ready.ask("something")
    chat = ready.controller.chat.tree.chat
    ready.page.list.rename_wanted.emit(chat.id, "My name")
    ready.wait(lambda: ready.page.list.model.rows[-1].title == "My name", "it is renamed")
    ready.page.list.pin_wanted.emit(chat.id, True)
    ready.wait(lambda: ready.page.list.model.rows[0].title == "Pinned", "it is pinned")
    ready.page.chats.delete(chat.id)
    ready.wait(lambda: not ready.page.list.model.rows, "it is gone")
    assert not ready.path
    notice = ready.parts.notices.kept[-1]
    notice.actions[0].run()
    ready.wait(lambda: ready.page.list.model.rows, "it is back")
    ready.wait(lambda: ready.path and ready.path[0].question == "something", "it is on show again")
    ready.page.open_chat(chat.id)
    ready.wait(lambda: ready.path, "it is open")
    assert ready.path[0].question == "something"


def test_search_finds_the_turn_and_shows_it(ready: Person) -> None:
    for word in ("apple", "banana", "cherry"):
        ready.page.new_chat()
        ready.ask(f"tell me of the {word}")
    field = ready.page.list.search_field
    QTest.keyClick(ready.page, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field.setText("bana")
    ready.wait(lambda: any(row.turn_id for row in ready.page.list.model.rows), "it is found")
    row = next(row for row in ready.page.list.model.rows if row.turn_id)
    assert "banana" in row.snippet
    ready.page.list.chosen.emit(row.chat_id, row.turn_id)
    ready.wait(lambda: ready.path and "banana" in ready.path[0].question, "its chat is shown")
    field.clear()
    assert ready.page.list.model.rows[0].title == "Today"


def test_export_and_import_give_the_same_chat(ready: Person, tmp_path: Path) -> None:
    ready.ask("to be exported")
    chat = ready.controller.chat.tree.chat
    for ending in ("md", "html", "json"):
        ready.page.files.export(chat.id, ending, tmp_path / f"chat.{ending}")
        assert "to be exported" in (tmp_path / f"chat.{ending}").read_text()
    ready.page.files.import_chat(tmp_path / "chat.json")
    ready.wait(lambda: len(ready.parts.context.store.chats.list()) == 2, "it is imported")
    ready.wait(lambda: ready.controller.chat.tree.chat.id != chat.id, "and shown")
    assert ready.path[0].question == "to be exported"
    (tmp_path / "bad.json").write_text("{}")
    ready.page.files.import_chat(tmp_path / "bad.json")
    ready.wait(lambda: ready.parts.notices.kept[-1].code, "it is refused")


def test_a_text_file_goes_with_the_question(ready: Person, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("alpha beta gamma")
    ready.page.files.attach(file)
    ready.wait(lambda: ready.page.composer.attachments, "the file was read")
    ready.wait(lambda: ready.page.composer.attachments[0].tokens == 3, "its tokens are counted")
    turn = ready.ask("what is in it")
    assert turn.attachments[0].text == "alpha beta gamma"
    assert "alpha beta gamma" in turn.answer  # the echo engine repeats what it was given
    assert not ready.page.composer.attachments


def test_a_file_that_is_no_text_is_refused_in_words(ready: Person, tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(bytes(range(256)) * 20)
    ready.page.files.attach(file)
    ready.wait(lambda: ready.parts.notices.kept, "it is refused")
    assert ready.parts.notices.kept[-1].code == "document.not_text"
    assert "picture.png" in ready.parts.notices.kept[-1].said.title
    withdrawn: list[str] = []
    ready.parts.notices.withdrawn.connect(withdrawn.append)
    words = tmp_path / "words.txt"
    words.write_text("alpha")
    ready.page.files.attach(words)
    ready.wait(lambda: ready.page.composer.attachments, "another one is taken")
    assert withdrawn == ["document.not_text"], "what is over is not told any longer"


def test_system_prompt_sampling_and_seed_reach_the_engine(ready: Person) -> None:
    ready.controller.chat.set_system("You are terse.")
    ready.controller.chat.set_sampling(Sampling(temperature=0.0))
    ready.controller.seed = 7
    turn = ready.ask("no variety")
    assert turn.answer == "no variety"  # temperature 0 reached it
    assert turn.recipe.seed == 7
    assert turn.recipe.sampling == Sampling(temperature=0.0)
    assert stored(ready).chat.system == "You are terse."
    assert ready.controller.chat.in_force.sources["temperature"] == "chat"


def test_a_full_context_is_a_choice_and_leaves_turns_greyed(ready: Person) -> None:
    filler = "w " * 900
    for number in range(2):
        ready.ask(f"{number} {filler}")
    ready.send(f"third {filler}")
    assert ready.controller.step is Step.CHOOSING
    assert ready.page.composer.text.startswith("third")
    assert len(stored(ready).turns) == 2
    QTest.mouseClick(ready.page.choice._leave_out, Qt.MouseButton.LeftButton)
    ready.wait(lambda: len(ready.path) == 3, "it was asked")
    turn = ready.answered()
    assert turn.state is TurnState.DONE, turn.reason
    assert turn.counts.turns_left_out >= 1
    items = ready.page.transcript._items
    assert items[0].is_left_out
    assert not items[-1].is_left_out
    assert ready.page.focusWidget() is ready.page.composer.focusProxy(), "one goes on typing"


def test_what_is_typed_is_a_draft_that_comes_back(ready: Person) -> None:
    ready.ask("begin")
    chat = ready.controller.chat.tree.chat.id
    ready.type("half a thou")
    ready.wait(lambda: stored(ready).chat.draft == "half a thou", "the draft is kept")
    ready.page.new_chat()
    ready.page.composer.clear()  # in the new chat: the draft of the other one is on disk
    ready.page.open_chat(chat)
    ready.wait(lambda: ready.page.composer.text == "half a thou", "the draft is back")


def test_everything_by_keyboard(ready: Person) -> None:
    ready.parts.window.activateWindow()
    composer = ready.page.composer.edit
    composer.setFocus()
    QTest.keyClicks(composer, "typed by keys")
    QTest.keyClick(composer, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(composer, "second line")
    QTest.keyClick(composer, Qt.Key.Key_Return)
    ready.wait(lambda: ready.path, "it was asked")
    turn = ready.answered()
    assert turn.question == "typed by keys\nsecond line"
    view = ready.page.transcript.view(turn.id)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    ready.settle()
    again = view.show_actions().button(Ask.AGAIN)
    again.setFocus()
    QTest.keyClick(again, Qt.Key.Key_Space)
    ready.wait(lambda: len(ready.controller.chat.tree.turns) == 2, "it answers again")
    ready.answered()
    QTest.keyClick(ready.parts.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    ready.wait(lambda: not ready.path, "a new chat is shown")


def test_every_control_has_a_name(ready: Person) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit

    ready.ask("something with `code`\n```py\nx\n```")
    ready.page.transcript.views[-1].show_actions()
    ready.page.options.open()
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox)
    unnamed = [
        widget
        for kind in kinds
        for widget in ready.page.findChildren(kind)
        if not (
            widget.accessibleName()
            or (isinstance(widget, QAbstractButton) and len(widget.text()) > 1)
        )
        and widget.isVisible()
        and not widget.objectName().startswith("qt_")
        and widget.metaObject().className() != "QLineEditIconButton"  # Qt's own, inside a field
    ]
    ready.page.options.panel.hide()
    assert unnamed == []


def test_a_recipe_names_all_that_is_recorded(ready: Person) -> None:
    from app.chat.turns.recipe_dialog import recipe_rows

    turn = ready.ask("what were you made with")
    rows = {label: value for label, value, _ in recipe_rows(turn)}
    assert rows["Seed"] == str(turn.recipe.seed)
    assert rows["File"] == "Echo-1.gguf"
    assert rows["Ended because"] == "ended by the model"
    assert msgspec.json.decode(msgspec.json.encode(turn.recipe))["seed"] == turn.recipe.seed
    assert ready.parts.context.session.state is SessionState.READY


def test_the_status_line_counts_the_chat_on_show(ready: Person) -> None:
    line = ready.parts.window._status
    used = ready.ask("how much is this").counts.context_used
    assert used
    ready.wait(lambda: line.text("context").startswith(f"Context {used} "), "it is counted")
    chat = ready.controller.chat.tree.chat.id
    ready.page.new_chat()
    ready.wait(lambda: line.text("context").startswith("Context 0 "), "the new chat is empty")
    ready.page.open_chat(chat)
    ready.wait(lambda: line.text("context").startswith(f"Context {used} "), "the old one is back")


def test_the_empty_chat_leads_to_where_models_are_found(ready: Person) -> None:
    start = ready.page.start
    (link,) = [b for b in start.findChildren(QPushButton) if b.text() == "Find a model…"]
    link.click()
    models = ready.parts.window.page()
    assert isinstance(models, ModelsPage)
    ready.wait(models.finder.bar.field.hasFocus, "one can type what to look for")
