"""Housekeeping, notices, words, bug reports and the single instance."""

import gc
import os
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.housekeeping import Housekeeping
from app.mailbox import Mailbox
from app.notices import Action, Level, Notices
from app.theme.theme import SchemeChoice, Theme
from app.window import notice_area
from app.window.bugs import BugDesk, report
from app.window.knocks import MOST_AT_ONCE
from app.window.notice_area import NoticeArea
from app.window.report_window import ReportWindow
from app.window.single import SOCKET, FirstInstance, hand_over, hand_over_soon, open_door
from app.words import wording
from app.words.quantities import bytes_in_words, count_in_words, seconds_in_words
from runner.channel.packets import framed
from runner.errors import RunnerError


def test_garbage_is_collected_here_and_only_here(qtbot) -> None:
    parent = QObject()
    keeper = Housekeeping(parent, lambda: False)
    assert not gc.isenabled()

    class Loop:
        def __init__(self) -> None:
            self.me = self

    alive: list[int] = []
    import weakref

    loop = Loop()
    weakref.finalize(loop, lambda: alive.append(threading.get_ident()))
    del loop
    for _ in range(40):
        keeper.tidy()
    assert alive == [threading.get_ident()]


def test_a_full_pass_waits_while_something_streams() -> None:
    parent = QObject()
    keeper = Housekeeping(parent, lambda: True)
    before = gc.get_stats()[2]["collections"]
    for _ in range(100):
        keeper.tidy()
    assert gc.get_stats()[2]["collections"] == before


def test_settling_sets_aside_without_a_pass() -> None:
    keeper = Housekeeping(QObject(), lambda: False)
    before = [generation["collections"] for generation in gc.get_stats()]
    kept = gc.get_freeze_count()
    keeper.settle()
    assert gc.get_freeze_count() > kept
    assert [generation["collections"] for generation in gc.get_stats()] == before
    gc.unfreeze()


def test_words_take_their_fields_and_leave_a_mark_for_a_missing_one() -> None:
    said = wording.words("window.not_a_model", name="letter.txt")
    assert said.title == "letter.txt is not a GGUF file"
    assert wording.words("window.not_a_model").title.startswith("…")


def test_a_code_without_words_says_that_this_is_our_mistake() -> None:
    said = wording.words("no.such.code")
    assert "no.such.code" in said.meaning


def test_every_code_has_a_title_and_a_meaning() -> None:
    for code in wording.codes():
        said = wording.words(code)
        assert said.title.strip(), code
        assert said.meaning.strip(), code


@pytest.fixture
def area(qapp, qtbot):
    theme = Theme(qapp, SchemeChoice.LIGHT)
    notices = Notices()
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(600, 400)
    holder.show()
    yield notices, NoticeArea(theme, notices, holder, holder)
    theme.deleteLater()
    qapp.setStyleSheet("")


def test_a_notice_with_the_same_key_takes_the_place_of_the_first(area) -> None:
    notices, shown = area
    notices.error("window.not_a_model", key="k", name="one")
    notices.error("window.not_a_model", key="k", name="two")
    assert [banner.accessibleName() for banner in shown.banners()] == ["two is not a GGUF file"]
    notices.withdraw("k")
    assert shown.banners() == []
    assert shown.isHidden()


def test_a_notice_is_read_out_as_nobody_goes_to_it(area, monkeypatch) -> None:
    notices, _ = area
    said: list[str] = []
    monkeypatch.setattr(notice_area, "announce", lambda widget, words: said.append(words))
    notices.error("window.not_a_model", name="x")
    notices.toast("Chat deleted")
    assert said[0].startswith("x is not a GGUF file")
    assert said[1:] == ["Chat deleted"]


def test_an_action_runs_and_takes_its_notice_away(area) -> None:
    notices, shown = area
    done: list[int] = []
    notices.error("window.not_a_model", Action("Do it", lambda: done.append(1)), name="x")
    shown.banners()[0].buttons[0].click()
    assert done == [1]
    assert shown.banners() == []


