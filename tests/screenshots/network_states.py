"""States of the switch, its question and Monitor, with a Hub of our own on the far side."""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from app.network.door import Answer
from app.network.purposes import purpose
from app.tabs.monitor.tab import MonitorTab
from app.window.application import Parts
from runner.session import SessionState
from runner.store.ledger_lines import Entry, Event
from runner.store.papers import CARD
from runner.store.sources import Source
from tests.support import hub_server
from tests.support.hub_server import FakeHub
from tests.support.network import Person

Wait = Callable[[Callable[[], bool], str], None]


def asking(parts: Parts, wait: Wait) -> None:
    """A search waits for an answer."""
    models = parts.context.models
    wait(lambda: models.state is SessionState.READY, "the starter model has loaded")
    wanted = purpose("download", repository="somebody/small-GGUF", file="small.gguf", size="98 MB")
    parts.context.network.use(wanted, lambda visit: None, lambda error: None)


def monitor_offline(parts: Parts, wait: Wait) -> None:
    """Monitor with an empty ledger."""
    models = parts.context.models
    wait(lambda: models.state is SessionState.READY, "the starter model has loaded")
    _monitor(parts, wait)


def monitor_ledger(parts: Parts, wait: Wait) -> None:
    """Monitor with lines of every kind, of a file that was downloaded, asked about upstream."""
    models = parts.context.models
    wait(lambda: models.state is SessionState.READY, "the starter model has loaded")
    _lines(parts)
    _downloaded(parts)
    tab = _monitor(parts, wait)
    tab.show_model(models.current)
    began = time.monotonic()
    wait(lambda: time.monotonic() - began > 1.5, "the chain was checked")
    _scroll(tab, tab.ledger)


def monitor_back(parts: Parts, wait: Wait) -> None:
    """The foot of the same."""
    monitor_ledger(parts, wait)
    tab = parts.window.findChild(MonitorTab)
    assert tab is not None
    _scroll(tab, tab.back)


def ledger_window(parts: Parts, wait: Wait) -> None:
    """The whole ledger."""
    monitor_ledger(parts, wait)
    tab = parts.window.findChild(MonitorTab)
    assert tab is not None
    tab.ledger.open_window()


def online(parts: Parts, wait: Wait) -> None:
    """The switch is at online and nothing is fetched."""
    monitor_offline(parts, wait)
    parts.context.network.go_online()


def tampered(parts: Parts, wait: Wait) -> None:
    """Somebody else has written into the ledger."""
    import contextlib
    import sqlite3

    monitor_ledger(parts, wait)
    path = parts.context.store.ledger._database.path
    assert path is not None
    with contextlib.closing(sqlite3.connect(path)) as db:
        for name in ("ledger_is_not_changed", "ledger_is_not_cut"):
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE ledger SET entry = replace(entry, 'small', 'large') WHERE number = 3")
        db.commit()
    tab = parts.window.findChild(MonitorTab)
    assert tab is not None
    tab.ledger.check()
    wait(lambda: "changed" in tab.ledger.chain.text(), "the chain was checked")


def fetching(parts: Parts, wait: Wait) -> None:
    """A request is under way, allowed once; Monitor shows gate and courier."""
    monitor_offline(parts, wait)
    tab = parts.window.findChild(MonitorTab)
    assert tab is not None
    parts.context.network.take_asker(Person(Answer.ONCE))
    went: list[Any] = []

    def go(visit: Any) -> None:
        visit.courier.search("small", visit.why, went.append, went.append)

    parts.context.network.use(purpose("search", words="small"), go, went.append)
    wait(lambda: bool(parts.context.traffic.open), "the Hub was asked")
    began = time.monotonic()
    wait(lambda: time.monotonic() - began > 1.5, "everything has been drawn")
    _scroll(tab, tab.ledger)


@contextlib.contextmanager
def slow_hub() -> Iterator[None]:
    """A Hub of our own that lets everybody wait."""
    with FakeHub() as hub:
        hub.delay_s = 20
        os.environ["HF_ENDPOINT"] = hub.endpoint
        try:
            yield
        finally:
            del os.environ["HF_ENDPOINT"]


fetching.around = slow_hub  # type: ignore[attr-defined]


