"""What the porter's loop waits with on Windows: pipes, room in pipes, and the ends of processes.

It has the face of a selector of the library, which knows sockets only there. The system notes what is
over in one port (`runner.channel.windows_pipes` begins reads of no bytes); what is noted only wakes the
loop, which then looks at each thing itself. So whatever comes late, or was meant for what is gone, is
looked at in vain and does no harm. Standard library only.
"""

# ruff: noqa: E402, S101 - the first line tells checkers too that nobody else imports the others
import sys

assert sys.platform == "win32"

import _overlapped  # type: ignore[import-not-found]  # it has no stub
import _winapi
import errno
import msvcrt
import selectors
import time
from collections.abc import Callable, Mapping
from typing import Any

from runner.channel import windows_pipes
from runner.channel.windows_pipes import FOREVER_MS, IN_TIME, Stream, available
from runner.porter.windows_start import Started

READING, WRITING = selectors.EVENT_READ, selectors.EVENT_WRITE
THERE_BEFORE = 87
"""What the system says of a pipe that the port has already."""


class LoopStream(Stream):
    """The porter's end of a stream, which never waits.

    Attributes:
        process: the handle of whoever has the other end; 0 where it gets no descriptors.
    """

    def __init__(self, reading: int, writing: int, process: int = 0) -> None:
        super().__init__(reading, writing)
        self.process = process
        self._under_way: Any = None

    def recv_into(self, room: memoryview) -> int:
        """Reads what has come; returns how much that was, 0 at the end.

        Raises:
            BlockingIOError: nothing has.
        """
        there = available(self._reading)
        if there == 0:
            raise BlockingIOError(errno.EAGAIN, "nothing has come")
        return super().recv_into(room[:there]) if there > 0 else 0

    def send(self, data: memoryview) -> int:
        """Hands all of it to the system; returns how much that was.

        Raises:
            BlockingIOError: what was handed over before has not been read yet.
            BrokenPipeError: nobody reads it any more.
        """
        if not self.has_room():
            raise BlockingIOError(errno.EAGAIN, "no room")
        if self._under_way is not None:
            self._under_way.getresult()  # the other side may have gone meanwhile
        self._under_way = _overlapped.Overlapped(0)
        self._under_way.WriteFile(msvcrt.get_osfhandle(self._writing), data)
        return len(data)

    def has_room(self) -> bool:
        """Says whether more can be handed to the system."""
        return self._under_way is None or not self._under_way.pending

    def ends(self) -> tuple[int, int]:
        """Returns the descriptors of both ways."""
        return self._reading, self._writing

    def shutdown(self, how: int) -> None:
        """Says nothing more; what was not read of it is lost."""
        self._under_way = None  # letting go of it ends it, which wants the pipe open
        super().shutdown(how)


class Loop(selectors.BaseSelector):
    """A selector for pipes, streams of them, and processes.

    What is registered is the descriptor of a reading end that can be waited for, a `LoopStream`, or
    a `Started`, which can be read once it has ended. Thread: one.
    """

    def __init__(self) -> None:
        self._keys: dict[object, selectors.SelectorKey] = {}
        self._watched: dict[object, _Pipe | _Process] = {}
        self._port = _overlapped.CreateIoCompletionPort(_overlapped.INVALID_HANDLE_VALUE, 0, 0, 1)

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """Watches something; `events` may be 0 for now."""
        if fileobj in self._keys:
            raise KeyError(f"{fileobj!r} is registered already")
        if isinstance(fileobj, Started):
            self._watched[fileobj] = _Process(fileobj, self._port)
        elif isinstance(fileobj, LoopStream):
            reading, writing = fileobj.ends()
            _join(writing, self._port)
            self._watched[fileobj] = _Pipe(reading, self._port, fileobj.has_room)
        else:
            self._watched[fileobj] = _Pipe(fileobj, self._port, lambda: False)
        return self.modify(fileobj, events, data)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """Watches for something else."""
        key = selectors.SelectorKey(fileobj, -1, events, data)
        self._keys[fileobj] = key
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        """Watches it no more; to be called before it is closed."""
        self._watched.pop(fileobj).let_go()
        return self._keys.pop(fileobj)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Waits until something is ready, or for so long; returns what is, and for what."""
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            while self._noted(0):
                pass
            found = [(key, ready) for key in self._keys.values() if (ready := self._ready(key))]
            left_ms = FOREVER_MS if until is None else round((until - time.monotonic()) * 1000)
            if found or left_ms <= 0:
                return found
            self._noted(left_ms)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        """Returns what is watched."""
        return self._keys

    def close(self) -> None:
        """Watches nothing more."""
        for fileobj in list(self._keys):
            self.unregister(fileobj)
        _winapi.CloseHandle(self._port)

    def _ready(self, key: selectors.SelectorKey) -> int:
        return self._watched[key.fileobj].ready(key.events)

    def _noted(self, patience_ms: int) -> bool:
        """Waits for a note of the system; False where none has come in time."""
        return _overlapped.GetQueuedCompletionStatus(self._port, patience_ms) is not None


class _Pipe:
    """A reading end, and for a stream whether there is room in the other direction."""

    def __init__(self, reading: int, port: int, has_room: Callable[[], bool]) -> None:
        self._reading, self._has_room = reading, has_room
        self._asked: Any = None
        _join(reading, port)

    def ready(self, wanted: int) -> int:
        readable = READING if wanted & READING and self._has_come() else 0
        return readable | (WRITING if wanted & WRITING and self._has_room() else 0)

    def let_go(self) -> None:
        self._asked = None

    def _has_come(self) -> bool:
        """Says whether there is something to read; where not, has the system note when there is."""
        if self._asked is not None and self._asked.pending:
            return False
        self._asked = None
        if available(self._reading):
            return True
        self._asked = windows_pipes.reading_begun(self._reading, noted=False)
        return self._asked is None


class _Process:
    """A process that is waited for."""

    def __init__(self, started: Started, port: int) -> None:
        self._started = started
        self._note = _overlapped.Overlapped(0)  # only its address is used, to be no other's
        self._wait = _overlapped.RegisterWaitWithQueue(
            started.handle, port, self._note.address, FOREVER_MS
        )

    def ready(self, wanted: int) -> int:
        return wanted & READING if self._started.wait(IN_TIME) is not None else 0

    def let_go(self) -> None:
        try:
            _overlapped.UnregisterWait(self._wait)
        except OSError as error:
            if error.winerror != _overlapped.ERROR_IO_PENDING:  # it is telling just now
                raise


def _join(descriptor: int, port: int) -> None:
    """Has a pipe's calls noted in the port, for as long as it is open."""
    if sys.platform == "win32":
        try:
            _overlapped.CreateIoCompletionPort(msvcrt.get_osfhandle(descriptor), port, 0, 0)
        except OSError as error:
            if error.winerror != THERE_BEFORE:
                raise
