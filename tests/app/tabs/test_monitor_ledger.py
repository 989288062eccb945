"""The ledger on screen, what the Hub learned, and what changed upstream: real parts, our own Hub."""

import contextlib
import csv
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QToolButton
from pytestqt.qtbot import QtBot

from app.model.ref import ModelRef
from app.network.door import Answer
from app.network.purposes import purpose
from app.tabs.monitor.ledger.delegate import reason
from app.tabs.monitor.tab import MonitorTab
from app.tabs.monitor.words import ProcessWords, monitor_words
from app.window.application import Parts
from app.words.ledger import ledger_rows
from runner.courier.agent import user_agent
from runner.protocol.courier import Repository
from runner.store.ledger import Ledger
from runner.store.ledger_lines import Entry, Event, Line
from runner.store.papers import CARD, SAID
from runner.store.sources import Source
from tests.support import hub_server
from tests.support.hub_server import COMMIT, REPOSITORY, FakeHub
from tests.support.network import Person
from tests.support.window import window_with_hub

WAIT_MS = 30_000


@pytest.fixture(scope="module")
def hub() -> Iterator[FakeHub]:
    with FakeHub() as hub:
        yield hub


@pytest.fixture(scope="module")
def parts(
    qapp: QApplication, hub: FakeHub, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Parts]:
    """The window with every real part, and a person who allows everything once."""
    home = tmp_path_factory.mktemp("home")
    with window_with_hub(qapp, home, hub.endpoint) as made:
        yield made


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that our Hub has, as a download leaves it."""
    path = tmp_path_factory.mktemp("models") / "small.gguf"
    path.write_bytes(hub_server.BODY)
    return path


@pytest.fixture
def monitor(parts: Parts, file: Path, qtbot: QtBot) -> Iterator[MonitorTab]:
    """The tab, seen, with that file looked at."""
    tab = MonitorTab(parts.context)
    tab.resize(424, 900)
    qtbot.addWidget(tab)
    tab.show()
    tab.show_model(ModelRef(path=file, name="small"))
    yield tab
    tab.show_model(None)


def search(parts: Parts, qtbot: QtBot, words: str) -> None:
    """Fetches something by the door."""
    parts.context.network.take_asker(Person(Answer.ONCE))
    came: list[object] = []

    def go(visit):
        def done(answer: object) -> None:
            visit.close()
            came.append(answer)

        visit.courier.search(words, visit.why, done, done)

    parts.context.network.use(purpose("search", words=words), go, came.append)
    qtbot.waitUntil(lambda: bool(came), timeout=WAIT_MS)
    assert isinstance(came[0], list), came


def cells(monitor: MonitorTab, column: int) -> list[str]:
    rows = monitor.ledger.rows
    return [str(rows.index(row, column).data()) for row in range(rows.rowCount())]


def test_an_empty_ledger_says_what_will_be_there(monitor: MonitorTab) -> None:
    assert monitor.ledger.summary.text().startswith("None yet.")
    assert monitor.ledger.table.isHidden()


def test_a_fetch_is_a_row_while_it_is_under_way_and_after(
    monitor: MonitorTab, parts: Parts, hub: FakeHub, qtbot: QtBot
) -> None:
    search(parts, qtbot, "tiny things")
    rows = monitor.ledger.rows
    qtbot.waitUntil(lambda: rows.rowCount() == 1 and cells(monitor, 4) != [""], timeout=WAIT_MS)
    shown = rows.row(0)
    assert shown.to == f"GET 127.0.0.1:{hub.port}"
    assert shown.why == "search for “tiny things”"
    assert shown.path.startswith("/api/models?")
    assert shown.result == "200"
    assert shown.who == "Window"
    assert reason(shown) == "Window · search for “tiny things”"
    assert "Hash " in shown.tip
    assert "lines 2, connections 1, refused 0" in monitor.ledger.summary.text()
    # The request as our Hub saw it says of itself what Monitor says.
    assert hub.requests[-1].fields["user-agent"] == user_agent()
    total = parts.context.traffic.since_load
    assert total.connections == 1
    assert total.bytes_down > 0
    assert parts.context.traffic.open == ()
    assert "1 since the start, ↓ " in parts.window.status.text("connections")


def test_refusals_look_ups_and_the_browser_are_rows(
    monitor: MonitorTab, parts: Parts, qtbot: QtBot
) -> None:
    add, porter = parts.context.store.ledger.add, parts.context.porter
    qtbot.waitUntil(lambda: porter.snapshot().find("gate", "courier") is None, timeout=WAIT_MS)
    entries = (
        Entry(event=Event.REFUSED, who="courier", why="a test", host="evil.example", port=443,
              result="the host is not on the list"),
        Entry(event=Event.LOOK_UP, who="courier", why="a test", host="huggingface.co", port=443),
        Entry(event=Event.BROWSER, who="browser", why="a link", host="example.org", port=443,
              path="/page", result="handed to the browser"),
    )  # fmt: skip
    for entry in entries:
        add(entry).result(10)
    qtbot.waitUntil(lambda: "your browser: example.org" in cells(monitor, 1), timeout=WAIT_MS)
    assert "refused: evil.example" in cells(monitor, 1)
    assert "the host is not on the list" in cells(monitor, 6)
    assert "name look-up: huggingface.co" in cells(monitor, 1)
    # Whoever asked is gone: it was shown as under way for ever, at each later start too.
    assert "no end told" in cells(monitor, 6)
    lines = parts.context.store.ledger.lines()
    known = frozenset(line.number for line in lines if line.entry.event is Event.LOOK_UP)
    assert "under way" in {row.result for row in ledger_rows(lines, known)}
    assert parts.context.traffic.since_load.refused == 1


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_no_process_makes_the_tab_scroll_sideways(
    monitor: MonitorTab, parts: Parts, qtbot: QtBot, scale: float
) -> None:
    """A gate that came for a moment, with its long label, did; whatever a label says, it is read whole."""
    theme = parts.context.theme
    bar = monitor.findChild(QScrollArea).horizontalScrollBar()
    words = monitor_words()
    try:
        theme.choose(scale=scale)
        monitor.resize(round(320 * scale), 900)
        bars: list[int] = []
        bar.rangeChanged.connect(lambda least, most: bars.append(most))
        told = [
            ProcessWords(pid=-number, name="Courier", tip="", label=label, is_sealed=False, rows=())
            for number, label in enumerate(words.label.values(), start=1)
        ]
        monitor.processes.show_processes(told)
        qtbot.waitUntil(lambda: monitor.processes.section(-1).width() > 0)
        for one in told:
            head = monitor.processes.section(one.pid).findChild(QToolButton)
            qtbot.waitUntil(lambda head=head: head.width() >= head.sizeHint().width())
            assert " ".join(head.text().split()) == f"Courier: {one.label}"
            assert head.accessibleName() == f"Courier: {one.label}"
        assert max([*bars, bar.maximum()]) == 0
    finally:
        theme.choose(scale=1.0)


def test_the_whole_ledger_has_a_window_and_a_filter(
    monitor: MonitorTab, parts: Parts, qtbot: QtBot
) -> None:
    monitor.ledger.open_window()
    window = monitor.ledger._window
    assert window is not None
    everything = window.rows.rowCount()
    window.filter.setText("EVIL")
    assert window.rows.rowCount() == 1
    window.filter.clear()
    assert window.rows.rowCount() == everything
    window.close()


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_an_export_has_every_line(
    ending: str, monitor: MonitorTab, parts: Parts, qtbot: QtBot, tmp_path: Path
) -> None:
    target = tmp_path / f"ledger.{ending}"
    monitor.ledger._desk.export(target)
    toast = parts.window._notices.toast
    qtbot.waitUntil(lambda: target.name in toast.text(), timeout=WAIT_MS)
    count = parts.context.store.ledger.head().count
    if ending == "csv":
        assert len(list(csv.reader(target.read_text().splitlines()))) == count + 1
    else:
        whole = json.loads(target.read_bytes())
        assert len(whole["lines"]) == whole["head"]["count"] == count


def test_what_the_hub_learned_is_told_from_the_ledger(
    monitor: MonitorTab, parts: Parts, file: Path, hub: FakeHub, qtbot: QtBot
) -> None:
    def rows() -> dict[str, str]:
        return {row.label: row.value for row in monitor.rows()}

    not_through_this = "This file was not downloaded through this app"
    qtbot.waitUntil(lambda: rows().get("", "").startswith(not_through_this), timeout=WAIT_MS)
    assert monitor.back.button.isHidden()
    context = parts.context
    why = purpose("download", repository=REPOSITORY, file="small.gguf", size="131 kB").why
    line = context.store.ledger.add(
        Entry(event=Event.CONNECTION, who="courier", why=why, host="hub.example", port=443)
    ).result(10)
    context.store.ledger.add(
        Entry(event=Event.RESULT, of=line.number, why=why, bytes_up=900, bytes_down=131_000)
    ).result(10)
    for other in (f"{REPOSITORY}-GGUF", f"{REPOSITORY}.1", f"not-{REPOSITORY}"):
        context.store.ledger.add(
            Entry(event=Event.CONNECTION, why=purpose("look", repository=other).why, host="not.it")
        ).result(10)
    keep(parts, file)
    monitor.show_model(ModelRef(path=file, name="small"))
    qtbot.waitUntil(lambda: "Asked for" in rows(), timeout=WAIT_MS)
    told = rows()
    assert told["Asked for"] == f"download small.gguf of {REPOSITORY}"
    assert told["Amount"].replace("\xa0", " ") == "900 B sent, 131 kB received"
    assert "requests: 1" in told["Time"]
    assert " to " not in told["Time"], "one moment is said once"
    assert "hub.example" in told["Your address"]
    assert told["User agent"] == user_agent(), "of now, for lines from before they had it"
    assert told["Account"] == "none: no token was sent"
    again = Entry(
        event=Event.CONNECTION, who="window", why=why, host="hub.example", port=443,
        agent="lightwell/0.0.9", account="token",
    )  # fmt: skip
    context.store.ledger.add(again).result(10)
    keep(parts, file)
    monitor.show_model(ModelRef(path=file, name="small"))
    qtbot.waitUntil(lambda: "requests: 2" in rows().get("Time", ""), timeout=WAIT_MS)
    assert rows()["User agent"] == "lightwell/0.0.9", "what the line says, whatever is said now"
    assert rows()["Account"].startswith("the account of the token")
    monitor.refresh()
    tip = monitor.who.cell("hub", "use").accessibleDescription()
    assert "with a token of your account" in tip
    assert monitor.who.cell("developer", "use").text() == "not known", "it was for everybody"
    said = hub_said(gated="manual")
    context.store.papers.keep(REPOSITORY, COMMIT, SAID, said).result(10)
    monitor.show_model(ModelRef(path=file, name="small"))
    qtbot.waitUntil(lambda: monitor.back.learned.is_on_request, timeout=WAIT_MS)
    monitor.refresh()
    assert monitor.who.cell("hub", "use").text() == "yes"
    assert monitor.who.cell("developer", "use").text() == "could"
    was_online = context.traffic.since_load.connections > 0
    said_of_makers = monitor.who.cell("makers", "use").text()
    assert said_of_makers == ("not known" if was_online else "nothing sent")


def test_a_search_that_lasts_keeps_nobody_waiting_and_is_of_the_model_on_show(
    monitor: MonitorTab, parts: Parts, file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, asked = threading.Event(), threading.Event()
    search_ledger = Ledger.about

    def about(self: Ledger, words: str, most: int = 1000) -> list[Line]:
        assert threading.current_thread() is not threading.main_thread()
        asked.set()
        assert go_on.wait(30)
        return search_ledger(self, words, most)

    keep(parts, file)
    monkeypatch.setattr(Ledger, "about", about)
    monitor.show_model(ModelRef(path=file, name="small"))
    assert asked.wait(30)
    other = ModelRef(path=file.with_name("another.gguf"), name="another")
    monitor.show_model(other)
    qtbot.waitUntil(
        lambda: any("not downloaded through" in row.value for row in monitor.rows()),
        timeout=WAIT_MS,
    )
    go_on.set()
    for thread in threading.enumerate():
        if thread.name == "what the Hub learned":
            thread.join(30)
    parts.context.mailbox.post(asked.clear)
    qtbot.waitUntil(lambda: not asked.is_set(), timeout=WAIT_MS)
    assert [row.value for row in monitor.rows() if row.label == "Asked for"] == []


def test_what_changed_upstream_is_asked_only_when_wanted(
    monitor: MonitorTab, parts: Parts, file: Path, hub: FakeHub, qtbot: QtBot
) -> None:
    keep(parts, file)
    monitor.show_model(ModelRef(path=file, name="small"))
    before = len(hub.requests)
    person = Person(Answer.NO)
    parts.context.network.take_asker(person)
    monitor.back.button.click()
    assert monitor.back.line == "Lightwell stays offline"
    assert len(hub.requests) == before
    person.answers = [Answer.ONCE]
    qtbot.mouseClick(monitor.back.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(row.label == "Upstream" for row in monitor.rows()), timeout=WAIT_MS)
    told = {row.label: row.value for row in monitor.rows()}
    assert told["Upstream"].startswith("unchanged")
    assert told["Weights there"].startswith("the same")
    assert told["Card there"] == "the same, letter by letter"
    # Our Hub's answer names no licence, and the kept card does.
    assert told["Licence there"].startswith("none named; it was apache-2.0 when")
    assert told["Access there"].startswith("open to everybody")
    assert not hub.strangers
    qtbot.waitUntil(
        lambda: parts.context.porter.snapshot().find("gate", "courier") is None, timeout=WAIT_MS
    )


def test_a_tampered_ledger_shows_unasked(monitor: MonitorTab, parts: Parts, qtbot: QtBot) -> None:
    chain = monitor.ledger.chain
    qtbot.waitUntil(lambda: chain.text().startswith("Chain whole"), timeout=WAIT_MS)
    with contextlib.closing(sqlite3.connect(parts.context.store.ledger._database.path)) as db:
        for (trigger,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'"
        ).fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute("UPDATE ledger SET entry = replace(entry, 'tiny', 'huge') WHERE number = 1")
        db.execute("DELETE FROM ledger WHERE number = (SELECT max(number) FROM ledger)")
        db.commit()
    monitor.hide()
    monitor.show()
    qtbot.waitUntil(lambda: "Line 1 was changed." in chain.text(), timeout=WAIT_MS)
    assert "were cut off" in chain.text()


def hub_said(gated: str) -> str:
    """Returns what is kept of what the Hub says of a repository."""
    said = Repository(repository=REPOSITORY, commit=COMMIT, gated=gated)
    return msgspec.json.encode(said).decode()


def keep(parts: Parts, file: Path) -> None:
    """Puts on record what a download does: the file, where it came from, and its card."""
    store = parts.context.store
    known = parts.context.library.open(file).result(10)
    source = Source(
        repository=REPOSITORY,
        revision="main",
        commit=COMMIT,
        path="small.gguf",
        sha256=hub_server.sha256(),
    )
    store.sources.keep(known.id, source).result(10)
    store.papers.keep(REPOSITORY, COMMIT, CARD, hub_server.CARD).result(10)
