"""The courier's side of a connection to the gate on Windows: two pipes, which the porter has made."""

# ruff: noqa: E402, S101 - the first line tells checkers too that nobody else imports the others
import sys

assert sys.platform == "win32"

import os
from io import FileIO

import httpcore2

from runner.channel import windows_link
from runner.channel.packets import PacketError, Stream
from runner.channel.waiting import write
from runner.courier.line import GateStream


class PipesStream(GateStream):
    """A way in and a way out. Thread: one at a time.

    Args:
        reading: the way in, which can be waited for; closed with this.
        writing: the way out.
    """

    def __init__(self, reading: int, writing: int) -> None:
        self._descriptor, self._writing = reading, writing
        self._reading = FileIO(reading, closefd=False)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Writes everything; waits until the gate takes it, or ends."""
        left = memoryview(buffer)
        while left:
            try:
                left = left[write(self._writing, left) :]
            except OSError as error:
                raise httpcore2.WriteError(str(error)) from error

    def close(self) -> None:
        """Closes both ways; may be called twice."""
        writing, self._writing = self._writing, -1
        if writing >= 0:
            os.close(writing)
        super().close()


def made_by_the_porter(link: Stream, word: bytes) -> PipesStream:
    """Returns a new connection to the gate, which hears the word. One at a time.

    Raises:
        httpcore2.ConnectError: there is none.
    """
    try:
        return PipesStream(*windows_link.asked(link, word))
    except (OSError, PacketError) as error:
        raise httpcore2.ConnectError(f"the gate is gone: {error}") from error
