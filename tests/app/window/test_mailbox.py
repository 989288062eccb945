"""The mailbox: order, batches, and that an idle window sleeps."""

import gc
import threading
import time
import weakref
from concurrent.futures import Future

from PySide6.QtCore import QObject

from app.mailbox import INTERVAL_MS, Mailbox


def test_events_of_another_thread_arrive_here_in_order(qtbot) -> None:
    mailbox = Mailbox()
    got: list[tuple[int, int]] = []
    mailbox.arrived.connect(lambda events: got.extend((e, threading.get_ident()) for e in events))
    thread = threading.Thread(target=lambda: [mailbox.put(number) for number in range(2000)])
    thread.start()
    qtbot.waitUntil(lambda: len(got) == 2000, timeout=5_000)
    thread.join()
    assert [number for number, _ in got] == list(range(2000))
    assert {where for _, where in got} == {threading.get_ident()}
    mailbox.close()


def test_calls_and_events_keep_their_order(qtbot) -> None:
    mailbox = Mailbox()
    said: list[object] = []
    mailbox.arrived.connect(said.extend)
    mailbox.put(1)
    mailbox.post(lambda: said.append("call"))
    mailbox.put(2)
    qtbot.waitUntil(lambda: len(said) == 3, timeout=2_000)
    assert said == [1, "call", 2]
    mailbox.close()


def test_a_burst_comes_in_few_batches(qtbot) -> None:
    mailbox = Mailbox()
    batches: list[int] = []
    mailbox.arrived.connect(lambda events: batches.append(len(events)))

    def stream() -> None:
        for number in range(200):
            mailbox.put(number)
            time.sleep(0.001)

    thread = threading.Thread(target=stream)
    thread.start()
    qtbot.waitUntil(lambda: sum(batches) == 200, timeout=5_000)
    thread.join()
    assert len(batches) < 100
    mailbox.close()


def test_a_call_that_fails_is_reported_and_the_next_one_runs(qtbot, monkeypatch) -> None:
    mailbox = Mailbox()
    reported: list[type] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: reported.append(kind))
    after: list[int] = []
    mailbox.post(lambda: 1 / 0)
    mailbox.post(lambda: after.append(1))
    qtbot.waitUntil(lambda: after == [1], timeout=2_000)
    assert reported == [ZeroDivisionError]
    mailbox.close()


def test_nothing_runs_while_nothing_arrives(qtbot) -> None:
    mailbox = Mailbox()
    mailbox.put(1)
    qtbot.waitSignal(mailbox.arrived, timeout=2_000).wait()
    qtbot.wait(50)
    assert not mailbox._timer.isActive()
    mailbox.close()


def test_what_was_put_before_the_end_is_handed_over_and_nothing_after(qtbot) -> None:
    mailbox = Mailbox()
    got: list[object] = []
    mailbox.arrived.connect(got.extend)
    mailbox.put("before")
    mailbox.close()
    mailbox.put("after")
    assert got == ["before"]


def test_a_drain_that_was_due_does_not_outlive_the_close(qtbot) -> None:
    mailbox = Mailbox()
    heard: list[object] = []
    mailbox.arrived.connect(heard.extend)
    mailbox.put("first")
    qtbot.waitUntil(lambda: heard == ["first"])
    mailbox.put("second")
    mailbox._on_bell()  # so soon after the last time that a timer is to drain it
    mailbox.close()
    assert heard == ["first", "second"]
    mailbox.put("third")
    qtbot.wait(2 * INTERVAL_MS)
    assert heard == ["first", "second"]


class Waiting(QObject):
    """As a dialog that waits for the store, and that nobody else holds."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[int] = []

    def hear(self, over: "Future[int]") -> None:
        self.heard.append(over.result())


def test_a_futures_end_is_told_here(qtbot) -> None:
    mailbox, waiting, future = Mailbox(), Waiting(), Future[int]()
    mailbox.when(future, waiting.hear)
    threading.Thread(target=future.set_result, args=[7]).start()
    qtbot.waitUntil(lambda: waiting.heard == [7], timeout=5_000)
    mailbox.close()


def test_whoever_ends_a_future_holds_nobody_that_waits(qtbot) -> None:
    """The store's thread keeps its last future until the next; a widget ended there is a crash."""
    mailbox, future = Mailbox(), Future[int]()
    waiting = [Waiting()]
    mailbox.when(future, waiting[0].hear)
    future.set_result(7)
    qtbot.waitUntil(lambda: waiting[0].heard == [7], timeout=5_000)
    gone = weakref.ref(waiting.pop())
    gc.collect()
    assert gone() is None
    assert future.done()
    mailbox.close()


def test_work_is_done_aside_and_its_end_is_told_here(qtbot) -> None:
    mailbox = Mailbox()
    told: list[tuple[object, int]] = []

    def then(done: "Future[int]") -> None:
        told.append((done.exception() or done.result(), threading.get_ident()))

    def fail() -> int:
        raise OSError("no room")

    mailbox.aside("work", threading.get_ident, then)
    qtbot.waitUntil(lambda: len(told) == 1, timeout=5_000)
    mailbox.aside("work", fail, then)
    qtbot.waitUntil(lambda: len(told) == 2, timeout=5_000)
    here = threading.get_ident()
    assert told[0][0] != here
    assert str(told[1][0]) == "no room"
    assert {where for _, where in told} == {here}
    mailbox.close()
