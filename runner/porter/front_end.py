"""The porter's end of the socket to its front end. Standard library only."""

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

    @property
    def behind(self) -> bool:
        """Whether answers wait for room in the socket."""
        return bool(self._waiting)

    def send(self, answer: Answer, descriptors: Sequence[int] = ()) -> None:
        """Sends an answer, or keeps it until there is room.

        Attempts carry their running total, so of a front end that is far behind the oldest
        reports of attempts are dropped and no count is lost.
        """
        if isinstance(answer, Attempt) and len(self._waiting) > MOST_WAITING:
            return
        self._waiting.append((encode(answer), tuple(descriptors)))
        self.flush()

    def flush(self) -> None:
        """Sends what waits, as far as there is room."""
        while self._waiting:
            datagram, descriptors = self._waiting[0]
            try:
                socket.send_fds(self.connection, [datagram], descriptors)
            except BlockingIOError:
                return
            except OSError:
                self._waiting.clear()
                return
            self._waiting.popleft()

    def receive(self) -> bytes | None:
        """Returns one request, None at the end, or nothing (b"") where none has come."""
        try:
            datagram = self.connection.recv(MAX_DATAGRAM_BYTES + 1)
        except BlockingIOError:
            return b""
        except OSError:
            return None
        return datagram or None
