"""The offline switch and its question in the real window, over a real porter, gate and courier."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.network.door import Answer, DoorState
from app.network.purposes import purpose
from app.window.application import Parts
from app.window.network_question import NetworkQuestion
from runner.errors import RunnerError
from tests.app.cli.test_commands import call
from tests.support.hub_server import FakeHub

WAIT_MS = 30_000


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    with FakeHub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        yield hub


@pytest.fixture
def shown(hub: FakeHub, parts: Parts) -> Parts:
    parts.window.resize(1280, 800)
    parts.window.show()
    return parts


def search(parts: Parts) -> list[Any]:
    """Asks for a search as a page does; what comes of it is in the list."""
    came: list[Any] = []

    def go(visit: Any) -> None:
        def done(answer: object) -> None:
            visit.close()
            came.append(answer)

        visit.courier.search("small", visit.why, done, done)

    parts.context.network.use(purpose("search", words="small"), go, came.append)
    return came


def question(parts: Parts, qtbot: QtBot) -> NetworkQuestion:
    qtbot.waitUntil(lambda: bool(parts.window.findChildren(NetworkQuestion)), timeout=WAIT_MS)
    return parts.window.findChildren(NetworkQuestion)[-1]


def test_the_first_start_is_offline_and_says_so(shown: Parts) -> None:
    switch = shown.window.top_bar.network
    assert switch.isChecked()
    assert switch.text() == "Offline"
    assert switch.accessibleName() == "Offline"
    assert switch.isVisible()


def test_a_use_is_asked_about_and_allowed_once(shown: Parts, hub: FakeHub, qtbot: QtBot) -> None:
    hub.delay_s = 0.3
    came = search(shown)
    asked = question(shown, qtbot)
    switch = shown.window.top_bar.network
    assert switch.text() == "Offline, asking"
    assert not hub.requests
    assert asked.buttons[Answer.NO].isDefault()
    qtbot.mouseClick(asked.buttons[Answer.ONCE], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: switch.text() == "Online once: 1 connection", timeout=WAIT_MS)
    assert switch.isChecked(), "the switch itself stays where it is"
    qtbot.waitUntil(lambda: bool(came), timeout=WAIT_MS)
    assert came[0][0].repository == "somebody/small-GGUF"
    qtbot.waitUntil(lambda: switch.text() == "Offline", timeout=WAIT_MS)
    assert shown.context.porter.snapshot().find("gate", "courier") is None


def test_escape_means_no(shown: Parts, hub: FakeHub, qtbot: QtBot) -> None:
    came = search(shown)
    qtbot.keyClick(question(shown, qtbot), Qt.Key.Key_Escape)
    assert isinstance(came[0], RunnerError)
    assert came[0].code == "network.declined"
    assert not hub.requests


def test_the_switch_goes_online_and_back(shown: Parts, hub: FakeHub, qtbot: QtBot) -> None:
    switch = shown.window.top_bar.network
    switch.setFocus()
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert shown.context.network.state is DoorState.ONLINE
    assert switch.text() == "Online: 0 connections"
    assert not switch.isChecked()
    assert shown.context.porter.snapshot().find("gate") is None, "nothing has been asked for"
    hub.delay_s = 30
    came = search(shown)
    qtbot.waitUntil(lambda: bool(hub.requests), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: switch.text() == "Online: 1 connection", timeout=WAIT_MS)
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(came), timeout=WAIT_MS)
    assert came[0].code == "network.stopped"
    qtbot.waitUntil(lambda: switch.text() == "Offline", timeout=WAIT_MS)
    assert shown.context.notices.kept[-1].said.title.endswith("being fetched was stopped.")


def test_the_switch_turned_in_a_terminal_holds_here_at_once(
    shown: Parts, hub: FakeHub, qtbot: QtBot
) -> None:
    switch = shown.window.top_bar.network
    assert call("network", "on").returncode == 0
    qtbot.waitUntil(lambda: switch.text() == "Online: 0 connections", timeout=WAIT_MS)
    hub.delay_s = 30
    came = search(shown)
    qtbot.waitUntil(lambda: bool(hub.requests), timeout=WAIT_MS)
    assert call("network", "off").returncode == 0
    qtbot.waitUntil(lambda: bool(came), timeout=WAIT_MS)
    assert came[0].code == "network.stopped"
    qtbot.waitUntil(lambda: switch.text() == "Offline", timeout=WAIT_MS)