def downloading(parts: Parts, wait: Wait) -> None:
    """A model is on its way, allowed once; the gate's row says what it has let through."""
    from app.models_page.find.addresses import read
    from app.models_page.page import ModelsPage
    from app.models_page.repository.grouping import choices
    from tests.support.models_world import STARTER_FILE, STARTER_REPOSITORY

    models = parts.context.models
    wait(lambda: models.state is SessionState.READY, "the starter model has loaded")
    parts.context.network.take_asker(Person(Answer.ONCE, Answer.ONCE))
    parts.window.show_page("models")
    page = parts.window.page()
    assert isinstance(page, ModelsPage)
    listed: list[Any] = []
    page.desk.listed.connect(listed.append)
    page.desk.look(read(STARTER_REPOSITORY).repository)
    wait(lambda: bool(listed), "the repository is listed")
    (choice,) = [one for one in choices(listed[0].files) if one.files[0].path == STARTER_FILE]
    page.downloads.add(listed[0], choice)
    page.choose("queue")
    traffic = parts.context.traffic
    wait(lambda: any(one.bytes_down > 3_000_000 for one in traffic.open), "bytes have come")
    tab = _monitor(parts, wait)
    gate = parts.context.porter.snapshot().find("gate")
    assert gate is not None
    tab.processes.section(gate.facts.pid).set_open(True)
    _scroll(tab, tab.processes)


@contextlib.contextmanager
def hub_with_models() -> Iterator[None]:
    """A Hub of our own that sends a few megabytes a second."""
    from runner.library.starter import starter
    from tests.support.hub import HubServer
    from tests.support.hub.faults import Fault
    from tests.support.models_world import models_world

    path = starter().path()
    assert path is not None
    with HubServer(models_world(path)) as hub:
        hub.faults.plan(Fault.SLOW, 3_000_000, path="store")
        os.environ["HF_ENDPOINT"] = hub.endpoint
        try:
            yield
        finally:
            del os.environ["HF_ENDPOINT"]


downloading.around = hub_with_models  # type: ignore[attr-defined]


def attempts(parts: Parts, wait: Wait) -> None:
    """The model process has tried to phone home."""
    monitor_offline(parts, wait)
    tab = parts.window.findChild(MonitorTab)
    assert tab is not None
    tab.trial.button.click()
    wait(lambda: "refused" in tab.trial.line, "the trial has ended")
    _scroll(tab, tab.trial)


def _monitor(parts: Parts, wait: Wait) -> MonitorTab:
    parts.window._body.set_open(True)
    parts.window.inspector.choose("monitor")
    wait(lambda: parts.window.findChild(MonitorTab) is not None, "the tab was made")
    tab = parts.window.findChild(MonitorTab)
    assert tab is not None
    wait(lambda: tab.who.cell("you", "prompts").text() == "yes", "the table was filled")
    began = time.monotonic()
    wait(lambda: time.monotonic() - began > 1.0, "sockets were counted")
    return tab


def _scroll(tab: MonitorTab, part: Any) -> None:
    from PySide6.QtCore import QPoint
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QScrollArea

    QTest.qWait(100)
    area = tab.findChild(QScrollArea)
    assert area is not None
    top = part.mapTo(area.widget(), QPoint(0, 0)).y()
    area.verticalScrollBar().setValue(top - 48)


def _lines(parts: Parts) -> None:
    add = parts.context.store.ledger.add
    look = purpose("look", repository="somebody/small-GGUF").why
    down = purpose("download", repository="somebody/small-GGUF", file="small.gguf", size="").why
    for why, up, got, result in ((look, 1100, 14_000, "200"), (down, 2200, 98_362_432, "closed")):
        name = add(Entry(event=Event.LOOK_UP, who="window", why=why, host="hub.example", port=443))
        add(
            Entry(event=Event.RESULT, of=name.result(10).number, why=why, result="192.0.2.7")
        ).result()
        line = add(
            Entry(
                event=Event.CONNECTION,
                who="window",
                why=why,
                method="CONNECT",
                host="hub.example",
                port=443,
                address="192.0.2.7",
            )
        ).result(10)
        add(
            Entry(
                event=Event.RESULT,
                of=line.number,
                why=why,
                bytes_up=up,
                bytes_down=got,
                result=result,
            )
        ).result(10)
    add(
        Entry(
            event=Event.REFUSED,
            who="window",
            why=down,
            host="elsewhere.example",
            port=443,
            result="the host is not on the list",
        )
    ).result(10)
    add(
        Entry(
            event=Event.BROWSER,
            who="browser",
            why="a link in a chat",
            host="example.org",
            port=443,
            path="/page",
            result="handed to the browser",
        )
    ).result(10)


def _downloaded(parts: Parts) -> None:
    context = parts.context
    assert context.models.current is not None
    known = context.library.at(context.models.current.path)
    assert known is not None
    source = Source(
        repository="somebody/small-GGUF",
        revision="main",
        commit=hub_server.COMMIT,
        path="small.gguf",
        sha256=known.sha256,
    )
    context.store.sources.keep(known.id, source).result(10)
    context.store.papers.keep(source.repository, source.commit, CARD, hub_server.CARD).result(10)


NETWORK_STATES = {
    "asking": asking,
    "monitor-offline": monitor_offline,
    "monitor-ledger": monitor_ledger,
    "monitor-back": monitor_back,
    "ledger-window": ledger_window,
    "online": online,
    "tampered": tampered,
    "fetching": fetching,
    "downloading": downloading,
    "attempts": attempts,
}
