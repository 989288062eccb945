"""The gate's side of a connection on Windows: two pipes with as much of a socket as is used here."""

# ruff: noqa: E402, S101 - the first line tells checkers too that nobody else imports the others
import sys

assert sys.platform == "win32"

import contextlib
import os
import queue
import select
import selectors
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self

from runner.channel import packets
from runner.channel.packets import Inbox, PacketError
from runner.channel.waiting import has_come
from runner.channel.windows_link import LONGEST_WORD, NUMBERS, heard
from runner.channel.windows_pipes import Stream


class Inner(Stream):
    """A connection of the courier. Thread: one reads, one writes."""

    _patience_s: float | None = None

    def settimeout(self, seconds: float | None) -> None:
        """Says how long a read waits; a write waits until the courier takes it, or ends."""
        self._patience_s = seconds

    def setsockopt(self, *_: object) -> None:
        """Does nothing: a pipe's room was decided when it was made."""

    def recv(self, most: int) -> bytes:
        """Returns what there is, nothing at the end.

        Raises:
            TimeoutError: nothing came in time.
        """
        if not has_come(self.fileno(), self._patience_s):
            raise TimeoutError("nothing came from the courier in time")
        return os.read(self.fileno(), most)

    def sendall(self, data: bytes | memoryview) -> None:
        """Writes everything.

        Raises:
            BrokenPipeError: the courier has closed its end.
        """
        left = memoryview(data)
        while left:
            left = left[self.send(left) :]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def handed_over(link: packets.Stream) -> Iterator[tuple[Inner, bytes]]:
    """Yields each connection of the courier and its word, until the courier is gone."""
    inbox = Inbox(link, NUMBERS.size + LONGEST_WORD)
    while True:
        try:
            packet = inbox.receive()
            if packet is None:
                return
            way_in, way_out, word = heard(packet.data)
        except (OSError, PacketError):
            return
        yield Inner(way_in, way_out), word


class Selector(selectors.BaseSelector):
    """Waits for pipes and sockets together: each has a thread, which says when there is something.

    For reading, and few. Thread: one.
    """

    def __init__(self) -> None:
        self._keys: dict[object, selectors.SelectorKey] = {}
        self._asked: dict[object, queue.SimpleQueue[bool]] = {}
        self._waited_for: set[object] = set()
        self._ready: queue.SimpleQueue[object] = queue.SimpleQueue()

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """Watches a connection, or a socket."""
        key = selectors.SelectorKey(fileobj, -1, events, data)
        asked: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._keys[fileobj], self._asked[fileobj] = key, asked
        wait = _wait_for_socket if isinstance(fileobj, socket.socket) else _wait_for_pipe
        threading.Thread(target=self._tell, args=(fileobj, wait, asked), daemon=True).start()
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        """Watches it no more once its present wait is over, by its closing at the latest."""
        self._asked.pop(fileobj).put(False)
        return self._keys.pop(fileobj)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Waits until one can be read, or for so long; returns it."""
        for fileobj in self._keys.keys() - self._waited_for:
            self._waited_for.add(fileobj)
            self._asked[fileobj].put(True)
        try:
            fileobj = self._ready.get(timeout=timeout)
        except queue.Empty:
            return []
        self._waited_for.discard(fileobj)
        return [(self._keys[fileobj], selectors.EVENT_READ)]

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        """Returns what is watched."""
        return self._keys

    def close(self) -> None:
        """Watches nothing more."""
        for fileobj in list(self._keys):
            self.unregister(fileobj)

    def _tell(
        self, fileobj: object, wait: Callable[[Any], None], asked: "queue.SimpleQueue[bool]"
    ) -> None:
        while asked.get():
            # It may have been closed; else reading it will say what is the matter.
            with contextlib.suppress(OSError, ValueError):
                wait(fileobj)
            self._ready.put(fileobj)


def _wait_for_socket(one: socket.socket) -> None:
    select.select([one], [], [])


def _wait_for_pipe(one: Inner) -> None:
    has_come(one.fileno())
