"""How often a process is listened to, so that whoever was taken over can't keep a window busy."""

import time
from collections.abc import Callable


class Budget:
    """How many messages of a process are taken: so many a second, and so many at once.

    Args:
        burst: so many at once; a tenth of it comes back each second.
    """

    def __init__(self, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._burst = burst
        self._left = float(burst)
        self._at = clock()

    def take(self) -> bool:
        """Says whether one more is within it."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._burst / 10)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
