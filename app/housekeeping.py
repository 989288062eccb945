"""Keeps the cyclic garbage collector on the GUI thread.

Python collects wherever the next allocation happens. On a child's reading thread it would then
destroy Qt objects that belong to the GUI thread, which crashes. So the collector is switched off
and a timer of the GUI thread does its work, the costly full pass only while nothing is streaming.
"""

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1000
YOUNG_LIMIT = 700
"""Allocations after which the youngest generation is looked at: Python's own threshold."""
FULL_EVERY = 30
"""Passes between two full collections while idle."""


class Housekeeping(QObject):
    """Collects garbage on this thread from now on.

    Args:
        parent: lives at most as long.
        is_busy: says whether something streams, in which case a full pass waits.
    """

    def __init__(self, parent: QObject | None, is_busy: Callable[[], bool]) -> None:
        super().__init__(parent)
        self._is_busy = is_busy
        self._passes = 0
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.tidy)
        self._timer.start()

    def settle(self) -> None:
        """Sets aside what the start has made: it stays, so no pass need look at it again.

        Without a pass before it, which would keep the window waiting for longer than a frame to find
        a few hundred dead objects; those stay, too.
        """
        gc.freeze()

    def tidy(self) -> None:
        """Collects as much as the time allows."""
        self._passes += 1
        if not self._is_busy() and self._passes >= FULL_EVERY:
            self._passes = 0
            gc.collect(2)
        elif gc.get_count()[0] > YOUNG_LIMIT:
            gc.collect(1 if gc.get_count()[1] > 10 else 0)
