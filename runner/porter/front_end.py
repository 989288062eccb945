"""The porter's end of the socket to its front end. Standard library only."""

import os
import socket
from collections import deque
from collections.abc import Sequence

from runner.porter.wire import MAX_DATAGRAM_BYTES, Answer, Attempt, encode

MOST_WAITING = 2000


class FrontEnd:
    """Sends answers without ever waiting: a front end that hangs must not stop the porter.

    Thread: one.
    """

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.connection = connection
        self._waiting: deque[tuple[bytes, tuple[int, ...]]] = deque()
        self._left_out: dict[int, Attempt] = {}

    @property
    def behind(self) -> bool:
        """Whether answers wait for room in the socket."""
        return bool(self._waiting)

    def send(self, answer: Answer, descriptors: Sequence[int] = ()) -> None:
        """Sends an answer, or keeps it until there is room; closes the descriptors afterwards.

        Each attempt carries the total of its process. For a front end that is far behind, only
        the latest of each process is kept: single reports are lost then, no count is.
        """
        if isinstance(answer, Attempt) and len(self._waiting) >= MOST_WAITING:
            self._left_out[answer.number] = answer
            return
        self._waiting.append((encode(answer), tuple(descriptors)))
        self.flush()

    def flush(self) -> None:
        """Sends what waits, as far as there is room."""
        while self._waiting or self._left_out:
            if not self._waiting:
                latest, self._left_out = list(self._left_out.values()), {}
                self._waiting.extend((encode(attempt), ()) for attempt in latest)
            datagram, descriptors = self._waiting[0]
            try:
                socket.send_fds(self.connection, [datagram], descriptors)
            except BlockingIOError:
                return
            except OSError:
                self._forget()
                return
            self._waiting.popleft()
            _close(descriptors)

    def receive(self) -> bytes | None:
        """Returns one request, None at the end, or nothing (b"") where none has come."""
        try:
            datagram = self.connection.recv(MAX_DATAGRAM_BYTES + 1)
        except BlockingIOError:
            return b""
        except OSError:
            return None
        return datagram or None

    def close(self) -> None:
        """Closes the socket; what waits is lost, and its descriptors are closed."""
        self._forget()
        self.connection.close()

    def _forget(self) -> None:
        for _, descriptors in self._waiting:
            _close(descriptors)
        self._waiting.clear()
        self._left_out.clear()


def _close(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
