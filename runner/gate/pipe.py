"""How bytes of a file get from a server to the courier: within the kernel, where that is possible."""

import contextlib
import fcntl
import os
import select
import socket
from collections.abc import Callable
from typing import Self

CHUNK = 256 * 1024
AT_ONCE = 1024 * 1024
PATIENCE_S = 60.0


class EnoughError(Exception):
    """The courier has closed its end."""


class Pipe:
    """Passes bytes from one socket to another within the kernel: nothing of a file comes in here."""

    def __init__(self) -> None:
        self.works = hasattr(os, "splice")
        self._out = self._in = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for end in (self._out, self._in):
            if end >= 0:
                os.close(end)

    def pass_on(
        self, source: socket.socket, target: socket.socket, counted: Callable[[int], None]
    ) -> int:
        """Passes on what there is; returns how many bytes, none at the end.

        Args:
            source: where bytes are ready.
            target: the courier's end.
            counted: told how many have come, before they are handed on.

        Raises:
            TimeoutError: the target took nothing for a minute.
            EnoughError: it went away.
        """
        if self._in < 0:
            self._out, self._in = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
            with contextlib.suppress(OSError):  # the system gives less; then it takes more turns
                fcntl.fcntl(self._in, fcntl.F_SETPIPE_SZ, AT_ONCE)
        try:
            came = os.splice(source.fileno(), self._in, AT_ONCE)
        except BlockingIOError:
            return self._not_yet(source, target, counted)
        counted(came)
        left = came
        while left:
            try:
                left -= os.splice(self._out, target.fileno(), left)
            except BlockingIOError:
                _wait_for_room(target)
            except (BrokenPipeError, ConnectionResetError) as error:
                raise EnoughError from error
        return came

    def _not_yet(
        self, source: socket.socket, target: socket.socket, counted: Callable[[int], None]
    ) -> int:
        """Copies where the system has told of bytes that it can't pass on in this way."""
        self.works = False
        data = source.recv(CHUNK)
        counted(len(data))
        hand(target, data)
        return len(data)


def hand(inner: socket.socket, data: bytes | memoryview) -> None:
    """Hands bytes to the courier.

    Raises:
        EnoughError: it went away.
    """
    try:
        inner.sendall(data)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise EnoughError from error


def _wait_for_room(target: socket.socket) -> None:
    poll = select.poll()
    poll.register(target, select.POLLOUT)
    if not poll.poll(PATIENCE_S * 1000):
        raise TimeoutError
