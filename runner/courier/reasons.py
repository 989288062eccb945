"""Why each errand is done, kept from before it begins until its last line has been written."""

import itertools
import threading

from runner.courier.with_gate import Reason

MARGIN = 256
"""So many errands later a line of one that is over can still have its reason: what the gate announced last
may come after the answer."""

UNKNOWN = Reason(why="no reason was given")


class Reasons:
    """Gives errands their numbers and remembers their reasons.

    Errands are done one after the other, in the order of their numbers: with each that is over, all before
    it are. So one that was given up, of whose end nobody hears, is forgotten with the next, and however
    many wait, each keeps its reason.

    Thread: any.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._newest = 0
        self._kept: dict[int, Reason] = {}

    def number(self) -> int:
        """Returns the number of a new errand."""
        with self._lock:
            self._newest = next(self._numbers)
            return self._newest

    def keep(self, errand: int, reason: Reason) -> None:
        """Takes the reason of an errand, before it is asked for."""
        with self._lock:
            self._kept[errand] = reason

    def of(self, errand: int) -> Reason:
        """Returns the reason of an errand, for each of its lines."""
        with self._lock:
            return self._kept.get(errand, UNKNOWN)

    def over(self, errand: int) -> None:
        """Hears that an errand is over, and so is each before it."""
        with self._lock:
            self._forget_until(errand)

    def all_over(self) -> None:
        """Hears that none is under way and none waits."""
        with self._lock:
            self._forget_until(self._newest)

    def _forget_until(self, errand: int) -> None:
        late = errand - MARGIN
        while self._kept and (first := next(iter(self._kept))) <= late:
            del self._kept[first]
