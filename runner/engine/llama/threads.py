"""How many threads compute, chosen by measuring and changed while an answer is written.

llama.cpp's threads wait for each other some thousand times a token. Where another program holds
one of their cores, all wait for the one that was put aside: on two cores with one of them busy, two
threads were seen to make one token a second where a single thread makes thirty. So the number
follows what is free, and what is measured decides: a change upwards is a trial, an evaluation that
takes far longer than it should is broken off and done again with fewer threads.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

LOOK_EVERY_S = 0.2
"""How often the signs of a busy or a free core are looked at."""

_TRIAL_TOKENS = 3
_TRIAL_S = 0.05

_CROWDED = 0.9  # of the processor time that the threads could have had
_WORTH_IT = 0.97  # of the time a token took before: less of a gain is noise
_SLOW_IN_TRIAL = 1.3  # of it: the trial is broken off
_SLOW = 3.0  # of what a token takes: some thread was put aside
_LEAST_PATIENCE_S = 0.03
_PROMPT_PATIENCE_S = 0.3
_SOONEST_AGAIN_S, _LATEST_AGAIN_S = 0.05, 1.5  # a hiccup is forgiven at once, a load is not
_ROUNDING = 0.35  # of a core that others may use while we still count it as free

BusyMeter = Callable[[], float | None]
"""Says how many cores other programs keep busy; None where unknown."""


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


@dataclass(frozen=True)
class _Trial:
    back_to: int
    before_s: float


class ThreadPolicy:
    """Chooses the number of threads for the next evaluation from how the last ones went.

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
        self._token_core_s = 0.0
        self._prompt_core_s = 0.0
        self._clock_s = 0.0
        self._next_rise_s = 0.0
        self._wait_s = _SOONEST_AGAIN_S
        self._busy_at_last_rise = 0.0
        self._failed_with = 0

    @property
    def adapts(self) -> bool:
        """Says whether the number can change at all."""
        return not self._fixed and self._most > 1

    def begin(self) -> int:
        """Starts an answer: what other programs do now decides, for old measurements are stale."""
        if not self._fixed:
            busy = self._meter()
            if busy is not None:
                self.threads = self._free(busy)
            self._trial = None
            self._window = _Window()
            self._wait_s = _SOONEST_AGAIN_S
            self._next_rise_s = self._clock_s
            self._failed_with = 0
        return self.threads

    def learn(self, token_core_s: float) -> None:
        """Takes what one token takes on one thread, before anything else is known."""
        self._token_core_s = token_core_s

    def patience_s(self, tokens: int) -> float | None:
        """How long an evaluation may take before it is broken off; None for as long as it takes.

        Args:
            tokens: how many are evaluated at once.
        """
        if self._fixed or self.threads == 1:
            return None
        if tokens > 1:
            core_s = self._prompt_core_s or self._token_core_s
            expected = core_s * tokens / self.threads
            return expected * _SLOW + _PROMPT_PATIENCE_S if core_s else None
        if self._trial:
            return self._trial.before_s * _SLOW_IN_TRIAL
        if self._window.seconds:
            typical = self._window.typical_s
        else:
            typical = self._token_core_s / self.threads
        return max(typical * _SLOW, typical + _LEAST_PATIENCE_S) if typical else None

    def overran(self) -> None:
        """Takes note that an evaluation was broken off: fewer threads do it again."""
        busy = self._meter()
        back_to = self._trial.back_to if self._trial else self.threads - 1
        fewer = back_to if busy is None else min(back_to, self._free(busy))
        self._wait_longer()
        self._busy_at_last_rise = self._most if busy is None else busy
        self._settle(max(1, fewer))

    def note_prompt(self, tokens: int, seconds: float) -> None:
        """Takes the time of an evaluation of several tokens."""
        self._clock_s += seconds
        self._prompt_core_s = seconds * self.threads / tokens

    def note(self, seconds: float, processor_seconds: float) -> None:
        """Takes the time of a token and the processor time it took."""
        self._clock_s += seconds
        self._token_core_s = seconds * self.threads
        if self._fixed:
            return
        self._window.add(seconds, processor_seconds)
        if self._trial:
            self._judge(self._trial)
        elif self._window.total_s >= min(LOOK_EVERY_S, self._wait_s):
            self._look()

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
            if self.threads >= self._failed_with:
                self._wait_s = _SOONEST_AGAIN_S
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
        if len(window.seconds) < _TRIAL_TOKENS or window.total_s < _TRIAL_S:
            return
        if window.typical_s < trial.before_s * _WORTH_IT:
            self._settle(self.threads)
        else:
            if self.threads > trial.back_to:
                self._wait_longer()
            self._settle(trial.back_to)

    def _wait_longer(self) -> None:
        self._wait_s = min(self._wait_s * 2, _LATEST_AGAIN_S)
        self._failed_with = self.threads

    def _settle(self, threads: int) -> None:
        self.threads = threads
        self._next_rise_s = self._clock_s + self._wait_s
        self._trial = None
        self._window = _Window()

    def _free(self, busy: float) -> int:
        return min(self._most, max(1, math.floor(self._most - busy + _ROUNDING)))
