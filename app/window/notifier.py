"""Tells the GUI thread that there is something to read: of a local socket, or on Windows of a pipe."""

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier

if TYPE_CHECKING:
    from runner.channel.packets import Stream

if sys.platform == "win32":
    import contextlib
    import threading
    from collections.abc import Callable

    from PySide6.QtCore import Signal

    from runner.channel.waiting import has_come
    from runner.channel.windows_door import Listener

    STEP_S = 0.5

    class Notifier(QObject):
        """As Qt's for sockets, which takes no pipes: a thread waits, and says so once for each time.

        Thread: GUI.
        """

        activated = Signal()
        _ready = Signal()

        def __init__(self, watched: "Stream | Listener", parent: QObject) -> None:
            super().__init__(parent)
            self._go_on, self._over = threading.Semaphore(1), threading.Event()
            self._ready.connect(self._tell)
            wait = _waiting_for(watched)
            threading.Thread(target=self._wait, args=(wait,), name="knocks", daemon=True).start()

        def setEnabled(self, is_wanted: bool) -> None:
            """Ends the thread where it is not wanted, at its next look at the latest."""
            if not is_wanted:
                self._over.set()
                self._go_on.release()

        def _wait(self, has_something: "Callable[[], bool]") -> None:
            while self._go_on.acquire() and not self._over.is_set():
                # What can't be waited for any more says so when it is read.
                with contextlib.suppress(OSError):
                    while not has_something() and not self._over.is_set():
                        pass
                with contextlib.suppress(RuntimeError):  # it has gone meanwhile
                    self._ready.emit()

        def _tell(self) -> None:
            if not self._over.is_set():
                self.activated.emit()
                self._go_on.release()

    def _waiting_for(watched: "Stream | Listener") -> "Callable[[], bool]":
        if isinstance(watched, Listener):
            return lambda: watched.has_come(STEP_S)
        return lambda: has_come(watched.fileno(), STEP_S)

    def notifier(watched: "Stream | Listener", parent: QObject) -> Notifier:
        """Returns what tells that something can be read, or that somebody has knocked."""
        return Notifier(watched, parent)

else:
    Notifier = QSocketNotifier

    def notifier(watched: "Stream", parent: QObject) -> QSocketNotifier:
        """Returns what tells that something can be read, or that somebody has knocked."""
        return QSocketNotifier(watched.fileno(), QSocketNotifier.Type.Read, parent)
