"""An engine that says nothing any more, and a context that a chat grew out of."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.chat.running.wishes import Step
from app.window.notice_area import NoticeArea
from runner.porter import handle
from runner.protocol.engine import Sampling
from runner.store.values import TurnState
from tests.journeys.conftest import Person
from tests.support.tiny_model import gguf
from tests.support.window import running_parts


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handle, "PATIENCE_S", 1.5)


def banners(person: Person) -> list[str]:
    area = person.parts.window.findChild(NoticeArea)
    assert isinstance(area, NoticeArea)
    return [banner.accessibleName() for banner in area.banners()]


def test_a_hang_is_said_and_one_press_starts_again(impatient: None, fresh: Person) -> None:
    fresh.ask("before")
    fresh.send("!hang")
    fresh.wait(lambda: banners(fresh), "the silence is said")
    assert banners(fresh) == ["The model's process is not answering."]
    area = fresh.parts.window.findChild(NoticeArea)
    (again,) = area.banners()[0].buttons
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    fresh.wait(lambda: fresh.controller.can_ask, "a fresh engine is ready")
    fresh.settle()
    assert not banners(fresh)
    # Woken to be ended, the old engine may be quick enough to finish what it hung in.
    ended = (TurnState.STOPPED, TurnState.DONE)
    fresh.wait(lambda: fresh.path[-1].state in ended, "its end is written")
    assert fresh.ask("after").answer.startswith("after")


def test_an_engine_that_comes_back_takes_the_notice_away(impatient: None, fresh: Person) -> None:
    child = fresh.parts.context.session.child
    assert child is not None
    os.kill(child.pid, signal.SIGSTOP)
    fresh.wait(lambda: banners(fresh), "the silence is said")
    os.kill(child.pid, signal.SIGCONT)
    fresh.wait(lambda: not banners(fresh), "it is heard again")
    assert fresh.ask("after").answer.startswith("after")


@pytest.fixture
def small(qapp: QApplication, starter_model: Path) -> Iterator[Person]:
    """The real model with little context."""
    with running_parts(qapp, engine="engine") as parts:
        parts.context.settings.change("running", context=256)
        parts.window.show()
        person = Person(qapp, parts, starter_model)
        person.open_model()
        yield person
    qapp.setStyleSheet("")


def test_a_larger_context_is_loaded_and_stays_after_a_crash(small: Person) -> None:
    session = small.parts.context.session
    assert session.loaded is not None
    usual = session.loaded.context
    small.controller.chat.set_sampling(Sampling(temperature=0))
    small.send("Tell me of a river. " + "It runs from the hills to the sea. " * 25)
    assert small.controller.step is Step.CHOOSING
    choice = small.page.choice
    assert choice._grow.isVisible()
    QTest.mouseClick(choice._grow, Qt.MouseButton.LeftButton)
    small.wait(lambda: small.controller.live and small.controller.live.tokens, "it answers")
    assert session.loaded is not None
    grown = session.loaded.context
    assert grown > usual
    small.page.stop()
    assert small.answered().recipe.context == grown

    assert session.child is not None
    os.kill(session.child.pid, signal.SIGSEGV)
    restart = small.page.composer._restart
    small.wait(restart.isVisible, "the end is said")
    QTest.mouseClick(restart, Qt.MouseButton.LeftButton)
    small.wait(lambda: small.controller.can_ask, "the engine runs again")
    assert session.loaded is not None
    assert session.loaded.context == grown

    # Another load by choice takes the settings' number again.
    current = small.parts.context.models.current
    assert current is not None
    small.parts.context.models.load(current)
    small.wait(lambda: small.controller.can_ask, "the model is loaded by choice")
    assert session.loaded.context == usual


@pytest.fixture
def taken_over(qapp: QApplication, tmp_path: Path) -> Iterator[Person]:
    """An engine that a file has taken over."""
    with running_parts(qapp, engine="endless") as parts:
        parts.window.show()
        (tmp_path / "any.gguf").write_bytes(gguf())
        person = Person(qapp, parts, tmp_path / "any.gguf")
        person.open_model()
        yield person
    qapp.setStyleSheet("")


def test_an_answer_without_end_is_ended_and_what_came_is_kept(taken_over: Person) -> None:
    person = taken_over
    person.send("words")
    person.wait(lambda: banners(person), "its end is said")
    turn = person.answered()
    assert (turn.state, turn.reason) == (TurnState.FAILED, "engine.endless")
    words = turn.answer.split()
    assert len(words) > 4000, "an echo's context"
    assert words == [f"word{number}" for number in range(len(words))], "none is missing"
    (again,) = person.parts.window.findChild(NoticeArea).banners()[0].buttons  # type: ignore[union-attr]
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    person.wait(lambda: person.controller.can_ask, "a fresh engine is ready")
    person.page.new_chat()
    assert person.ask("after").answer.startswith("after")
