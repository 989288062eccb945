"""A person at the real window, over the echo engine and a real store."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.chat.chat_page import ChatPage
from app.chat.controller import ChatController
from app.chat.turn_items import Ask
from app.chat.wishes import Step
from app.window.application import Parts
from runner.store.values import Turn
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
        self.parts.context.models.open(self.model)
        self.wait(lambda: self.controller.can_ask, "the model is ready")
        self.wait(lambda: self.page.composer._can_send, "the window has heard of it")

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
    file = tmp_path / "Echo-1.gguf"
    file.write_bytes(gguf())
    return file


@pytest.fixture
def person(qapp: QApplication, model: Path) -> Iterator[Person]:
    with running_parts(qapp) as parts:
        parts.window.resize(1440, 900)
        parts.window.show()
        yield Person(qapp, parts, model)
    qapp.setStyleSheet("")


@pytest.fixture
def ready(person: Person) -> Person:
    person.open_model()
    return person
