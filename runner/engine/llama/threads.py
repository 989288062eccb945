"""How many threads compute, chosen by measuring and changed while an answer is written.

llama.cpp's threads wait for each other some thousand times a token. Where another program holds
one of their cores, all wait for the one that was put aside, and speed falls to a third; with one
thread fewer it falls by that thread's share only. So the number follows what is free, and what is
measured decides: a change is a trial over a few tokens, and stays only where they came faster.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

LOOK_EVERY_S = 0.2
"""How often the signs of a busy or a free core are looked at."""

TRIAL_TOKENS = 3
TRIAL_S = 0.05

_CROWDED = 0.9  # of the processor time that the threads could have had
_WORTH_IT = 0.97  # of the time a token took before: less of a gain is noise
_HOPELESS = 1.4  # of it: the trial ends at once
_SOONEST_AGAIN_S, _LATEST_AGAIN_S = 0.8, 1.6
_ROUNDING = 0.35  # of a core that others may use while we still count it as free

BusyMeter = Callable[[], float | None]
"""Says how many cores other programs kept busy since the last call; None where unknown."""


@dataclass
class _Window:
    """Tokens measured with one number of threads."""

    seconds: list[float] = field(default_factory=list)
    processor_seconds: float = 0.0

    def add(self, seconds: float, processor_seconds: float) -> None:
        self.seconds.append(seconds)
        self.processor_seconds += processor_seconds

    @property
    def total_s(self) -> float:
        return sum(self.seconds)

    @property
    def typical_s(self) -> float:
        return median(self.seconds)


@dataclass
class _Trial:
    back_to: int
    before_s: float


class ThreadPolicy:
    """Chooses the number of threads for the next token from how the last ones went.

    Args:
        most: threads that make sense on this machine, mostly its cores.
        fixed: a number that the person set, which is then never changed; 0 to adapt.
        meter: how busy other programs keep the cores.
    """

    def __init__(self, most: int, fixed: int, meter: BusyMeter) -> None:
        self._most = max(1, most)
        self._fixed = fixed > 0
        self._meter = meter
        self.threads = fixed if self._fixed else self._most
        self._window = _Window()
        self._trial: _Trial | None = None
        self._clock_s = 0.0
        self._next_rise_s = 0.0
        self._wait_s = _SOONEST_AGAIN_S
        self._busy_at_last_rise = 0.0

    def begin(self) -> int:
        """Starts an answer: what other programs do now decides, for old measurements are stale."""
        if not self._fixed:
            busy = self._meter()
            if busy is not None:
                self.threads = self._free(busy)
            self._trial = None
            self._window = _Window()
            self._next_rise_s = self._clock_s
            self._wait_s = _SOONEST_AGAIN_S
        return self.threads

    def note(self, seconds: float, processor_seconds: float) -> int:
        """Takes the time of a token and the processor time it took; returns the threads to use."""
        if self._fixed:
            return self.threads
        self._clock_s += seconds
        self._window.add(seconds, processor_seconds)
        if self._trial:
            self._judge(self._trial)
        elif self._window.total_s >= LOOK_EVERY_S and len(self._window.seconds) >= TRIAL_TOKENS:
            self._look()
        return self.threads

    def _look(self) -> None:
        window, busy = self._window, self._meter()
        share = window.processor_seconds / (window.total_s * self.threads)
        if self.threads > 1 and share < _CROWDED:
            fewer = self.threads - 1 if busy is None else min(self._free(busy), self.threads - 1)
            self._try(max(1, fewer))
        elif self.threads < self._most and self._may_rise(busy):
            self._busy_at_last_rise = self._most if busy is None else busy
            more = self.threads + 1 if busy is None else max(self._free(busy), self.threads + 1)
            self._try(more)
        else:
            self._window = _Window()

    def _may_rise(self, busy: float | None) -> bool:
        if busy is None:
            return self._clock_s >= self._next_rise_s
        if self._free(busy) <= self.threads:
            return False
        relieved = busy < self._busy_at_last_rise - _ROUNDING
        return relieved or self._clock_s >= self._next_rise_s

    def _try(self, threads: int) -> None:
        self._trial = _Trial(back_to=self.threads, before_s=self._window.typical_s)
        self.threads = threads
        self._window = _Window()

    def _judge(self, trial: _Trial) -> None:
        window = self._window
        hopeless = min(window.seconds) > trial.before_s * _HOPELESS
        long_enough = len(window.seconds) >= TRIAL_TOKENS and window.total_s >= TRIAL_S
        if not (hopeless or long_enough):
            return
        rising = self.threads > trial.back_to
        if not hopeless and window.typical_s < trial.before_s * _WORTH_IT:
            self._wait_s = _SOONEST_AGAIN_S
        else:
            self.threads = trial.back_to
            if rising:
                self._wait_s = min(self._wait_s * 2, _LATEST_AGAIN_S)
        self._next_rise_s = self._clock_s + self._wait_s
        self._trial = None
        self._window = _Window()

    def _free(self, busy: float) -> int:
        return min(self._most, max(1, math.floor(self._most - busy + _ROUNDING)))
