"""The porter's end of the socket to its front end. Standard library only."""

import sys
from collections.abc import Sequence

from runner.channel.packets import Inbox, Outbox, PacketError, Stream
from runner.porter.wire import MAX_PACKET_BYTES, Answer, Attempt, encode

if sys.platform == "win32":
    from runner.porter.windows_child import handed_over

MOST_WAITING = 2000
"""So many answers may wait; until they are fewer, nothing more is asked by who doesn't read them."""


class FrontEnd:
    """Sends answers without ever waiting: a front end that hangs must not stop the porter.

    Thread: one.
    """

    def __init__(self, connection: Stream) -> None:
        connection.setblocking(False)
        self.connection = connection
        self._inbox = Inbox(connection, MAX_PACKET_BYTES)
        self._outbox = Outbox(connection)
        self._left_out: dict[int, Attempt] = {}

    @property
    def behind(self) -> bool:
        """Whether answers wait for room in the socket."""
        return len(self._outbox) > 0

    @property
    def crowded(self) -> bool:
        """Whether so many answers wait that no request is read any more."""
        return len(self._outbox) >= MOST_WAITING

    def send(self, answer: Answer, descriptors: Sequence[int] = ()) -> None:
        """Sends an answer, or keeps it until there is room; closes the descriptors afterwards.

        Each attempt carries the total of its process. For a front end that is far behind, only
        the latest of each process is kept: single reports are lost then, no count is.
        """
        if isinstance(answer, Attempt) and self.crowded:
            self._left_out[answer.number] = answer
            return
        if sys.platform == "win32":
            answer, descriptors = handed_over(answer, descriptors, self.connection), ()
        self._outbox.put(encode(answer), descriptors)
        self.flush()

    def flush(self) -> None:
        """Sends what waits, as far as there is room."""
        try:
            self._outbox.flush()
            if self._left_out and not self.behind:
                latest, self._left_out = list(self._left_out.values()), {}
                for attempt in latest:
                    self._outbox.put(encode(attempt))
                self._outbox.flush()
        except OSError:
            self._forget()

    def receive(self) -> bytes | None:
        """Returns one request, None at the end, or nothing (b"") where none has come whole.

        Who sends what is no packet, or a longer one than the porter takes, is done with. Who asks
        and asks and reads no answer would have the porter keep them all: it isn't heard meanwhile.
        """
        if self.crowded:
            return b""
        try:
            packet = self._inbox.receive()
        except BlockingIOError:
            return b""
        except (OSError, PacketError):
            return None
        return None if packet is None else packet.data

    def close(self) -> None:
        """Closes the socket; what waits is lost, and its descriptors are closed."""
        self._forget()
        self._inbox.forget()
        self.connection.close()

    def _forget(self) -> None:
        self._outbox.forget()
        self._left_out.clear()
