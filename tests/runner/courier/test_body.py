"""The bytes of an answer come out as they were sent, however their length is told."""

import socket
import threading
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2
import pytest

from runner.courier.body import Body
from runner.courier.line import GateStream

BODY = bytes(range(256)) * 1200
CHUNKS = b"".join(
    b"%x\r\n%b\r\n" % (len(piece), piece)
    for piece in (BODY[at : at + 10_000] for at in range(0, len(BODY), 10_000))
)


class Server(httpcore2.NetworkBackend):
    """Says one answer to whoever asks, its head first and alone."""

    def __init__(self, fields: bytes, said: bytes) -> None:
        self._head, self._said = b"HTTP/1.1 200 OK\r\n" + fields + b"\r\n", said

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        ours, theirs = socket.socketpair()
        threading.Thread(target=self._answer, args=(theirs,), daemon=True).start()
        return GateStream(ours.detach())

    def _answer(self, sock: socket.socket) -> None:
        with sock:
            sock.recv(65_536)
            sock.sendall(self._head)
            sock.sendall(self._said)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (b"Content-Length: %d\r\n" % len(BODY), BODY + b"and what belongs to nobody"),
        (b"Transfer-Encoding: chunked\r\n", CHUNKS + b"0\r\n\r\n"),
        (
            b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n" % len(BODY),
            CHUNKS + b"0\r\n\r\n",
        ),
    ],
    ids=["length", "chunks", "both, and then the chunks count"],
)
def test_a_body_comes_out_whole(fields: bytes, said: bytes) -> None:
    transport = httpx2.HTTPTransport()
    transport._pool = httpcore2.ConnectionPool(network_backend=Server(fields, said))
    room, came = memoryview(bytearray(65_536)), b""
    with (
        httpx2.Client(transport=transport) as client,
        client.stream("GET", "http://hub.example/") as response,
    ):
        body = Body(response)
        while count := body.read_into(room):
            came += room[:count]
    assert came == BODY
