"""What the first paint goes without: made afterwards, a part at a time."""

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Slot


class LateParts(QObject):
    """Makes one part in each turn of the event loop, so that keys are answered in between.

    Owned by: the window process. Thread: GUI.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Callable[[], object]] = deque()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._make_one)

    def make(self, parts: Iterable[Callable[[], object]]) -> None:
        """Makes these once what is waiting now has been answered."""
        self._waiting.extend(parts)
        self._timer.start()

    def stop(self) -> None:
        """Makes nothing more: the window closes."""
        self._waiting.clear()
        self._timer.stop()

    @Slot()
    def _make_one(self) -> None:
        if self._waiting:
            self._waiting.popleft()()
        if not self._waiting:
            self._timer.stop()
