"""How long the GUI thread keeps an event waiting: a probe for benchmarks that run a window.

A timer of zero length asks for the next turn of the event loop again and again; what lies between
two turns is how long a key press would have waited. Idle turns are short, so the longest and the
99th percentile tell of stalls. The probe itself keeps one core awake: use it only to measure.
"""

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer


@dataclass(frozen=True)
class Stalls:
    """What a probe has seen, in milliseconds.

    Attributes:
        p99_of_stalls: 99th percentile of the turns that took longer than `floor_ms`.
        p99_by_time: for 99 % of the moments, an event would have waited no longer than this.
    """

    turns: int
    seconds: float
    longest: float
    p99_of_stalls: float
    p99_by_time: float
    over_16: int
    over_50: int
    floor_ms: float = 1.0


class StallProbe(QObject):
    """Notes each turn of the event loop from `begin` to `end`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turns: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_turn)

    def begin(self) -> None:
        """Starts to look."""
        self._turns.clear()
        self._last = time.perf_counter()
        self._timer.start()

    def end(self) -> Stalls:
        """Stops and returns what was seen."""
        self._timer.stop()
        return stalls(self._turns)

    def _on_turn(self) -> None:
        now = time.perf_counter()
        self._turns.append((now - self._last) * 1000)
        self._last = now


def stalls(turns: list[float], floor_ms: float = 1.0) -> Stalls:
    """Returns the figures for turns of these lengths in milliseconds."""
    ordered = sorted(turns)
    if not ordered:
        return Stalls(0, 0.0, 0.0, 0.0, 0.0, 0, 0, floor_ms)
    long = [turn for turn in ordered if turn > floor_ms]
    total = sum(ordered)
    passed, by_time = 0.0, ordered[-1]
    for turn in ordered:
        passed += turn
        if passed >= 0.99 * total:
            by_time = turn
            break
    return Stalls(
        turns=len(ordered),
        seconds=total / 1000,
        longest=ordered[-1],
        p99_of_stalls=long[min(len(long) - 1, int(0.99 * len(long)))] if long else 0.0,
        p99_by_time=by_time,
        over_16=sum(turn > 16 for turn in ordered),
        over_50=sum(turn > 50 for turn in ordered),
        floor_ms=floor_ms,
    )
