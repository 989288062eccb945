"""How fast bytes come, over the last seconds, and how long the rest will take."""

from collections import deque

WINDOW_S = 6.0
STALLED_S = 5.0
"""After so long without a byte a person is told that nothing comes."""


class Speed:
    """Watches how much is there.

    Args:
        now: seconds on any steady clock.
    """

    def __init__(self, now: float, done: int) -> None:
        self._seen: deque[tuple[float, int]] = deque([(now, done)])
        self._last_byte = now

    def saw(self, now: float, done: int) -> bool:
        """Takes note of how much is there; says whether it is more than before."""
        more = done > self._seen[-1][1]
        if more:
            self._last_byte = now
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[0][0] > WINDOW_S:
            self._seen.popleft()
        return more

    def bytes_per_s(self, now: float) -> float:
        """Returns the speed over the last seconds, those without bytes included."""
        (began, first), (_, last) = self._seen[0], self._seen[-1]
        return max(0.0, (last - first) / max(now - began, 0.2))

    def silent_s(self, now: float) -> float:
        """Returns how long no byte has come."""
        return now - self._last_byte
