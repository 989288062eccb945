"""How the courier's library reaches the gate: over unnamed local pairs, one end handed over.

The courier may make no socket that leads anywhere, so nothing here connects. Reading and writing
are plain reads and writes of a descriptor, because the calls that belong to sockets are refused.
"""

import json
import os
import ssl
import sys
import threading
from collections.abc import Callable, Iterable
from io import FileIO
from typing import Any, TypeVar

import httpcore2
import httpx2

from runner.channel import packets
from runner.channel.waiting import has_come, has_room, never_wait
from runner.confine.openings import LINK
from runner.courier.answers import of_status, of_transport
from runner.protocol.allowance import PIECE

T = TypeVar("T")

TAKEN = b"\x06"
"""What the gate says once it has its end of a connection, which the courier may close then."""

GATE = "http://gate"
"""A name that is never looked up; the library wants one for a proxy."""


class GateStream(httpcore2.NetworkStream):
    """One end of a local pair whose other end the gate has. Thread: one at a time."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        never_wait(descriptor)
        self._reading = FileIO(descriptor, closefd=False)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Returns what there is, nothing at the end."""
        self._wait(has_come, timeout, httpcore2.ReadTimeout)
        try:
            return os.read(self._descriptor, min(max_bytes, PIECE))
        except OSError as error:
            raise httpcore2.ReadError(str(error)) from error

    def read_into(self, room: memoryview, timeout: float | None = None) -> int:
        """Fills room with what there is; returns how much that was, nothing at the end."""
        self._wait(has_come, timeout, httpcore2.ReadTimeout)
        try:
            return self._reading.readinto(room) or 0
        except OSError as error:
            raise httpcore2.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Writes everything."""
        left = memoryview(buffer)
        while left:
            self._wait(has_room, timeout, httpcore2.WriteTimeout)
            try:
                left = left[os.write(self._descriptor, left) :]
            except OSError as error:
                raise httpcore2.WriteError(str(error)) from error

    def close(self) -> None:
        """Closes this end; may be called twice."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        """Returns this stream with everything on it encrypted."""
        return SealedStream(self, ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> Any:
        """Says whether there is something to read, which ends an idle connection."""
        if info == "is_readable":
            return has_come(self._descriptor, 0)
        return None

    def _wait(
        self,
        is_ready: Callable[[int, float | None], bool],
        timeout: float | None,
        overrun: type[Exception],
    ) -> None:
        if not is_ready(self._descriptor, timeout):
            raise overrun("nothing came through the gate in time")


class SealedStream(httpcore2.NetworkStream):
    """TLS in memory over another stream: the usual way wants calls that are refused here."""

    def __init__(
        self,
        under: httpcore2.NetworkStream,
        context: ssl.SSLContext,
        host: str | None,
        timeout: float | None,
    ) -> None:
        self._under = under
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        try:
            self._do(self._tls.do_handshake, timeout)
        except ssl.SSLError as error:
            self.close()
            raise httpcore2.ConnectError(str(error)) from error

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Returns what there is, nothing at the end."""
        room = memoryview(bytearray(min(max_bytes, PIECE)))
        return bytes(room[: self.read_into(room, timeout)])

    def read_into(self, room: memoryview, timeout: float | None = None) -> int:
        """Fills room with what there is; returns how much that was, nothing at the end."""
        try:
            came = self._do(lambda: self._decrypt_into(room), timeout)
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return 0
        except ssl.SSLError as error:
            raise httpcore2.ReadError(str(error)) from error
        # TLS comes in records of 16 KiB: of those that are here, as many as there is room for.
        while came and came < len(room) and self._incoming.pending:
            try:
                more = self._decrypt_into(room[came:])
            except ssl.SSLError:
                break  # half a record, or the end: the next read meets it
            if not more:
                break
            came += more
        return came

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Writes everything."""
        # The memory below takes everything at once.
        self._do(lambda: self._tls.write(buffer), timeout)

    def close(self) -> None:
        """Closes the stream below; may be called twice."""
        self._under.close()

    def get_extra_info(self, info: str) -> Any:
        """Gives the library what it asks of a stream with TLS."""
        return self._tls if info == "ssl_object" else self._under.get_extra_info(info)

    def _decrypt_into(self, room: memoryview) -> int:
        came: Any = self._tls.read(
            len(room), room
        )  # with a place to read into, it is how much came
        return int(came)

    def _do(self, action: Callable[[], T], timeout: float | None) -> T:
        """Does something of TLS, passing on what it wants sent and fetching what it wants to read."""
        while True:
            try:
                result = action()
            except ssl.SSLWantReadError:
                self._send(timeout)
                data = self._under.read(PIECE, timeout)
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            else:
                self._send(timeout)
                return result

    def _send(self, timeout: float | None) -> None:
        if pending := self._outgoing.read():
            self._under.write(pending, timeout)


class ToTheGate(httpcore2.NetworkBackend):
    """Makes a pair for each connection and hands one end to the gate.

    Args:
        errand: returns the number of what is being fetched, for the ledger, and how many bytes of
            it may wait with the system.
    """

    def __init__(self, errand: Callable[[], tuple[int, int]]) -> None:
        self._errand = errand
        self._link = packets.stream_at(LINK)
        self._one_at_a_time = threading.Lock()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Returns a stream to the gate; the host is the gate's, whatever it is called."""
        word = json.dumps(self._errand()).encode()
        if sys.platform == "win32":
            from runner.courier.windows_line import made_by_the_porter

            with self._one_at_a_time:
                stream = made_by_the_porter(self._link, word)
            return _taken(stream, timeout)
        else:
            ours, theirs = packets.pair()
            with theirs:
                try:
                    with self._one_at_a_time:
                        packets.send(self._link, word, [theirs.fileno()])
                except OSError as error:
                    ours.close()
                    raise httpcore2.ConnectError(f"the gate is gone: {error}") from error
                # Not before: on macOS a descriptor may be lost that is closed while it is on its way.
                return _taken(GateStream(ours.detach()), timeout)


def _taken(stream: GateStream, timeout: float | None) -> GateStream:
    """Returns the stream once the gate has its other end.

    Raises:
        httpcore2.ConnectError: it is gone, or has too many already.
    """
    try:
        said = stream.read(len(TAKEN), timeout)
    except (httpcore2.ReadError, httpcore2.ReadTimeout) as error:
        stream.close()
        raise httpcore2.ConnectError(f"the gate took no connection: {error}") from error
    if said != TAKEN:
        stream.close()
        raise httpcore2.ConnectError("the gate is gone")
    return stream


class GateTransport(httpx2.HTTPTransport):
    """The library's transport with the gate below it instead of the system's sockets.

    It names what went wrong before the library can: that would wait and try again unseen.
    """

    def __init__(self, backend: ToTheGate) -> None:
        context = httpx2.create_ssl_context(trust_env=False)
        super().__init__(verify=context, trust_env=False)
        # The transport offers no way to give it a backend, only its pool does.
        self._pool = httpcore2.HTTPProxy(
            proxy_url=GATE,
            ssl_context=context,
            network_backend=backend,
            max_connections=4,
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends a request and returns its answer, if it is one that the Hub's library may see.

        Raises:
            RunnerError: a code of `runner.courier.answers`.
        """
        try:
            response = super().handle_request(request)
        except httpx2.TransportError as error:
            error.request = request
            raise of_transport(error) from error
        response.request = request
        if (refusal := of_status(response)) is not None:
            response.close()
            raise refusal
        return response
