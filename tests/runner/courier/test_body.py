"""The body of an answer, over the courier's own streams, in the clear and with TLS."""

import contextlib
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpcore2
import httpx2
import pytest

from runner.courier.body import Body
from runner.courier.line import GateStream
from runner.errors import RunnerError
from runner.protocol.allowance import PIECE

CONTENT = os.urandom(3 * PIECE + 4321)


class Line(httpcore2.NetworkBackend):
    """Leads every connection to one server of the test's, which says one thing."""

    def __init__(self, said: Iterable[bytes], context: ssl.SSLContext | None) -> None:
        self.said, self.context = said, context
        self.over = threading.Event()

    def connect_tcp(self, *_: Any, **__: Any) -> httpcore2.NetworkStream:
        ours, theirs = socket.socketpair()
        threading.Thread(target=self._serve, args=(theirs,), daemon=True).start()
        return GateStream(ours.detach())

    def _serve(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            server = stack.enter_context(plain)
            if self.context is not None:
                server = stack.enter_context(self.context.wrap_socket(plain, server_side=True))
            server.recv(65536)
            for piece in self.said:
                server.sendall(piece)
            self.over.wait(10)


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Returns the server's context, and one that trusts it."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", "key", "-out", "good", "-days", "2", "-subj", "/CN=hub.example",
         "-addext", "subjectAltName=DNS:hub.example"],
        check=True, capture_output=True, cwd=folder,
    )  # fmt: skip
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(folder / "good", folder / "key")
    return theirs, ssl.create_default_context(cafile=str(Path(folder, "good")))


@contextlib.contextmanager
def answered(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext] | None, said: list[bytes], *, ends: bool = True
) -> Iterator[Body]:
    theirs, trust = contexts or (None, None)
    line = Line(said, theirs)
    if ends:
        line.over.set()
    transport = httpx2.HTTPTransport()
    transport._pool = httpcore2.ConnectionPool(ssl_context=trust, network_backend=line)
    scheme = "http" if contexts is None else "https"
    with (
        httpx2.Client(transport=transport, timeout=1) as client,
        client.stream("GET", f"{scheme}://hub.example/x") as response,
    ):
        yield Body(response)
    line.over.set()


def whole(body: Body, room: int = PIECE) -> bytes:
    place, came = memoryview(bytearray(room)), bytearray()
    while given := body.read_into(place):
        came += place[:given]
    return bytes(came)


def head(length: int) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode()


@pytest.mark.parametrize("encrypted", [False, True])
@pytest.mark.parametrize("room", [PIECE, 1000])
def test_it_comes_whole_and_nothing_behind_it(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], room: int, *, encrypted: bool
) -> None:
    begun = head(len(CONTENT)) + CONTENT[:700]
    said = [begun, CONTENT[700:50_000], CONTENT[50_000:] + b"what nobody asked for"]
    with answered(contexts if encrypted else None, said) as body:
        assert whole(body, room) == CONTENT


def test_without_a_length_it_is_read_by_the_library(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    chunk = f"{len(CONTENT):x}\r\n".encode() + CONTENT + b"\r\n0\r\n\r\n"
    with answered(
        contexts, [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk]
    ) as body:
        assert whole(body, 1000) == CONTENT
    with answered(None, [b"HTTP/1.1 200 OK\r\n\r\n" + CONTENT]) as body:
        assert whole(body) == CONTENT


@pytest.mark.parametrize("encrypted", [False, True])
def test_an_end_before_its_time_and_silence_are_told_apart(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], *, encrypted: bool
) -> None:
    said = [head(len(CONTENT)), CONTENT[:PIECE]]
    with answered(contexts if encrypted else None, said) as body:
        # How much is missing is the caller's to see: a part that grew is worth keeping.
        assert whole(body) == CONTENT[:PIECE]
    with (
        answered(contexts if encrypted else None, said, ends=False) as body,
        pytest.raises(RunnerError, match=r"courier\.stalled"),
    ):
        whole(body)
