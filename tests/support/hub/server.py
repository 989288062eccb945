"""The server: takes requests, lets faults go first, and passes the rest on to what answers them."""

import contextlib
import gzip
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.hub.answers import Answer, Asked, answer
from tests.support.hub.faults import Fault, Faults
from tests.support.hub.world import World

BLOCK = 256 * 1024
PAGE = b"<!doctype html><title>Welcome on board</title><p>Please log in to the train's network."
BEFORE = (Fault.STATUS, Fault.RATE_LIMIT, Fault.PORTAL, Fault.PROXY_LOGIN, Fault.LOOP)
IN_THE_BODY = (Fault.CUT, Fault.RESET, Fault.STALL, Fault.SLOW, Fault.FLIPPED, Fault.LONGER)


@dataclass(slots=True)
class Sent:
    """What went out to one request."""

    asked: Asked
    status: int = 0
    body: int = 0


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        pass  # a client that went away is what many tests are about


@dataclass(slots=True)
class HubServer:
    """A Hub, and the place where it keeps large files, on one port.

    Attributes:
        sent: every request with what went out to it, in order.
    """

    world: World = field(default_factory=World)
    faults: Faults = field(default_factory=Faults)
    sent: list[Sent] = field(default_factory=list)
    context: ssl.SSLContext | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    ending: threading.Event = field(default_factory=threading.Event)
    server: _Server | None = None

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"hub": self})
        self.server = _Server(("127.0.0.1", 0), handler)
        if self.context is not None:
            self.server.socket = self.context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        assert self.server is not None
        self.server.shutdown()
        self.server.server_close()

    @property
    def port(self) -> int:
        assert self.server is not None
        return self.server.server_address[1]

    @property
    def endpoint(self) -> str:
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """The requests in order, without what they were looking for."""
        return [f"{sent.asked.method} {sent.asked.path}" for sent in list(self.sent)]

    def bytes_sent(self, part: str) -> int:
        """Returns how many bytes of bodies went out to requests with this in their path."""
        return sum(sent.body for sent in list(self.sent) if part in sent.asked.path)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: HubServer
    sent: Sent

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        fields = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(
            self.command, unquote(parts.path), parse_qs(parts.query), fields, self.hub.endpoint
        )
        self.sent = Sent(asked)
        with self.hub.lock:
            self.hub.sent.append(self.sent)
        faults = self.hub.faults
        if (first := faults.due(asked.path, *BEFORE)) is not None:
            self._instead(first.fault, first.amount)
            return
        given = answer(self.hub.world, asked)
        if "location" in given.fields and (on := faults.due(asked.path, Fault.SENT_ON)):
            given.fields["location"] = on.address
        if faults.due(asked.path, Fault.OTHER_COMMIT):
            given.fields["x-repo-commit"] = "f" * 40
        if given.blob is not None:
            self._ranges(asked, given)
        self._give(asked, given)

    do_HEAD = do_POST = do_PUT = do_GET  # noqa: N815 - the names that the server looks for

    def log_message(self, *_: object) -> None:
        pass

    def _instead(self, fault: Fault, amount: int) -> None:
        text = {"content-type": "text/plain"}
        match fault:
            case Fault.STATUS:
                self._send(Answer(amount, {**text}, b"out of order"))
            case Fault.RATE_LIMIT:
                limit = {"retry-after": str(amount), "ratelimit": f'"api";r=0;t={amount}'}
                self._send(Answer(429, {**text, **limit}, b"Too many requests"))
            case Fault.PORTAL:
                self._send(Answer(200, {"content-type": "text/html; charset=utf-8"}, PAGE))
            case Fault.PROXY_LOGIN:
                self._send(Answer(407, {"proxy-authenticate": 'Basic realm="x"'}, b""))
            case Fault.LOOP:
                self._send(Answer(302, {"location": self.path}, b""))

    def _ranges(self, asked: Asked, given: Answer) -> None:
        faults, blob = self.hub.faults, given.blob
        assert blob is not None
        wanted = asked.fields.get("range", "")
        if not wanted.startswith("bytes=") or faults.due(asked.path, Fault.NO_RANGES):
            return
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last or blob.size - 1), blob.size - 1)
        if start >= blob.size:
            given.status, given.blob = 416, None
            given.fields["content-range"] = f"bytes */{blob.size}"
            return
        if faults.due(asked.path, Fault.OTHER_RANGE):
            start, end = start // 2, start // 2 + end - start
        given.status, given.start, given.length = 206, start, end - start + 1
        given.fields["content-range"] = f"bytes {start}-{end}/{blob.size}"

    def _give(self, asked: Asked, given: Answer) -> None:
        if given.blob is None:
            self._send(given)
            return
        faults = self.hub.faults
        if faults.due(asked.path, Fault.COMPRESSED):
            body = gzip.compress(given.blob.read(given.start, given.length))
            self._send(Answer(given.status, {**given.fields, "content-encoding": "gzip"}, body))
            return
        wrong = faults.due(asked.path, *IN_THE_BODY) if self.command == "GET" else None
        length = {"content-length": str(given.length)}
        if (lie := faults.due(asked.path, Fault.WRONG_LENGTH)) is not None:
            length = {"content-length": str(given.length + lie.amount)}
        if wrong is not None and wrong.fault is Fault.LONGER:
            # Nobody can tell beforehand: the body ends with the connection.
            length = {"connection": "close"}
        self._head(given.status, {**given.fields, **length})
        if self.command == "HEAD":
            return
        with contextlib.suppress(OSError):
            if wrong is None:
                self._whole(given)
            else:
                self._with_fault(given, wrong.fault, wrong.amount)

    def _whole(self, given: Answer) -> None:
        assert given.blob is not None
        if isinstance(given.blob.content, bytes) or self.hub.context is not None:
            for data in _blocks(given, BLOCK):
                self._write(data)
            return
        self.wfile.flush()
        with given.blob.content.open("rb") as file:
            # The system copies: the server must not be what a measurement measures.
            at, end = given.start, given.start + given.length
            while at < end:
                went = os.sendfile(
                    self.connection.fileno(), file.fileno(), at, min(BLOCK, end - at)
                )
                self.sent.body += went
                at += went

    def _with_fault(self, given: Answer, fault: Fault, amount: int) -> None:
        went, began = 0, time.monotonic()
        for data in _blocks(given, 4096 if fault is Fault.SLOW else BLOCK):
            if fault is Fault.FLIPPED:
                at = amount - given.start - went
                if 0 <= at < len(data):
                    data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            elif fault in (Fault.CUT, Fault.RESET, Fault.STALL) and went + len(data) > amount:
                self._write(data[: amount - went])
                if fault is Fault.STALL:
                    self.hub.ending.wait(60)
                elif fault is Fault.RESET:
                    linger = b"\1\0\0\0\0\0\0\0"
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.close_connection = True
                return
            elif fault is Fault.SLOW:
                self.hub.ending.wait(max(0.0, began + went / amount - time.monotonic()))
            self._write(data)
            went += len(data)
        if fault is Fault.LONGER:
            time.sleep(0.05)  # so that they come apart from the last of the file
            self._write(b"\0" * amount)
            self.close_connection = True

    def _write(self, data: bytes) -> None:
        self.wfile.write(data)
        self.sent.body += len(data)

    def _send(self, given: Answer) -> None:
        self._head(given.status, {**given.fields, "content-length": str(len(given.body))})
        if self.command != "HEAD":
            with contextlib.suppress(OSError):
                self._write(given.body)

    def _head(self, status: int, fields: dict[str, str]) -> None:
        self.sent.status = status
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()


def _blocks(given: Answer, size: int) -> Iterator[bytes]:
    """Returns the bytes of an answer, a block at a time."""
    assert given.blob is not None
    at, left = given.start, given.length
    while left > 0:
        data = given.blob.read(at, min(size, left))
        yield data
        at, left = at + len(data), left - len(data)
