"""The one door by which other threads reach Qt.

A child's reading threads and the store's thread put what they have here; nothing else of theirs
touches Qt, nor holds what belongs to Qt: whoever lets go of a widget last ends it, on its own thread.
They wake the GUI thread by writing one byte to a socket pair, so that an idle window
sleeps: no timer runs while nothing arrives. Bursts are handed over at most every 33 ms.
"""

import socket
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from itertools import count
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Signal

INTERVAL_MS = 33
"""Shortest time between two hand-overs: two frames of a 60 Hz screen. The first of a burst never waits."""


T = TypeVar("T")


class _Call(msgspec.Struct, frozen=True):
    call: Callable[[], object]


class Mailbox(QObject):
    """Events and calls from other threads, handed over in order on the GUI thread.

    Owned by: the window process. Thread: `put` and `post` from any; everything else GUI.
    """

    arrived = Signal(list)
    """Events since the last hand-over, oldest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: SimpleQueue[object] = SimpleQueue()
        self._wake_end, self._bell = socket.socketpair()
        self._wake_end.setblocking(False)
        self._bell.setblocking(False)
        self._lock = Lock()
        self._rung = False
        self._closed = False
        self._last = 0.0
        self._numbers = count()
        self._promised: dict[int, Callable[[Future[Any]], object]] = {}
        self._notifier = QSocketNotifier(self._wake_end.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_bell)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._drain)

    def put(self, event: object) -> None:
        """Hands `event` to whoever listens to `arrived`; from any thread."""
        self._waiting.put(event)
        self._ring()

    def post(self, call: Callable[[], object]) -> None:
        """Has `call` called on the GUI thread, in order with the events; from any thread."""
        self._waiting.put(_Call(call))
        self._ring()

    def when(self, future: "Future[T]", then: Callable[["Future[T]"], object]) -> None:
        """Calls `then` with `future` once that is over.

        The thread that ends the future holds a number until then, and not `then`, which may belong to
        a widget that nobody else holds any more.
        """
        number = next(self._numbers)
        self._promised[number] = then
        future.add_done_callback(lambda over: self.post(partial(self._keep_promise, number, over)))

    def aside(
        self, name: str, work: Callable[[], T], then: Callable[["Future[T]"], object]
    ) -> None:
        """Has `work` done on a thread of its own, and calls `then` with its future once it is over.

        Args:
            name: the thread's.
            work: touches and holds nothing that belongs to a widget.
            then: called here; what went wrong is in the future.
        """
        future: Future[T] = Future()
        self.when(future, then)
        Thread(target=_work, args=(work, future), name=name, daemon=True).start()

    def close(self) -> None:
        """Hands over what is left, then takes nothing more."""
        self._drain()
        self._promised.clear()
        with self._lock:
            self._closed = True
            self._timer.stop()
            self._notifier.setEnabled(False)
            self._wake_end.close()
            self._bell.close()

    def _ring(self) -> None:
        with self._lock:
            if self._rung or self._closed:
                return
            self._rung = True
            self._bell.send(b"\0")

    def _on_bell(self) -> None:
        """Drains at once when the last time is long enough ago, else when it will be."""
        self._wake_end.recv(1)
        passed_ms = (time.monotonic() - self._last) * 1000
        if passed_ms >= INTERVAL_MS:
            self._drain()
        else:
            self._timer.start(int(INTERVAL_MS - passed_ms) + 1)

    def _drain(self) -> None:
        with self._lock:
            self._rung = False
        self._last = time.monotonic()
        events: list[object] = []
        for item in self._taken():
            if not isinstance(item, _Call):
                events.append(item)
                continue
            self._hand_over(events)
            events = []
            self._run(item.call)
        self._hand_over(events)

    def _keep_promise(self, number: int, over: "Future[Any]") -> None:
        self._promised.pop(number)(over)

    def _taken(self) -> list[object]:
        """What is waiting now; what arrives meanwhile waits for the next time."""
        taken: list[object] = []
        for _ in range(self._waiting.qsize()):
            try:
                taken.append(self._waiting.get_nowait())
            except Empty:
                break
        return taken

    def _hand_over(self, events: list[object]) -> None:
        if events:
            self.arrived.emit(events)

    def _run(self, call: Callable[[], object]) -> None:
        try:
            call()
        except Exception:  # noqa: BLE001 - an edge: one bad call must not lose those behind it
            sys.excepthook(*sys.exc_info())


def _work(work: Callable[[], T], future: "Future[T]") -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - whoever waits for it takes it from the future
        future.set_exception(error)
