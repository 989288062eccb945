"""When a fetch tries again by itself, and after how long."""

from runner.errors import RunnerError

STEPS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Between tries that brought nothing; the last one is repeated for as long as it takes."""

PORTAL_S = 20.0
"""Between tries while something stands between: somebody has to log in to a network first."""

ROOM = frozenset({"fetch.no_space", "store.disk_full"})
"""A disk is full: the one that the file goes to, or the one that it is written down on."""

ROOM_S = 15.0
"""Between looks at a full disk."""

AGAIN = frozenset(
    {
        "courier.not_reached",
        "courier.stalled",
        "courier.cut_off",
        "courier.declined",
        "courier.hub_error",
        "courier.wrong_range",
        "courier.too_slow",
        "courier.lost",
        "store.in_use",
    }
)
BETWEEN = frozenset(
    {
        "courier.not_the_hub",
        "courier.proxy_failed",
        "courier.tls",
        "courier.tls_date",
        "courier.tls_name",
    }
)
ONCE_MORE = frozenset({"fetch.wrong_hash", "courier.too_long", "fetch.cannot_write"})
"""Damage on the way is worth one more try from the beginning; a second time it is no accident. A
folder that was made anew is one that the courier may write in only once it is started anew."""

PASSING = frozenset({408, 425})
"""Refusals of a server that may answer otherwise in a moment."""

OFFLINE = frozenset({"network.offline", "network.stopped", "network.declined"})
MOST_WRONG_RANGES = 3


class Patience:
    """Decides for one fetch; forgets past failures whenever bytes come."""

    def __init__(self) -> None:
        self._failures = 0
        self._wrong = 0
        self._wrong_ranges = 0

    def bytes_came(self) -> None:
        """Hears that the fetch gets on."""
        self._failures = 0

    def wait(self, error: RunnerError) -> float | None:
        """Returns in how many seconds to try again; None where trying again helps nobody."""
        if error.code == "courier.rate_limited":
            seconds = error.context.get("seconds", STEPS_S[-1])
            return max(1.0, float(seconds))
        if error.code in BETWEEN:
            return PORTAL_S
        if error.code in ROOM:
            return ROOM_S
        if error.code in ONCE_MORE:
            self._wrong += 1
            return STEPS_S[0] if self._wrong == 1 else None
        if error.code == "courier.wrong_range":
            self._wrong_ranges += 1
            if self._wrong_ranges > MOST_WRONG_RANGES:
                return None
        if error.code == "courier.declined" and error.context.get("status", 0) not in PASSING:
            return None
        if error.code in AGAIN:
            step = STEPS_S[min(self._failures, len(STEPS_S) - 1)]
            self._failures += 1
            return step
        return None
