"""A person at the real window, over the echo engine and a real store."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.chat.chat_page import ChatPage
from app.chat.running.controller import ChatController
from app.chat.running.wishes import Step
from app.chat.turns.turn_items import Ask
from app.window.application import Parts
from runner.store.values import Turn
from tests.support.home import live_in
from tests.support.tiny_model import gguf
from tests.support.window import running_parts


class Person:
    """Someone who types, waits and looks."""

    def __init__(self, application: QApplication, parts: Parts, model: Path) -> None:
        self._application = application
        self.parts = parts
        self.model = model
        self.page = parts.window.page()
        assert isinstance(self.page, ChatPage)

    @property
    def controller(self) -> ChatController:
        return self.page.controller

    @property
    def path(self) -> tuple[Turn, ...]:
        return self.controller.chat.path

    def wait(self, condition: Callable[[], object], what: str, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"waited in vain until {what}"
            QTest.qWait(5)

    def settle(self) -> None:
        QTest.qWait(30)

    def open_model(self) -> None:
        session = self.parts.context.session
        before = session.loaded
        self.parts.context.models.open(self.model)
        self.wait(
            lambda: self.controller.can_ask and session.loaded is not before, "the model is ready"
        )
        self.wait(lambda: self.page.composer._can_send, "the window has heard of it")

    def begin_anew(self) -> None:
        """Leaves nothing of what was done before in this window."""
        self.parts.window.activateWindow()
        self.parts.window.show_page("chat")
        if self.controller.live is not None:
            self.page.stop()
            self.wait(lambda: self.controller.live is None, "the last answer has ended")
        self.page.list.search_field.clear()
        for chat in self.parts.context.store.chats.list():
            self.page.chats.delete(chat.id)
        self.page.new_chat()
        self.page.composer.clear()
        self.controller.seed = None
        self.wait(lambda: not self.page.list.model.rows, "no chat is listed")
        for notice in self.parts.notices.kept:
            self.parts.notices.withdraw(notice.key)
        self.parts.notices._kept = []
        current = self.parts.context.models.current
        if current is None or current.path != self.model or not self.controller.can_ask:
            self.open_model()

    def type(self, text: str) -> None:
        self.page.composer.set_text(text)

    def send(self, text: str) -> None:
        """Asks, and waits until the answer has begun."""
        self.type(text)
        self.wait(self.page.composer._send.isEnabled, "the window is ready to send")
        QTest.keyClick(self.page.composer.edit, Qt.Key.Key_Return)
        self.wait(
            lambda: not self.page.composer.text or self.controller.step is Step.CHOOSING,
            "the question was taken",
        )

    def ask(self, text: str) -> Turn:
        """Asks, and waits for the end of the answer."""
        self.send(text)
        return self.answered()

    def answered(self) -> Turn:
        self.wait(
            lambda: self.controller.live is None and self.controller.step is Step.REST,
            "the answer has ended",
        )
        self.wait(lambda: self.path and self.path[-1].reason, "its end is written")
        return self.path[-1]

    def press(self, ask: Ask, at: int = -1) -> None:
        """Presses a button below a turn."""
        turn_id = self.path[at].id
        self.page.transcript.show_turn(turn_id)
        view = self.page.transcript.view(turn_id)
        assert view is not None
        view.show_actions().button(ask).click()

    def shown(self, at: int = -1) -> str:
        """Returns the text of an answer as it is on screen."""
        view = self.page.transcript.view(self.path[at].id)
        assert view is not None
        return view.body.toPlainText()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A file that the echo engine takes for its model."""
    return echo_model(tmp_path)


def echo_model(folder: Path) -> Path:
    file = folder / "Echo-1.gguf"
    file.write_bytes(gguf())
    return file


@contextlib.contextmanager
def at_a_window(application: QApplication, model: Path) -> Iterator[Person]:
    with running_parts(application) as parts:
        parts.window.resize(1440, 900)
        parts.window.show()
        yield Person(application, parts, model)
    application.setStyleSheet("")


@pytest.fixture
def person(qapp: QApplication, model: Path) -> Iterator[Person]:
    """Someone at a window that nobody has used yet."""
    with at_a_window(qapp, model) as person:
        yield person


@pytest.fixture
def fresh(person: Person) -> Person:
    """As `person`, with the model loaded."""
    person.open_model()
    return person


@pytest.fixture(scope="module")
def long_at_it(qapp: QApplication, home_of_the_module: Path) -> Iterator[Person]:
    """Someone who stays at one window for all tests of a file."""
    with at_a_window(qapp, echo_model(home_of_the_module)) as person:
        yield person


@pytest.fixture
def ready(long_at_it: Person, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Someone in an empty chat of an app without chats, with the model loaded."""
    live_in(long_at_it.model.parent, monkeypatch)
    long_at_it.begin_anew()
    return long_at_it
