"""Waiting for a pipe until something has come, but no longer than patience lasts."""

import select
import sys
import time

if sys.platform == "win32":
    import _winapi
    import msvcrt

LOOK_S = 0.01
"""How long Windows sleeps between two looks: a pipe there can't be waited for with a limit."""


def has_come(descriptor: int, patience_s: float) -> bool:
    """Says whether there is something to read, or the end; False once patience has run out."""
    if sys.platform == "win32":
        until = time.monotonic() + patience_s
        while not _is_there(descriptor):
            if time.monotonic() >= until:
                return False
            time.sleep(LOOK_S)
        return True
    else:
        # Not select: a front end may hold more than 1024 descriptors.
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(patience_s * 1000))


if sys.platform == "win32":

    def _is_there(descriptor: int) -> bool:
        try:
            looked = _winapi.PeekNamedPipe(msvcrt.get_osfhandle(descriptor), 0)
        except BrokenPipeError:
            return True  # the other end is closed, which reading tells
        return looked[-2] > 0
