"""`lightwell pull` beside an open window: the window fetches, the terminal tells, one ledger grows."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.model.look_ahead import LOOKS
from app.models_page.page import ModelsPage
from app.window.errands import Errands
from runner.library.paths import cache_folder, database_file, runtime_folder
from runner.store import Store
from runner.store.ledger_lines import Event
from runner.store.lock import WriterLock, lock_of
from tests.support.hub import HubServer
from tests.support.models_world import STARTER_FILE, STARTER_REPOSITORY
from tests.support.porter import ROOT

PATIENCE_MS = 40_000


@pytest.fixture
def taken(page: ModelsPage) -> Iterator[None]:
    """The database is held, as by a window whose store is on the disk."""
    database_file().parent.mkdir(parents=True, exist_ok=True)
    with WriterLock(lock_of(database_file())):
        errands = Errands(page._context, lambda: page.downloads.queue, runtime_folder())
        yield
        errands.close()


def pull(*arguments: str) -> "subprocess.Popen[str]":
    return lightwell("pull", *arguments)


def lightwell(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        text=True, env=dict(os.environ), start_new_session=True,
    )  # fmt: skip


def ended(qtbot: QtBot, process: "subprocess.Popen[str]") -> tuple[str, str]:
    """Waits for a command while the window goes on."""
    said: list[tuple[str, str]] = []
    reading = threading.Thread(target=lambda: said.append(process.communicate()), daemon=True)
    reading.start()
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE_MS)
    return said[0]


@pytest.mark.usefixtures("taken")
def test_the_window_fetches_what_a_terminal_pulls(
    page: ModelsPage, hub: HubServer, qtbot: QtBot, starter_model: Path
) -> None:
    context = page._context
    lines = len(context.store.ledger.lines())
    command = pull(f"{STARTER_REPOSITORY}/{STARTER_FILE}", "--online", "--json")
    out, err = ended(qtbot, command)
    assert command.returncode == 0, err
    told = json.loads(out)
    assert told["schema"] == "lightwell.pull/1"
    assert Path(told["path"]).stat().st_size == starter_model.stat().st_size
    assert "The open window fetches it" in err
    assert "licence" in err
    qtbot.waitUntil(lambda: page.downloads.of(STARTER_REPOSITORY, STARTER_FILE) is not None)
    added = context.store.ledger.lines()[lines:]
    assert {line.entry.who for line in added} == {"terminal"}
    assert any(line.entry.event is Event.CONNECTION for line in added)
    assert context.store.ledger.verify().problems == ()
    assert not context.network.is_online, "what was allowed once is over"
    qtbot.waitUntil(lambda: not context.network.under_way, timeout=PATIENCE_MS)


@pytest.mark.usefixtures("taken")
def test_a_terminal_looks_into_a_model_through_the_window(
    page: ModelsPage, hub: HubServer, qtbot: QtBot
) -> None:
    command = lightwell("inspect", f"{STARTER_REPOSITORY}/{STARTER_FILE}", "--online", "--json")
    out, err = ended(qtbot, command)
    assert command.returncode == 0, err
    assert json.loads(out)["summary"]["architecture"]["value"] == "llama"
    ledger = page._context.store.ledger
    assert {line.entry.who for line in ledger.lines()} == {"terminal"}
    assert ledger.verify().problems == ()
    assert not page._context.network.under_way


@pytest.mark.usefixtures("taken")
def test_a_terminal_asks_how_open_a_repository_is_through_the_window(
    page: ModelsPage, hub: HubServer, qtbot: QtBot
) -> None:
    command = lightwell("openness", STARTER_REPOSITORY, "--online", "--json")
    out, err = ended(qtbot, command)
    assert command.returncode == 0, err
    assert STARTER_REPOSITORY in out
    assert page._context.store.ledger.verify().problems == ()
    assert not list((cache_folder() / LOOKS).glob("openness-*")), "what was handed over is gone"
    command = lightwell("openness", "maker/none-GGUF", "--online")
    _, err = ended(qtbot, command)
    assert command.returncode == 1
    assert "(courier.not_found" in err
    assert not page._context.network.under_way


@pytest.mark.usefixtures("taken")
def test_offline_the_window_asks_and_a_no_is_told(
    page: ModelsPage, hub: HubServer, qtbot: QtBot
) -> None:
    command = pull(STARTER_REPOSITORY)
    network = page._context.network
    qtbot.waitUntil(lambda: network.asking is not None, timeout=PATIENCE_MS)
    network._waiting[0].refuse("network.declined")
    _, err = ended(qtbot, command)
    network._take_question_back()
    network._waiting.clear()
    assert command.returncode == 1
    assert "(network.declined" in err
    assert "answer there" in err
    assert hub.sent == []


@pytest.mark.usefixtures("taken")
def test_a_terminal_that_goes_away_takes_its_question_along(
    page: ModelsPage, hub: HubServer, qtbot: QtBot
) -> None:
    command = pull(STARTER_REPOSITORY)
    network = page._context.network
    qtbot.waitUntil(lambda: network.asking is not None, timeout=PATIENCE_MS)
    # As a terminal does: to everybody who runs in it.
    os.killpg(command.pid, signal.SIGINT)
    ended(qtbot, command)
    qtbot.waitUntil(lambda: network.asking is None, timeout=PATIENCE_MS)
    assert hub.sent == []


@pytest.mark.usefixtures("taken")
def test_what_goes_wrong_in_the_window_is_told_on_the_terminal(
    page: ModelsPage, hub: HubServer, qtbot: QtBot
) -> None:
    command = pull("maker/none-GGUF", "--online")
    _, err = ended(qtbot, command)
    assert command.returncode == 1
    assert "(courier.not_found" in err
    assert "Traceback" not in err


def test_without_a_window_that_listens_the_database_is_said_to_be_in_use(
    page: ModelsPage, qtbot: QtBot
) -> None:
    database_file().parent.mkdir(parents=True, exist_ok=True)
    with WriterLock(lock_of(database_file())):
        command = pull(STARTER_REPOSITORY, "--online")
        _, err = ended(qtbot, command)
    assert "(store.in_use" in err
    with Store.open(database_file()):
        pass
