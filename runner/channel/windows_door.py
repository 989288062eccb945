"""A place where other programs of this person knock, on Windows: a pipe with a name.

What a local socket below a person's folder is elsewhere. The system lets others read from such a pipe at
most, and a connection wants both ways; nobody from afar gets one. Standard library only.
"""

# ruff: noqa: E402, S101 - the first line tells checkers too that nobody else imports the others
import sys

assert sys.platform == "win32"

import _overlapped  # type: ignore[import-not-found]  # it has no stub
import _winapi
import errno
import hashlib
import msvcrt
import os
import time
from pathlib import Path
from typing import Any

from runner.channel.waiting import has_come
from runner.channel.windows_pipes import (
    ALONE,
    FOREVER_MS,
    IN_TIME,
    NOT_FROM_AFAR,
    OVERLAPPED,
    ROOM,
    THERE_ALREADY,
    WRITE,
    Stream,
    available,
    opened,
)

BOTH_WAYS, READ, MOST = 0x3, 0x80000000, 16
LOOK_S = 0.02
CLOSED = -1


class Connection(Stream):
    """Both ways of a pipe with a name. A read may be waited for with a limit; a write never waits long.

    Thread: one.
    """

    def __init__(self, handle: int) -> None:
        descriptor = opened(handle)
        super().__init__(descriptor, os.dup(descriptor))
        self._patience_s: float | None = None
        self._under_way: Any = None

    def setblocking(self, flag: bool) -> None:
        """Says whether a read waits."""
        self.settimeout(None if flag else 0.0)

    def settimeout(self, seconds: float | None) -> None:
        """Says how long a read or a write waits at most."""
        self._patience_s = seconds

    def recv_into(self, room: memoryview) -> int:
        """Reads what there is; returns how much that was, 0 at the end.

        Raises:
            BlockingIOError: it does not wait, and nothing has come.
            TimeoutError: nothing has come in time.
        """
        if not available(self.fileno()) and self._patience_s == 0:
            raise BlockingIOError(errno.EAGAIN, "nothing has come")
        if not has_come(self.fileno(), self._patience_s):
            raise TimeoutError("nothing has come in time")
        there = available(self.fileno())
        return super().recv_into(room[:there]) if there > 0 else 0

    def send(self, data: memoryview) -> int:
        """Hands all of it to the system once it has taken what was sent before.

        Raises:
            BlockingIOError: it does not wait, and the other side has not read that.
            TimeoutError: the other side has not read that in time.
            BrokenPipeError: it is gone.
        """
        if self._under_way is not None:
            if self._under_way.pending and self._patience_s == 0:
                raise BlockingIOError(errno.EAGAIN, "no room")
            _wait(self._under_way, self._patience_s)
            self._under_way.getresult()
        self._under_way = _overlapped.Overlapped()
        self._under_way.WriteFile(msvcrt.get_osfhandle(self._writing), data)
        return len(data)

    def shutdown(self, how: int) -> None:
        """Says nothing more; what was not read of it is lost."""
        self._under_way = None
        super().shutdown(how)


class Listener:
    """Takes connections. Thread: one waits, any closes.

    Raises:
        OSError: somebody listens at that name already.
    """

    def __init__(self, path: Path) -> None:
        self._name = name_of(path)
        self._next = self._made(first=True)
        self._call: Any = None

    def has_come(self, patience_s: float | None) -> bool:
        """Says whether somebody has knocked, or it was closed; False once patience has run out."""
        if self._next == CLOSED:
            return True
        if self._call is None:
            self._call = _overlapped.Overlapped()
            try:
                if self._call.ConnectNamedPipe(self._next):
                    return True
            except OSError:
                return True  # who knocked has said it all already, and gone
        try:
            _wait(self._call, patience_s)
        except TimeoutError:
            return False
        return True

    def accept(self) -> tuple[Connection, str]:
        """Returns the connection of who has knocked.

        Raises:
            OSError: it went away again.
        """
        self._call, handle = None, self._next
        self._next = self._made()
        return Connection(handle), ""

    def close(self) -> None:
        """Takes no more; may be called twice."""
        handle, self._next = self._next, CLOSED
        if handle != CLOSED:
            _winapi.CloseHandle(handle)

    def _made(self, *, first: bool = False) -> int:
        how = BOTH_WAYS | OVERLAPPED | (ALONE if first else 0)
        return _winapi.CreateNamedPipe(self._name, how, NOT_FROM_AFAR, MOST, ROOM, ROOM, 0, 0)


def knocked(path: Path, patience_s: float | None) -> Connection:
    """Returns a connection to who listens at a name.

    Raises:
        OSError: nobody does, or is busy for longer.
    """
    until = time.monotonic() + (patience_s or 0)
    while True:
        try:
            name = name_of(path)
            handle = _winapi.CreateFile(name, READ | WRITE, 0, 0, THERE_ALREADY, OVERLAPPED, 0)
        except OSError as error:
            if error.winerror != _overlapped.ERROR_PIPE_BUSY or time.monotonic() > until:
                raise
        else:
            return Connection(handle)
        time.sleep(LOOK_S)


def name_of(path: Path) -> str:
    """Returns the pipe's name for a place below a person's own folder."""
    folded = os.path.normcase(os.path.abspath(path))  # noqa: PTH100 - no link is followed
    return rf"\\.\pipe\lightwell-{hashlib.sha256(folded.encode()).hexdigest()[:40]}"


def _wait(call: Any, patience_s: float | None) -> None:
    patience_ms = FOREVER_MS if patience_s is None else round(patience_s * 1000)
    if call.pending and _winapi.WaitForSingleObject(call.event, patience_ms) != IN_TIME:
        raise TimeoutError("not in time")
