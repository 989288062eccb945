"""What a person does in a window that nobody has used yet, or after the app was started again."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from runner.library import paths
from runner.session import SessionState
from runner.store import Store
from runner.store.values import TurnState
from tests.journeys.conftest import Person
from tests.support.window import running_parts


def test_a_question_asked_before_the_window_heard_of_the_model_is_answered(person: Person) -> None:
    """The session is ready on the engine's thread some milliseconds before its events are read."""
    person.parts.context.models.open(person.model)
    person.wait(lambda: person.parts.context.session.state is SessionState.READY, "it is loaded")
    person.controller.ask("!slow 5 " + "word " * 50)
    person.wait(lambda: person.path, "it was asked")
    assert person.answered().state is TurnState.DONE


def is_on_disk(words: bytes) -> bool:
    folder = paths.database_file().parent
    return any(words in file.read_bytes() for file in folder.iterdir() if file.is_file())


def test_a_temporary_chat_leaves_nothing_on_disk(fresh: Person) -> None:
    fresh.page.new_chat(temporary=True)
    assert fresh.controller.chat.is_temporary
    turn = fresh.ask("do not keep xyzzyplugh")
    assert turn.answer
    assert fresh.parts.context.store.chats.list() == []
    assert not is_on_disk(b"xyzzyplugh")
    fresh.page.new_chat()
    assert not fresh.controller.chat.is_temporary
    assert not fresh.path
    fresh.ask("keep xyzzyplugh")
    assert is_on_disk(b"xyzzyplugh"), "so that is where to look"


def test_a_chat_is_there_after_a_restart(qapp: QApplication, model: Path) -> None:
    with running_parts(qapp) as parts:
        parts.window.show()
        person = Person(qapp, parts, model)
        person.open_model()
        answer = person.ask("remember me").answer
        chat = person.controller.chat.tree.chat.id
    with running_parts(qapp, store=Store.open(paths.database_file())) as parts:
        parts.window.show()
        person = Person(qapp, parts, model)
        person.page.open_chat(chat)
        person.wait(lambda: person.path, "the chat is open")
        person.settle()
        assert person.path[0].answer == answer
        assert person.shown() == answer
    qapp.setStyleSheet("")


def test_a_file_measured_later_is_named_in_what_was_asked_before(fresh: Person) -> None:
    from app.chat.running.recipes import digest_since
    from app.chat.turns.recipe_dialog import recipe_rows

    library, digest = fresh.parts.context.library, "ab" * 32
    before = fresh.ask("asked before the file was measured")
    assert not before.recipe.file_sha256
    known = library.at(fresh.model)
    assert known is not None
    assert library.record_digests(known, sha256=digest).result()

    since = digest_since(before.recipe, before.created, library.list())
    label, value, source = next(
        row for row in recipe_rows(before, since) if row[0] == "SHA-256 of the file"
    )
    assert (value, "Worked out later" in source) == (digest, True), label
    assert fresh.ask("asked after").recipe.file_sha256 == digest

    # Another file in its place is not the one that answered.
    fresh.model.write_bytes(fresh.model.read_bytes()[::-1])
    assert not digest_since(before.recipe, before.created, library.list())
