"""Helpers: further connections for one large file, as long as they make it come faster.

Servers and networks often give each connection less than the line could take. The first
connection goes on as it would alone; from what is measured while it runs, helpers fetch stretches
further on, one after the other is added, and the one that brought nothing is taken back. Where the
server refuses a helper, or limits, all of them stop.
"""

import threading
import time
from collections.abc import Callable

from runner.courier.part import PartFile
from runner.courier.stripes import STRIPE, Stripe, stripe_at, take_in
from runner.protocol.courier import MOST_CONNECTIONS

LOOK_S = 1.5
"""How long a speed is measured before something is decided from it."""

FAST = 40_000_000
"""Bytes a second from which on one connection is enough: the disk and the hash are next."""

LEAST_STRIPES = 4
"""A file with less left than so many stretches is done before a helper is worth its start."""

SHARE = 0.5
"""How much of what a further connection could bring at best it must bring, to stay."""

BETWEEN_S = 0.05

Fetch = Callable[[Stripe, int, Callable[[], bool]], None]
"""Fetches a stretch up to a place in the file, until it is unwanted."""


class _Helper:
    """One further connection. Thread: its own, but for `unwanted`."""

    def __init__(self) -> None:
        self.unwanted = False
        self.thread: threading.Thread | None = None


class Team:
    """The helpers of one file.

    Thread: the work thread; helpers have one each and touch nothing but their own stretch.

    Args:
        part: what the helpers work ahead of.
        fetch: fetches a stretch.
        most: connections at once, the first one included.
    """

    def __init__(self, part: PartFile, fetch: Fetch, most: int = MOST_CONNECTIONS) -> None:
        self._part = part
        self._fetch = fetch
        self._most = most
        self._lock = threading.Lock()
        self._helpers: list[_Helper] = []
        self._open: dict[int, Stripe] = {}
        self._closed_bytes = 0
        self._next = 0
        self._first = part.size
        self._failed = False
        self._with_own = True
        self._settled = most < 2
        self._windows = 0
        self._received = 0
        self._since = time.monotonic()
        self._bytes_then = 0
        self._base = 0.0
        self._helps = True

    @property
    def first(self) -> int:
        """Where the first stretch of a helper begins; the file's length where there is none."""
        return self._first

    @property
    def is_at_work(self) -> bool:
        """Whether any helper still fetches."""
        return any(one.thread is not None and one.thread.is_alive() for one in self._helpers)

    @property
    def is_wanted(self) -> bool:
        """Whether helpers may be tried again: none was refused, or brought too little."""
        return self._helps and not self._failed

    def look(self, received: int) -> None:
        """Decides from the speed, now and then; `received` is what the first connection brought."""
        now = time.monotonic()
        if self._settled or now - self._since < LOOK_S:
            return
        if self._failed:
            self._settle(alone=True)
            return
        self._received = received
        total = received + self._helped()
        speed = (total - self._bytes_then) / (now - self._since)
        self._since, self._bytes_then = now, total
        self._windows += 1
        if self._windows < 2:
            return  # connections begin slowly
        self._windows = 0
        count = len(self._helpers) + (1 if self._with_own else 0)
        if count > 1 and speed < self._base * (1 + SHARE / (count - 1)):
            self._helpers[-1].unwanted = True
            self._settle(alone=count == 2)
        elif speed >= FAST or count >= self._most or not self._grow():
            self._settled = True
        self._base = speed

    def follow(self, unwanted: Callable[[], bool]) -> None:
        """Hashes what the helpers bring, in order, once the first connection has reached it.

        Returns where nothing more can be done without it: all is here, or there is a gap.
        """
        self._with_own = False
        if self.is_at_work:
            self._grow()
        # What is measured across the change would count the start of a connection against it.
        self._since, self._bytes_then = time.monotonic(), self._received + self._helped()
        self._windows = 0
        while not unwanted() and self._part.length < self._part.size:
            at_work = self.is_at_work
            next_one = take_in(self._part, unwanted, lambda start: start in self._open)
            if next_one < self._part.size or not at_work:
                break  # a helper has left a gap, or none is left
            if self._failed:
                self._settle(alone=True)
            self.look(self._received)
            time.sleep(BETWEEN_S)
        self.stop()

    def stop(self) -> None:
        """Has every helper end; what they brought stays."""
        for helper in self._helpers:
            helper.unwanted = True
        for helper in self._helpers:
            if helper.thread is not None:
                helper.thread.join()

    def _settle(self, *, alone: bool) -> None:
        self._settled = True
        if alone:
            self._helps = False
            for helper in self._helpers:
                helper.unwanted = True

    def _grow(self) -> bool:
        """Adds a helper where there is enough left for one."""
        part = self._part
        with self._lock:
            if not self._next:
                self._next = part.length + STRIPE
            if part.size - self._next < (LEAST_STRIPES - 1 if self._with_own else 1) * STRIPE:
                return False
        helper = _Helper()
        begun = self._take()
        self._first = min(self._first, begun.start)
        helper.thread = threading.Thread(
            target=self._work, args=(helper, begun), name="helper", daemon=True
        )
        self._helpers.append(helper)
        helper.thread.start()
        return True

    def _take(self) -> Stripe:
        """Gives out the next stretch."""
        with self._lock:
            stripe = stripe_at(self._part.path, self._next)
            self._next = min(self._part.size, self._next + STRIPE)
            self._open[stripe.start] = stripe
        return stripe

    def _work(self, helper: _Helper, stripe: Stripe) -> None:
        while True:
            end = min(self._part.size, stripe.start + STRIPE)
            try:
                self._fetch(stripe, end, lambda: helper.unwanted)
            except Exception:  # noqa: BLE001 - the first connection goes on, and tells what is wrong
                self._failed = True
            with self._lock:
                self._closed_bytes += stripe.held()
                del self._open[stripe.start]
            if helper.unwanted or self._failed or self._next >= self._part.size:
                return
            stripe = self._take()

    def _helped(self) -> int:
        """Returns how many bytes the helpers have brought so far."""
        with self._lock:
            return self._closed_bytes + sum(one.held() for one in self._open.values())
