"""What systems do differently with a pipe: waiting for it with a limit, and finding it broken."""

import errno
import os
import select
import sys


def has_come(descriptor: int, patience_s: float | None = None) -> bool:
    """Says whether there is something to read, or the end; False once patience has run out.

    On Windows a limit holds for reading ends that can be waited for alone (`windows_pipes.pipe`).
    """
    if sys.platform == "win32":
        from runner.channel import windows_pipes

        return windows_pipes.has_come(descriptor, patience_s)
    else:
        return _polled(descriptor, select.POLLIN, patience_s)


def has_room(descriptor: int, patience_s: float | None = None) -> bool:
    """Says whether something can be written; False once patience has run out."""
    if sys.platform == "win32":
        return True  # nobody can tell there; a write waits
    else:
        return _polled(descriptor, select.POLLOUT, patience_s)


def write(descriptor: int, data: bytes | bytearray | memoryview) -> int:
    """Writes to a pipe; returns how many bytes it took.

    Raises:
        BrokenPipeError: nobody reads it any more.
    """
    try:
        return os.write(descriptor, data)
    except OSError as error:
        if sys.platform == "win32" and error.errno == errno.EINVAL:  # its word for that
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)) from error
        raise


def never_wait(descriptor: int) -> None:
    """Has a read or write say so where it would have to wait.

    Raises:
        OSError: this system's pipes can't.
    """
    if not hasattr(os, "set_blocking"):
        raise OSError(errno.ENOTSUP, "pipes wait on this system")
    os.set_blocking(descriptor, False)


def pipe_of_a_loop() -> tuple[int, int]:
    """Returns a pipe's two ends, the reading one first: a loop can wait for it, and neither waits."""
    if sys.platform == "win32":
        from runner.channel import windows_pipes

        return windows_pipes.pipe(reading_waits=True)
    else:
        reading, writing = os.pipe()
        for end in (reading, writing):
            never_wait(end)
        return reading, writing


if sys.platform != "win32":

    def _polled(descriptor: int, wanted: int, patience_s: float | None) -> bool:
        # Not select: a front end may hold more than 1024 descriptors.
        poll = select.poll()
        poll.register(descriptor, wanted)
        return bool(poll.poll(None if patience_s is None else round(patience_s * 1000)))
