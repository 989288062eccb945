"""Turns the outlet's question *shall I stop?* into a flag that the library reads by itself."""

import threading
from types import TracebackType
from typing import Self

from runner.engine.base import Outlet
from runner.engine.llama.binding import Flag

_LISTEN_S = 0.5


class Stopping:
    """Raises the flag as soon as the person stops the work of its block.

    A thread waits in the outlet, so nothing is polled where tokens are made; it ends by itself soon
    after the block, and raises nothing then.
    """

    def __init__(self, flag: Flag, outlet: Outlet) -> None:
        self._flag = flag
        self._outlet = outlet
        self._lock = threading.Lock()
        self._over = False

    def __enter__(self) -> Self:
        self._flag.lower()
        threading.Thread(target=self._listen, daemon=True, name="stopping").start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._over = True
            self._flag.lower()

    def _listen(self) -> None:
        while not self._over:
            if self._outlet.pause(_LISTEN_S):
                with self._lock:
                    if not self._over:
                        self._flag.raise_()
                return
