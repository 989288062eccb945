"""A long chat that is opened again: what the engine held of it comes back, on the real model."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.chat.chat_page import ChatPage
from app.chat.running import kept_state
from app.chat.running.conversation import plan
from app.window.application import Parts
from runner.protocol.engine import Chunk, Done, Sampling
from runner.store.values import ChatId, Turn, TurnId
from tests.journeys.conftest import Person
from tests.support.window import running_parts

SYSTEM = "You tell of a river. " + "It runs from the hills past the mill to the sea. " * 14
LONG = 150
"""Tokens; the real bound would only make the tests read more."""

GREEDY = Sampling(temperature=0)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_state, "REST_MS", 50)
    monkeypatch.setattr(kept_state, "FEWEST_TOKENS", LONG)


@pytest.fixture
def someone(qapp: QApplication, starter_model: Path) -> Iterator[Callable[[], Person]]:
    """Starts the app with the real engine as often as asked, each time in place of the last."""
    stack: list[tuple[object, Parts]] = []

    def close() -> None:
        if stack:
            stack.pop()[0].__exit__(None, None, None)  # type: ignore[attr-defined]

    def start() -> Person:
        close()
        running = running_parts(qapp, engine="engine")
        parts = running.__enter__()
        stack.append((running, parts))
        parts.context.settings.change("running", context=2048)
        parts.window.show()
        person = Person(qapp, parts, starter_model)
        person.open_model()
        return person

    yield start
    close()
    qapp.setStyleSheet("")


def page(person: Person) -> ChatPage:
    assert isinstance(person.page, ChatPage)
    return person.page


def begin_long_chat(person: Person, *, temporary: bool = False, draft: str = "") -> Turn:
    person.controller.chat.new(temporary=temporary)
    person.controller.chat.set_system(SYSTEM)
    person.controller.chat.set_sampling(GREEDY)
    person.send("Where does it begin?")
    person.wait(lambda: person.controller.live and person.controller.live.tokens, "it answers")
    person.type(draft)
    person.page.stop()
    return person.answered()


def state_of(tmp_path: Path, turn_id: TurnId) -> list[Path]:
    return list(tmp_path.rglob(f"states/{turn_id}.state"))


def wait_for_state(person: Person, tmp_path: Path, turn: Turn) -> ChatId:
    states = person.parts.context.store.states

    def kept() -> object:
        desk = page(person).states
        return states.nearest([turn.id], desk._made_by()) is not None

    person.wait(kept, "the state is on disk")
    assert state_of(tmp_path, turn.id)
    return turn.chat_id


def open_chat(person: Person, chat_id: ChatId) -> None:
    page(person).open_chat(chat_id)
    person.wait(lambda: person.path and person.path[0].chat_id == chat_id, "the chat is shown")


def test_after_a_restart_only_the_rest_is_evaluated(
    someone: Callable[[], Person], tmp_path: Path
) -> None:
    person = someone()
    first = begin_long_chat(person)
    chat_id = wait_for_state(person, tmp_path, first)

    person = someone()
    open_chat(person, chat_id)
    person.wait(lambda: page(person).states.held == first.id, "the state is in force")
    person.send("And where does it end?")
    live = person.controller.live
    assert live is not None
    person.wait(lambda: len(live.tokens) > 5, "it answers")
    person.page.stop()
    second = person.answered()
    counts = second.counts
    assert counts.prompt_tokens > LONG
    # The last answer's own last token was never evaluated, and the template ends it in other words.
    assert counts.kept > first.counts.prompt_tokens - 2
    assert counts.evaluated == counts.prompt_tokens - counts.kept < 60

    # The same evaluations from an empty cache give the same tokens.
    said = plan(SYSTEM, [first], second.question).said
    replayed: list[int] = []
    ends: list[Done] = []

    def hear(events: list[object]) -> None:
        for event in events:
            if isinstance(event, Chunk):
                replayed.extend(event.tokens)
            elif isinstance(event, Done):
                ends.append(event)

    person.parts.mailbox.arrived.connect(hear)
    person.parts.context.session.generate(
        said,
        second.recipe.sampling or GREEDY,
        second.recipe.seed,
        splits=second.recipe.splits,
        max_tokens=counts.tokens,
    )
    person.wait(lambda: ends, "the replay has ended")
    assert ends[0].kept == 0
    assert ends[0].prompt_sha256 == second.recipe.prompt_sha256
    assert replayed == live.tokens


def test_a_damaged_state_is_dropped_and_the_chat_goes_on(
    someone: Callable[[], Person], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    person = someone()
    first = begin_long_chat(person)
    chat_id = wait_for_state(person, tmp_path, first)
    (file,) = state_of(tmp_path, first.id)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)

    person = someone()
    told = len(person.parts.notices.kept)
    open_chat(person, chat_id)
    person.wait(lambda: "missing or damaged" in caplog.text, "the log says so")
    person.send("Go on.")
    person.page.stop()
    assert person.answered().counts.kept == 0
    assert len(person.parts.notices.kept) == told


def test_a_state_that_the_engine_refuses_is_forgotten(
    someone: Callable[[], Person], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    person = someone()
    first = begin_long_chat(person)
    chat_id = wait_for_state(person, tmp_path, first)
    states = person.parts.context.store.states
    states.keep(first.id, page(person).states._made_by(), 700, b"whole on the disk, but no state")

    person = someone()
    open_chat(person, chat_id)
    person.wait(lambda: "is dropped: engine.state_damaged" in caplog.text, "the log says so")
    person.wait(lambda: not state_of(tmp_path, first.id), "the file is gone")
    assert person.controller.can_ask


def test_a_temporary_chat_and_a_short_one_leave_no_state(
    someone: Callable[[], Person], tmp_path: Path
) -> None:
    person = someone()
    begin_long_chat(person, temporary=True)
    person.controller.chat.new()
    person.controller.chat.set_sampling(GREEDY)
    person.ask("Hello")
    QTest.qWait(300)
    assert not list(tmp_path.rglob("*.state"))


def test_no_state_is_saved_while_somebody_types(
    someone: Callable[[], Person], tmp_path: Path
) -> None:
    person = someone()
    first = begin_long_chat(person, draft="half a")
    QTest.qWait(300)
    assert page(person).states._saving is None
    assert not state_of(tmp_path, first.id)
    person.type("")
    wait_for_state(person, tmp_path, first)


def test_a_question_does_not_wait_for_a_state(
    someone: Callable[[], Person], tmp_path: Path
) -> None:
    person = someone()
    begin_long_chat(person)
    desk = page(person).states
    person.wait(lambda: desk._saving is not None, "a state is being saved")
    person.controller.ask("And then?")
    person.wait(lambda: person.controller.live, "the question is asked")
    assert desk._saving is None
    person.wait(lambda: person.controller.live and person.controller.live.tokens, "it answers")
    person.page.stop()
    assert person.answered().counts.kept > LONG