def test_a_toast_offers_to_undo(area) -> None:
    notices, shown = area
    undone: list[int] = []
    notices.toast("Chat deleted", Action("Undo", lambda: undone.append(1)))
    assert shown.toast.isVisible()
    assert shown.toast.text() == "Chat deleted"
    shown.toast.buttons()[0].click()
    assert undone == [1]
    assert not shown.toast.isVisible()


def test_a_toast_has_room_for_its_button_and_every_word_each_time(area, qapp) -> None:
    notices, shown = area
    for text in ("Chat deleted", "Chat deleted", "What was here before is kept. " * 8):
        notices.toast(text, Action("Undo", lambda: None))
        qapp.processEvents()
        (button,) = shown.toast.buttons()
        label = shown.toast._label
        assert shown.toast.rect().contains(button.geometry())
        assert button.size().width() >= button.sizeHint().width()
        needed = label.heightForWidth(label.width()) if label.wordWrap() else 0
        assert label.height() >= max(needed, label.fontMetrics().height())
        assert label.wordWrap() or label.width() >= label.sizeHint().width()


def test_markup_in_a_notice_stays_text(area) -> None:
    notices, shown = area
    notices.error("window.not_a_model", name="<img src=x><b>bold</b>")
    assert "<b>bold</b>" in shown.banners()[0].accessibleName()


def test_a_failure_names_its_file_and_keeps_its_details(area) -> None:
    notices, _ = area
    notices.failure(RunnerError("files.missing", "errno 2", path="/home/a/model.gguf"))
    kept = notices.kept[-1]
    assert kept.level is Level.ALERT
    assert kept.details == "errno 2"


def test_an_exception_of_any_thread_becomes_one_report(qtbot) -> None:
    notices, mailbox = Notices(), Mailbox()
    desk = BugDesk(notices, mailbox)
    desk.take_hooks()
    try:

        def fail() -> None:
            raise LookupError("a secret in the home folder: " + str(Path.home() / "x"))

        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: bool(notices.kept), timeout=2_000)
    finally:
        desk.give_back_hooks()
    assert notices.kept[-1].code == "window.bug"
    assert "LookupError" in desk._report
    assert str(Path.home() / "x") not in desk._report
    mailbox.close()


def test_the_hooks_are_given_back() -> None:
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    mailbox = Mailbox()
    desk = BugDesk(Notices(), mailbox)
    desk.take_hooks()
    assert sys.excepthook is not before[0]
    desk.give_back_hooks()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    mailbox.close()


def test_the_stacks_of_a_crash_are_shown_at_the_next_start_and_only_once(tmp_path) -> None:
    notices, mailbox = Notices(), Mailbox()
    desk = BugDesk(notices, mailbox)
    file = tmp_path / "crash.log.last"
    file.write_text("Fatal Python error: Segmentation fault\n")
    desk.look_at_last_crash(file)
    assert notices.kept[-1].code == "window.crashed_before"
    desk.look_at_last_crash(file)
    assert len(notices.kept) == 1
    mailbox.close()


def test_a_report_is_copied_and_saved_and_a_failed_save_says_why(qtbot, tmp_path) -> None:
    text = report("a title", "Traceback", ["12:00:00 INFO one"])
    window = ReportWindow(text)
    qtbot.addWidget(window)
    window.copying.click()
    assert QGuiApplication.clipboard().text() == text
    window.save(tmp_path / "report.txt")
    assert (tmp_path / "report.txt").read_text() == text
    window.save(tmp_path / "no such folder" / "report.txt")
    assert "could not be written" in window._failure.text()


def test_a_second_start_reaches_the_first_with_its_file(qtbot, tmp_path) -> None:
    folder = tmp_path / "run"
    got: list[list[Path]] = []
    first = FirstInstance(open_door(folder), lambda files: got.append(list(files)))
    files = [Path("/models/a b.gguf"), Path(os.fsdecode(b"/models/caf\xe9.gguf"))]
    assert hand_over(folder, [*files, "lightwell://somebody/something"])
    qtbot.waitUntil(lambda: bool(got), timeout=2_000)
    assert got == [[*files, "lightwell://somebody/something"]]
    first.close()
    assert not hand_over(folder, [])


