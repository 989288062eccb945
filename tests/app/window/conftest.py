"""The real window over the echo engine, and a page that does nothing but be there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.context import AppContext
from app.window.application import Parts
from app.window.pages import PageSpec
from runner.session import SessionState
from tests.support.window import running_parts


class PlainPage(QLabel):
    """Stands for a page; notes what the window asks of it."""

    def __init__(self, context: AppContext) -> None:
        super().__init__("a page")
        self.asked: list[str] = []
        self.rooms: list[int] = []

    def set_room(self, room: int) -> None:
        self.rooms.append(room)

    def new_chat(self) -> None:
        self.asked.append("new chat")

    def stop(self) -> None:
        self.asked.append("stop")

    def finish(self) -> None:
        self.asked.append("finish")


PAGES = (
    PageSpec(key="chat", title="Chat", icon="chat", build=PlainPage),
    PageSpec(key="settings", title="Settings", icon="settings", build=PlainPage, at_end=True),
)


@pytest.fixture
def parts(qapp: QApplication) -> Iterator[Parts]:
    with running_parts(qapp, pages=PAGES) as parts:
        yield parts
    qapp.setStyleSheet("")


@pytest.fixture
def of_the_last_time(qapp: QApplication, qtbot: QtBot, starter_model: Path, tmp_path: Path) -> Path:
    """A model of a person's own that was loaded when the app was last open."""
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(starter_model.read_bytes())
    with running_parts(qapp, pages=PAGES) as parts:
        models = parts.context.models
        models.open(mine)
        qtbot.waitUntil(lambda: models.state is SessionState.READY, timeout=20_000)
    return mine
