"""The offline switch on the command line, and a command that fetches."""

import json
import queue
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli.desk import Desk
from app.cli.network import fetch, terminal_door
from app.cli.screen import Screen
from app.network.door import Door
from app.network.purposes import purpose
from app.settings import SettingsFile
from runner.errors import RunnerError
from runner.library import paths
from runner.store import Store
from tests.app.cli.test_commands import call
from tests.support.hub_server import FakeHub
from tests.support.porter import running_porter


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    with FakeHub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        yield hub


@pytest.fixture
def desk(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("runner.store.ballast.SIZE", 64 * 1024)
    with running_porter() as porter:
        yield Desk(screen=Screen(), porter=porter, events=queue.SimpleQueue())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "lightwell.sqlite") as store:
        yield store


def search(desk: Desk, door: Door) -> Any:
    return fetch(
        desk,
        door,
        purpose("search", words="small"),
        lambda visit, done, failed: visit.courier.search("small", visit.why, done, failed),
    )


def test_the_switch_is_the_windows(tmp_path: Path) -> None:
    assert "Offline" in call("network").stdout
    refused = call("network", "on", "--mirror", "ftp://mirror.example")
    assert refused.returncode != 0
    assert "Offline" in call("network").stdout, "nothing of it was done"
    assert "Online" in call("network", "on").stdout
    assert SettingsFile(paths.settings_file()).current.network.offline is False
    assert json.loads(call("network", "off", "--json").stdout)["offline"] is True
    assert SettingsFile(paths.settings_file()).current.network.offline is True


def test_who_is_asked_is_who_the_variable_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """It wins over the setting, and was not told."""
    call("network", "--mirror", "https://mirror.example")
    assert "https://mirror.example is asked" in call("network").stdout
    monkeypatch.setenv("HF_ENDPOINT", "https://other.example")
    said = call("network").stdout
    assert "https://other.example is asked in the Hub's place, without your token" in said
    assert "mirror.example" not in said
    assert json.loads(call("network", "--json").stdout)["endpoint"] == "https://other.example"


def test_without_anybody_to_ask_it_fails_in_words(desk: Desk, store: Store) -> None:
    door = terminal_door(desk, store, once=False)
    with pytest.raises(RunnerError) as refused:
        search(desk, door)
    door.close()
    assert refused.value.code == "network.offline"
    assert store.ledger.head().count == 0


def test_once_on_the_command_line(desk: Desk, store: Store) -> None:
    door = terminal_door(desk, store, once=True)
    (found,) = search(desk, door)
    door.close()
    assert found.repository == "somebody/small-GGUF"
    assert {line.entry.who for line in store.ledger.lines()} == {"terminal"}
    assert not paths.settings_file().exists(), "the switch stays where it is"


@pytest.mark.parametrize(("said", "code"), [("yes?", "network.declined"), ("o", "")])
def test_a_person_is_asked_on_the_terminal(
    said: str, code: str, desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda prompt: said)
    desk = Desk(screen=Screen(), porter=desk.porter, events=desk.events)
    door = terminal_door(desk, store, once=False)
    if code:
        with pytest.raises(RunnerError) as refused:
            search(desk, door)
        assert refused.value.code == code
    else:
        assert search(desk, door)
    door.close()
    told = capsys.readouterr().err
    assert "Search the Hub for “small”." in told
    assert "What is sent: The words you search for." in told
    assert "To: 127.0.0.1:" in told


def test_a_window_that_goes_offline_ends_a_commands_fetch(
    desk: Desk, store: Store, hub: FakeHub
) -> None:
    window = SettingsFile(paths.settings_file())
    window.change("network", offline=False)
    door = terminal_door(desk, store, once=False)
    hub.delay_s = 30

    def go_offline() -> None:
        while not hub.requests:
            time.sleep(0.01)
        window.change("network", offline=True)

    turned = threading.Thread(target=go_offline)
    turned.start()
    with pytest.raises(RunnerError) as ended:
        search(desk, door)
    turned.join()
    door.close()
    assert ended.value.code == "network.stopped"