def test_a_start_at_the_same_moment_waits_until_the_first_listens(qtbot, tmp_path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    got: list[list[Path]] = []
    with ThreadPoolExecutor(1) as second:
        told = second.submit(hand_over_soon, tmp_path, [Path("/models/a.gguf")])
        door = open_door(tmp_path)
        assert told.result(timeout=5)
    # Said before the window was there, heard once it is.
    first = FirstInstance(door, lambda files: got.append(list(files)))
    qtbot.waitUntil(lambda: bool(got), timeout=2_000)
    assert got == [[Path("/models/a.gguf")]]
    first.close()


def test_a_home_that_cannot_be_written_does_not_keep_the_window_away(tmp_path, monkeypatch) -> None:
    import faulthandler

    from app.window.application import _watch_for_crashes

    (tmp_path / "state").write_text("a file where a folder should be made")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    was_on = faulthandler.is_enabled()
    try:
        assert _watch_for_crashes() is None
    finally:
        faulthandler.disable()
        if was_on:
            faulthandler.enable()


def test_a_deep_folder_is_no_obstacle(qtbot, tmp_path) -> None:
    folder = tmp_path / ("deep" * 30) / "run"
    got: list[object] = []
    first = FirstInstance(open_door(folder), got.append)
    assert hand_over(folder, [])
    qtbot.waitUntil(lambda: bool(got), timeout=2_000)
    first.close()


def test_what_a_killed_window_left_is_no_obstacle(tmp_path) -> None:
    folder = tmp_path / "run"
    open_door(folder).socket.close()
    assert (folder / SOCKET).exists()
    assert not hand_over(folder, [])
    second = open_door(folder)
    assert second is not None
    second.close()
    assert not (folder / SOCKET).exists()


def test_a_folder_that_others_can_write_to_is_not_used(tmp_path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    folder.chmod(0o777)
    assert open_door(folder) is None


def test_whatever_the_umask_nobody_else_may_write_above_the_door(tmp_path) -> None:
    before = os.umask(0)
    try:
        door = open_door(tmp_path / "cache" / "lightwell" / "run")
    finally:
        os.umask(before)
    door.close()
    assert {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")} == {0o700}


def test_odd_words_from_a_second_start_are_dropped(qtbot, tmp_path) -> None:
    import socket

    got: list[object] = []
    first = FirstInstance(open_door(tmp_path), got.append)
    odd = (b"not json", b'{"open": 3}', b'{"run": ["rm"]}')
    for said in (b"", b"\0", b"\xff\xff\xff\xff", *map(framed, (b"", *odd))):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as speaker:
            speaker.connect(str(tmp_path / SOCKET))
            speaker.send(said)
    assert hand_over(tmp_path, [])
    qtbot.waitUntil(lambda: bool(got), timeout=2_000)
    assert got == [[]]
    first.close()


def test_who_knocks_and_says_half_of_it_keeps_nobody_out(qtbot, tmp_path) -> None:
    import socket

    got: list[object] = []
    first = FirstInstance(open_door(tmp_path), got.append)
    silent = [socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(MOST_AT_ONCE + 2)]
    for one in silent:
        one.settimeout(2)
        one.connect(str(tmp_path / SOCKET))
        one.send(framed(b'{"open": []}')[:6])
        qtbot.wait(1)
    assert hand_over(tmp_path, [])
    qtbot.waitUntil(lambda: bool(got), timeout=5_000)
    assert got == [[]]
    silent[-1].send(framed(b'{"open": []}')[6:])
    qtbot.waitUntil(lambda: len(got) == 2, timeout=5_000)
    assert silent[0].recv(1) == b"", "the first of too many silent ones made room"
    first.close()
    assert silent[-2].recv(1) == b""
    for one in silent:
        one.close()


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (98_362_432, "98 MB"), (2_019_000_000, "2.0 GB")],
)
def test_sizes_are_said_as_file_managers_do(size: int, words: str) -> None:
    assert bytes_in_words(size).replace("\u00a0", " ") == words


def test_counts_and_durations_are_said_plainly() -> None:
    assert count_in_words(8192) == "8,192"
    assert seconds_in_words(0.24).replace("\u00a0", " ") == "0.2 s"
    assert seconds_in_words(300).replace("\u00a0", " ") == "5 min"
