"""The Monitor tab in the real window, over real processes behind a real porter."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model.ref import ModelRef
from app.tabs.monitor.tab import MonitorTab
from app.tabs.monitor.words import monitor_words
from app.window.application import Parts
from runner.confine.labels import Label
from runner.session import ModelSession, SessionState

WAIT_MS = 30_000


@pytest.fixture
def monitor(parts: Parts, qtbot: QtBot, starter_model: Path) -> MonitorTab:
    """The tab, seen, with the starter model loaded and every process counted."""
    models = parts.context.models
    if parts.context.session.loaded is None:
        models.open(starter_model)
        qtbot.waitUntil(lambda: parts.context.session.loaded is not None, timeout=WAIT_MS)
    parts.window.inspector.choose("monitor")
    qtbot.waitUntil(lambda: parts.window.findChild(MonitorTab) is not None, timeout=WAIT_MS)
    tab = parts.window.findChild(MonitorTab)
    qtbot.waitUntil(
        lambda: tab.who.cell("makers", "prompts").text() == "nothing sent", timeout=WAIT_MS
    )
    return tab


def test_who_can_see_is_read_from_the_running_processes(monitor: MonitorTab, parts: Parts) -> None:
    who = monitor.who
    assert who.cell("you", "prompts").text() == "yes"
    assert who.cell("programs", "answers").text() == "could"
    assert who.cell("hub", "use").text() == "not known"
    who.cell("makers", "prompts").chosen.emit()
    assert who.reason().startswith("This app's makers, Prompts: nothing sent. The kernel refuses")
    cell = who.cell("hub", "use")
    assert cell.accessibleName() == "Hub, That you use it: not known"
    assert cell.accessibleDescription()


def test_the_arrow_keys_go_from_cell_to_cell(
    monitor: MonitorTab, parts: Parts, qtbot: QtBot
) -> None:
    parts.window.activateWindow()
    who = monitor.who
    who.cell("developer", "prompts").setFocus()
    qtbot.waitUntil(lambda: who.cell("developer", "prompts").hasFocus(), timeout=WAIT_MS)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(QApplication.focusWidget(), key)
    assert who.cell("hub", "use").hasFocus()
    assert who.reason().startswith("Hub, That you use it: not known.")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert who.cell("hub", "edits").hasFocus(), "the table has an edge"
    inside = [c for c in who._cells.values() if c.focusPolicy() == Qt.FocusPolicy.StrongFocus]
    assert inside == [who.cell("hub", "edits")], "one stop for the tabulator key"


def test_every_process_is_listed_the_porter_too(monitor: MonitorTab, parts: Parts) -> None:
    shot = parts.context.porter.snapshot()
    engine = shot.find("echo")
    assert engine is not None
    assert shot.looked is not None
    pids = monitor.processes.pids()
    assert pids[0] == engine.facts.pid
    assert pids[-1] == shot.looked.porter
    assert {seen.facts.pid for seen in shot.processes} <= set(pids)
    monitor.processes.section(engine.facts.pid).set_open(True)
    rows = {row.label: row.value for row in monitor.processes.rows(engine.facts.pid)}
    assert engine.facts.label == Label.SEALED
    assert "seccomp" in rows["Enforced by"]
    assert rows["Sockets held"] == "none"
    assert "Last heard of" in rows
    assert "What would settle it" not in rows
    monitor.processes.section(pids[-1]).set_open(True)
    porter = {row.label: row.value for row in monitor.processes.rows(pids[-1])}
    assert "Enforced by" not in porter
    assert porter["Sockets held"].endswith("none leads out")


def test_the_model_process_tries_to_phone_home(
    monitor: MonitorTab, parts: Parts, qtbot: QtBot
) -> None:
    before = parts.context.porter.snapshot().refused
    monitor.trial.button.setFocus()
    monitor.trial.button.click()
    assert monitor.trial.line == monitor_words().said["try_waiting"]
    monitor.trial.button.click()
    qtbot.waitUntil(lambda: "refused" in monitor.trial.line, timeout=WAIT_MS)
    assert "15 refused. The kernel told the porter of 13" in monitor.trial.line
    shown = monitor.trial.shown()
    assert len(shown) == 15
    assert sum(line.endswith(": refused, counted") for line in shown) == 13
    assert parts.context.porter.snapshot().refused == before + 13
    status = parts.window.status.text("connections")
    assert status == f"0 connections, {before + 13} attempts refused"
    assert QApplication.focusWidget() is monitor.trial.button, "the keyboard stays where it was"


def test_the_trial_is_of_the_chats_process_while_a_bench_runs_another(
    monitor: MonitorTab, parts: Parts, qtbot: QtBot, starter_model: Path
) -> None:
    bench = ModelSession(parts.context.porter, lambda event: None, "echo")
    try:
        bench.load(starter_model)
        qtbot.waitUntil(lambda: bench.loaded is not None, timeout=WAIT_MS)
        monitor.trial.begin()
        qtbot.waitUntil(lambda: "refused" in monitor.trial.line, timeout=WAIT_MS)
        assert "The kernel told the porter of 13" in monitor.trial.line
    finally:
        bench.unload()


def test_taking_back_is_told_from_the_file_and_the_licence(
    monitor: MonitorTab, qtbot: QtBot, starter_model: Path
) -> None:
    def rows() -> dict[str, str]:
        return {row.label: row.value for row in monitor.rows()}

    qtbot.waitUntil(lambda: "clause" in rows().get("By the licence", ""), timeout=WAIT_MS)
    assert "Apache License 2.0" in rows()["By the licence"]
    assert starter_model.name in rows()["The copy"]
    qtbot.waitUntil(
        lambda: rows()["By technical means"].startswith("Not by any means"), timeout=WAIT_MS
    )
    assert {"Swap", "Synced folders", "Backups", "Screen, keyboard"} <= set(rows())


def test_a_trial_is_not_shown_of_a_process_that_has_gone(
    monitor: MonitorTab, parts: Parts, qtbot: QtBot, starter_model: Path
) -> None:
    """Its answers were there, and the porter's last word about it was waited for."""
    trial = monitor.trial
    trial.begin()
    qtbot.waitUntil(trial._timer.isActive, timeout=WAIT_MS)
    parts.context.session.load(starter_model)
    qtbot.waitUntil(lambda: not trial._timer.isActive(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: parts.context.models.state is SessionState.READY, timeout=WAIT_MS)
    assert trial.shown() == []


def test_a_trial_that_is_cut_off_can_be_made_again(
    monitor: MonitorTab, parts: Parts, qtbot: QtBot, starter_model: Path
) -> None:
    session, cut_off = parts.context.session, monitor_words().said["try_cut_off"]
    monitor.trial.begin()
    before = session.child
    # Nothing is drained meanwhile: the window hears of the old process's end when the other is there.
    session.load(starter_model)
    deadline = time.monotonic() + WAIT_MS / 1000
    while session.child is before or session.loaded is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    qtbot.waitUntil(lambda: monitor.trial.line == cut_off, timeout=WAIT_MS)
    assert monitor.trial.button.isEnabled()
    monitor.trial.button.click()
    assert monitor.trial.line == monitor_words().said["try_waiting"]
    qtbot.waitUntil(lambda: "refused" in monitor.trial.line, timeout=WAIT_MS)
    assert monitor.trial.shown()
    session.load(starter_model)
    # What one process was refused says nothing of the next.
    qtbot.waitUntil(lambda: not monitor.trial.shown(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: parts.context.models.state is SessionState.READY, timeout=WAIT_MS)


def test_a_trial_that_a_load_cut_off_is_told_of_meanwhile_and_after_it(
    monitor: MonitorTab, parts: Parts, qtbot: QtBot, starter_model: Path
) -> None:
    """While it lasted there was no process to try, and what had been said of the trial was lost."""
    session, trial, said = parts.context.session, monitor.trial, monitor_words().said
    # None of its words is drained: the trial is under way for the window until the load has begun.
    trial.begin()
    session.load(starter_model)
    assert session.loaded is None
    trial.refresh()
    assert trial.line == said["try_cut_off_none"]
    assert not trial.button.isEnabled()
    qtbot.waitUntil(lambda: parts.context.models.state is SessionState.READY, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: trial.line == said["try_cut_off"], timeout=WAIT_MS)
    trial.begin()
    assert trial.line == said["try_waiting"]
    qtbot.waitUntil(lambda: "refused" in trial.line, timeout=WAIT_MS)
    trial.refresh()
    assert "refused" in trial.line


def test_drawing_once_a_second_costs_little(monitor: MonitorTab) -> None:
    for pid in monitor.processes.pids():
        monitor.processes.section(pid).set_open(True)
    monitor.refresh()
    began = time.process_time()
    for _ in range(20):
        monitor.refresh()
    assert (time.process_time() - began) / 20 < 0.016, "not a frame, once a second"


def test_without_a_model_there_is_nothing_to_try(
    monitor: MonitorTab, parts: Parts, qtbot: QtBot
) -> None:
    parts.context.session.unload()
    qtbot.waitUntil(lambda: not monitor.trial.button.isEnabled(), timeout=WAIT_MS)
    assert monitor.trial.line == monitor_words().said["try_none"]


def test_without_walls_nothing_is_claimed(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    """Real processes without the filter: every claim goes, and the trial says what got through."""
    from runner.store import Store
    from tests.support.porter import running_porter

    model = tmp_path / "any.gguf"
    model.write_bytes(b"any")
    with running_porter(walls=["landlock", "private porter"]) as porter:
        parts = Parts(qapp, Store.in_memory(), porter, engine="echo")
        parts.window.resize(1280, 800)
        parts.window.show()
        try:
            parts.context.models.load(ModelRef(path=model, name="any"))
            qtbot.waitUntil(lambda: parts.context.session.loaded is not None, timeout=WAIT_MS)
            parts.window.inspector.choose("monitor")
            qtbot.waitUntil(lambda: parts.window.findChild(MonitorTab) is not None, timeout=WAIT_MS)
            tab = parts.window.findChild(MonitorTab)
            qtbot.waitUntil(lambda: porter.snapshot().looked is not None, timeout=WAIT_MS)
            tab.refresh()
            assert tab.who.cell("makers", "prompts").text() == "not known"
            assert tab.who.cell("you", "prompts").text() == "yes"
            assert {row.label: row.value for row in tab.rows()}["By technical means"].startswith(
                "Not known"
            )
            assert parts.window.top_bar._lock.isHidden()
            (pid, *_) = tab.processes.pids()
            tab.processes.section(pid).set_open(True)
            rows = {row.label: row.value for row in tab.processes.rows(pid)}
            assert "filter of system calls" in rows["Not in force"]
            assert rows["What would settle it"]
            tab.trial.button.click()
            qtbot.waitUntil(lambda: "let through" in tab.trial.line, timeout=WAIT_MS)
        finally:
            parts.window.close()
            parts.quit()
            parts.window.deleteLater()
