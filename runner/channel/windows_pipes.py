"""Pipes of Windows that can be waited for, and two of them as one stream.

An anonymous pipe can't be waited for there beside others, nor with a limit. A named one can, under a
name that nobody knows and that nobody from afar may open: its end is opened for calls that go on while the
caller does something else. A read of no bytes then lasts until there is something to read, or the end.

Standard library only: the porter imports it, on Windows alone.
"""

# ruff: noqa: E402, S101 - the first line tells checkers too that nobody else imports the others
import sys

assert sys.platform == "win32"

import _overlapped  # type: ignore[import-not-found]  # it has no stub
import _winapi
import msvcrt
import os
import threading
from typing import Any

from runner.channel import waiting

ROOM = 64 * 1024
INBOUND, ALONE, OVERLAPPED = 0x1, 0x80000, 0x40000000
"""A pipe that is read here; nobody has made it before; its calls go on by themselves."""
NOT_FROM_AFAR, ONE = 0x8, 1
WRITE, THERE_ALREADY = 0x40000000, 3
FOREVER_MS, IN_TIME = 0xFFFFFFFF, 0


def pipe(*, reading_waits: bool = False, writing_waits: bool = False) -> tuple[int, int]:
    """Returns descriptors of a new pipe's two ends, the reading one first.

    Args:
        reading_waits: the reading end can be waited for.
        writing_waits: the writing end can be written to without waiting.
    """
    name = rf"\\.\pipe\lightwell-{os.getpid()}-{os.urandom(16).hex()}"
    how = INBOUND | ALONE | (OVERLAPPED if reading_waits else 0)
    reading = _winapi.CreateNamedPipe(name, how, NOT_FROM_AFAR, ONE, ROOM, ROOM, 0, 0)
    try:
        how = OVERLAPPED if writing_waits else 0
        writing = _winapi.CreateFile(name, WRITE, 0, 0, THERE_ALREADY, how, 0)
    except OSError:
        _winapi.CloseHandle(reading)
        raise
    return opened(reading), opened(writing)


def opened(handle: int) -> int:
    """Returns a descriptor for a handle, which is closed with it."""
    return msvcrt.open_osfhandle(handle, os.O_BINARY | os.O_NOINHERIT)


def available(descriptor: int) -> int:
    """Returns how many bytes can be read without waiting; -1 at the end."""
    try:
        looked = _winapi.PeekNamedPipe(msvcrt.get_osfhandle(descriptor), 0)
    except OSError:
        return -1
    return looked[-2]


def reading_begun(descriptor: int, *, noted: bool) -> Any:
    """Begins to wait for something to read; returns the call that is under way, None at the end.

    It is `pending` until something has come. Letting go of it ends it.

    Args:
        descriptor: of a reading end that can be waited for.
        noted: its end is noted in an event of its own, else where the pipe belongs to.
    """
    call = _overlapped.Overlapped() if noted else _overlapped.Overlapped(0)
    try:
        call.ReadFile(msvcrt.get_osfhandle(descriptor), 0)
    except OSError:
        return None
    return call


def has_come(descriptor: int, patience_s: float | None) -> bool:
    """Says whether there is something to read, or the end; False once patience has run out."""
    if available(descriptor):
        return True
    call = reading_begun(descriptor, noted=True)
    if call is None or not call.pending:
        return True
    patience_ms = FOREVER_MS if patience_s is None else round(patience_s * 1000)
    return _winapi.WaitForSingleObject(call.event, patience_ms) == IN_TIME


class Stream:
    """A way in and a way out, with as much of a socket as `runner.channel.packets` uses.

    Reading and writing wait. Thread: one reads, one at a time writes.

    Args:
        reading: the descriptor of the way in; closed with this.
        writing: that of the way out.
    """

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._lock = threading.Lock()

    def fileno(self) -> int:
        """Returns the descriptor of the way in."""
        return self._reading

    def setblocking(self, flag: bool) -> None:
        """Does nothing: which end waits was decided when its pipe was made."""

    def recv_into(self, room: memoryview) -> int:
        """Reads what there is; returns how much that was, 0 at the end."""
        data = os.read(self._reading, len(room))
        room[: len(data)] = data
        return len(data)

    def send(self, data: memoryview) -> int:
        """Writes; returns how much of it.

        Raises:
            BrokenPipeError: nobody reads it any more.
        """
        with self._lock:
            return waiting.write(self._writing, data)

    def shutdown(self, how: int) -> None:
        """Says nothing more; whoever is at the other end closes both ways then."""
        with self._lock:
            writing, self._writing = self._writing, -1
        if writing >= 0:
            os.close(writing)

    def close(self) -> None:
        """Closes both ways; may be called twice."""
        self.shutdown(0)
        reading, self._reading = self._reading, -1
        if reading >= 0:
            os.close(reading)
