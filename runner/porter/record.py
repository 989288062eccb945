"""What a front end knows of the app's processes: one record, from which everything is shown.

The top bar, the status line and Monitor all read this, so that no two of them can disagree.
Standard library only, like the rest of the porter's own files.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

from runner.porter.wire import Attempt, Facts, Gone, Looked
from runner.values import Value

KEPT_ATTEMPTS = 64
"""How many refused calls of one process are kept besides their count."""


class Seen(Value):
    """What is known of one running process.

    Attributes:
        attempts: the last refused calls, oldest first; there were `refused` in all.
        heard_s: how long ago it said something; -1 where it says nothing to this front end.
        sockets: how many sockets it held when they were last counted, -1 where not known.
        outside: how many of them were no local ones, -1 where not known.
    """

    facts: Facts
    attempts: tuple[Attempt, ...] = ()
    refused: int = 0
    heard_s: float = -1.0
    sockets: int = -1
    outside: int = -1


class Snapshot(Value):
    """What was known at one moment.

    Attributes:
        processes: in the order of their starts; the porter is not among them.
        looked: the last count of sockets; None before the first.
        refused_before: refused calls of processes that have ended.
    """

    processes: tuple[Seen, ...] = ()
    looked: Looked | None = None
    refused_before: int = 0

    @property
    def refused(self) -> int:
        """Every refused call since the app's start."""
        return self.refused_before + sum(seen.refused for seen in self.processes)

    def find(self, *kinds: str) -> Seen | None:
        """Returns the newest process of one of these kinds."""
        found = [seen for seen in self.processes if seen.facts.kind in kinds]
        return found[-1] if found else None


class Record:
    """Keeps what the porter tells. Thread: any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._facts: dict[int, Facts] = {}
        self._totals: dict[int, int] = {}
        self._attempts: dict[int, deque[Attempt]] = {}
        self._looked: Looked | None = None
        self._refused_before = 0

    def keep(self, answer: Facts | Attempt | Looked) -> None:
        """Takes what the porter told."""
        with self._lock:
            match answer:
                case Facts():
                    self._facts[answer.number] = answer
                case Attempt():
                    self._totals[answer.number] = answer.total
                    kept = self._attempts.setdefault(answer.number, deque(maxlen=KEPT_ATTEMPTS))
                    kept.append(answer)
                case Looked():
                    self._looked = answer

    def forget(self, gone: Gone) -> None:
        """Lets an ended process go; its refused calls stay counted."""
        with self._lock:
            self._facts.pop(gone.number, None)
            self._attempts.pop(gone.number, None)
            self._refused_before += self._totals.pop(gone.number, 0)

    def snapshot(self, heard_at: Callable[[int], float]) -> Snapshot:
        """Returns what is known now.

        Args:
            heard_at: by its number, when a process last said something; 0 for never.
        """
        now = time.monotonic()
        with self._lock:
            return Snapshot(
                processes=tuple(self._seen(n, now, heard_at(n)) for n in sorted(self._facts)),
                looked=self._looked,
                refused_before=self._refused_before,
            )

    def _seen(self, number: int, now: float, heard_at: float) -> Seen:
        facts = self._facts[number]
        counts = self._looked.sockets if self._looked else {}
        sockets, outside = counts.get(str(facts.pid), (-1, -1))
        return Seen(
            facts=facts,
            attempts=tuple(self._attempts.get(number, ())),
            refused=self._totals.get(number, 0),
            heard_s=now - heard_at if heard_at else -1.0,
            sockets=sockets,
            outside=outside,
        )
