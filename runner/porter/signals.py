"""Signals as readable bytes, so that a loop handles them between other events."""

import contextlib
import os
import selectors
import signal
from collections.abc import Callable, Iterator

from runner.channel.waiting import pipe_of_a_loop

CHILD_ENDED: int = getattr(signal, "SIGCHLD", 0)
HUNG_UP: int = getattr(signal, "SIGHUP", 0)
"""0 where the system has no such signal."""

CAUGHT = tuple(
    number
    for name in ("SIGCHLD", "SIGTERM", "SIGHUP", "SIGINT")
    if (number := getattr(signal, name, None)) is not None
)


@contextlib.contextmanager
def signals_as_bytes(
    selector: selectors.BaseSelector, on_signal: Callable[[int], None]
) -> Iterator[None]:
    """Calls `on_signal` from the selector's loop for each signal that has come.

    Ctrl+C reaches a front end by itself, since both belong to the terminal's group; here it is
    caught only so that it does not end the porter first.
    """
    reading, writing = pipe_of_a_loop()

    def arrived() -> None:
        for number in os.read(reading, 4096):
            on_signal(number)

    before = {number: signal.signal(number, _noted) for number in CAUGHT}
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    selector.register(reading, selectors.EVENT_READ, arrived)
    # A child may have ended before the handler stood.
    on_signal(CHILD_ENDED)
    try:
        yield
    finally:
        selector.unregister(reading)
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(reading)
        os.close(writing)


def _noted(number: int, frame: object) -> None:
    """Does nothing: the byte in the wake-up pipe is what counts."""
