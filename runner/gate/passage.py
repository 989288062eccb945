"""One connection through the gate: read the head, ask the list, write the line, and only then go.

Nothing of a body is kept or looked at; of an unencrypted answer the first line and `Location` are.
"""

import contextlib
import ipaddress
import selectors
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from runner.gate.head import LONGEST_HEAD, BadRequest, Head, parse
from runner.gate.hosts import Hosts
from runner.gate.ledger_desk import Desk, NotWritten
from runner.gate.proxy import Proxy
from runner.protocol.allowance import BETWEEN, LEAST_WINDOW, MOST_WINDOW, PIECE

if sys.platform == "win32":
    from runner.gate.windows_line import Selector
else:
    from selectors import DefaultSelector as Selector

HEAD_S, CONNECT_S, IDLE_S = 20.0, 15.0, 60.0
BULK = 512 * 1024
"""After so many bytes an answer is a file's: what comes in crumbs is passed on in pieces."""

CRUMBS = 96 * 1024
GATHER_S = 0.004
"""How long more is gathered after a crumb of a file; each piece costs both processes a turn."""

QUICK = 40_000_000
"""Bytes a second from which on nothing is gathered: what is short then comes of waiting already."""

TELL_EVERY_S = 0.5

REFUSED, NOT_REACHED, UNFIT_PROXY, NO_LEDGER = 403, 421, 501, 507
"""The gate's own answers; libraries try again by themselves where a server answers 502 or 503."""
MOST_ADDRESSES = 4
LONGEST_HOST = 300


class EnoughError(Exception):
    """The courier has closed its end."""


@dataclass(slots=True)
class Counts:
    """What went through so far, and the beginning of the answer where it can be read.

    Attributes:
        tell: called now and then with both counts, for a screen.
    """

    tell: Callable[[int, int], None]
    up: int = 0
    down: int = 0
    beginning: bytearray = field(default_factory=bytearray)
    told_at: float = field(default_factory=time.monotonic)
    began: float = field(default_factory=time.monotonic)

    def is_slow_file(self) -> bool:
        """Whether this is a file that comes slower than both processes could take it."""
        return BULK < self.down < QUICK * (time.monotonic() - self.began)

    def tell_now_and_then(self) -> None:
        """Tells the counts where that has not been done for a while."""
        now = time.monotonic()
        if now - self.told_at >= TELL_EVERY_S:
            self.told_at = now
            self.tell(self.up, self.down)


@dataclass(frozen=True, slots=True)
class Way:
    """How a connection leads to its host.

    Attributes:
        proxy: through this one; None for straight.
        window: how many bytes a server may have sent and nobody has taken.
    """

    proxy: Proxy | None
    window: int


def serve(
    inner: socket.socket, errand: int, hosts: Hosts, desk: Desk, window: int = LEAST_WINDOW
) -> None:
    """Takes one connection of the courier from its first byte to its last, and closes it."""
    with inner:
        inner.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BETWEEN)
        inner.settimeout(HEAD_S)
        try:
            head, rest = _read_head(inner)
        except BadRequest as error:
            _refuse(inner, errand, desk, None, str(error))
            return
        except OSError:
            return  # it went away before it asked for anything
        if why := hosts.refusal(head.host, head.port, encrypted=head.encrypted):
            _refuse(inner, errand, desk, head, why)
            return
        try:
            proxy = hosts.way(head.host, encrypted=head.encrypted)
            if proxy is not None and proxy.unfit:
                why = f"the proxy can't be used: {proxy.unfit}"
                _refuse(inner, errand, desk, head, why, UNFIT_PROXY)
                return
            way = Way(proxy, max(LEAST_WINDOW, min(window, MOST_WINDOW)))
            _go(inner, errand, desk, head, rest, way)
        except NotWritten:
            _answer(inner, NO_LEDGER, "the ledger could not be written")


def _read_head(inner: socket.socket) -> tuple[Head, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        if len(received) > LONGEST_HEAD:
            raise BadRequest("the head is too long")
        chunk = inner.recv(PIECE)
        if not chunk:
            raise ConnectionResetError
        received += chunk
    head, _, rest = received.partition(b"\r\n\r\n")
    return parse(head + b"\r\n\r\n"), rest


def _refuse(
    inner: socket.socket,
    errand: int,
    desk: Desk,
    head: Head | None,
    why: str,
    status: int = REFUSED,
) -> None:
    # Nothing leaves; but it is told as carefully as what does.
    with contextlib.suppress(NotWritten):
        if head is None:
            desk.write("refused", errand, result=why)
        else:
            desk.write(
                "refused",
                errand,
                method=head.method,
                host=head.host,
                port=head.port,
                path=head.path,
                result=why,
            )
    _answer(inner, status, why)


def _answer(inner: socket.socket, status: int, why: str) -> None:
    body = f"{why}\n".encode()
    # Of the answer to a request for a tunnel, a client tells no more than its first line.
    head = f"HTTP/1.1 {status} Gate: {why}\r\nContent-Length: {len(body)}\r\nX-Gate: {why}\r\n"
    with contextlib.suppress(OSError):
        inner.sendall(f"{head}Connection: close\r\n\r\n".encode() + body)


def _go(inner: socket.socket, errand: int, desk: Desk, head: Head, rest: bytes, way: Way) -> None:
    proxy = way.proxy
    host, port = (proxy.host, proxy.port) if proxy else (head.host, head.port)
    try:
        addresses = _addresses(errand, desk, host, port)
    except OSError as error:
        _answer(inner, NOT_REACHED, f"no address for the name: {error.strerror or error}")
        return
    why = "no address for the name"
    for address in addresses[:MOST_ADDRESSES]:
        line = desk.write(
            "connection",
            errand,
            method=head.method,
            host=head.host,
            port=head.port,
            address=address,
            path=head.path,
        )
        counts = Counts(partial(desk.passing, line))
        result = "cut off"
        try:
            with socket.create_connection((address, port), CONNECT_S) as outer:
                _bound_what_waits(outer, way.window)
                if proxy and (refusal := proxy.ask(outer, head.host, head.port)):
                    result = refusal[1]
                    _answer(inner, *refusal)
                    return
                result = _pass(inner, outer, head, rest, counts)
                if proxy:
                    result = f"{result}, through the proxy {host}:{port}"
                return
        except OSError as error:
            why = result = error.strerror or str(error) or type(error).__name__
        finally:
            # Its line is there already; where this one cannot be written, its end is not told.
            with contextlib.suppress(NotWritten):
                desk.write(
                    "result",
                    errand,
                    of=line,
                    bytes_up=counts.up,
                    bytes_down=counts.down,
                    result=result,
                )
        if counts.up or counts.down:
            return
    _answer(inner, NOT_REACHED, f"not reached: {why}")


def _addresses(errand: int, desk: Desk, host: str, port: int) -> list[str]:
    """Returns the numeric addresses of a host; a look-up is a line of its own, before it is made.

    Raises:
        OSError: where the name is not known.
    """
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        line = desk.write("look-up", errand, host=host, port=port)
    result = "cut off"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(where[0]) for *_, where in found))
        result = " ".join(addresses)
    except OSError as error:
        result = error.strerror or str(error)
        raise
    finally:
        with contextlib.suppress(NotWritten):
            desk.write("result", errand, of=line, result=result)
    return addresses


def _pass(
    inner: socket.socket, outer: socket.socket, head: Head, rest: bytes, counts: Counts
) -> str:
    """Passes bytes both ways until both sides are done; returns what came of it."""
    if head.encrypted:
        inner.sendall(b"HTTP/1.1 200 Gate\r\n\r\n")
        first, left = rest, None
    else:
        # Not more than this request's body: a second request would go unseen.
        first = head.passed_on + rest[: head.body_bytes]
        left = max(0, head.body_bytes - len(rest))
    if first:
        outer.sendall(first)
        counts.up += len(first)
    try:
        _both_ways(inner, outer, counts, left)
    except EnoughError:
        pass  # the courier has what it wanted, before the server had said everything
    except TimeoutError:
        return "nothing came for a minute"
    return "closed" if head.encrypted else _status(bytes(counts.beginning))


def _both_ways(
    inner: socket.socket, outer: socket.socket, counts: Counts, left: int | None
) -> None:
    """Copies until the server ends; `left` is how much the courier may still send, None for any."""
    room = memoryview(bytearray(PIECE))
    with Selector() as selector:
        selector.register(inner, selectors.EVENT_READ)
        selector.register(outer, selectors.EVENT_READ)
        for sock in (inner, outer):
            sock.settimeout(IDLE_S)
        while True:
            ready = selector.select(IDLE_S)
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                if key.fileobj is outer:
                    came = outer.recv_into(room)
                    counts.down += came
                    if left is not None and len(counts.beginning) < LONGEST_HEAD:
                        counts.beginning += room[:came]
                    _hand(inner, room[:came])
                    if not came:
                        return
                    counts.tell_now_and_then()
                    if came < CRUMBS and counts.is_slow_file():
                        time.sleep(GATHER_S)
                    continue
                data = _hear(inner, PIECE if left is None else min(PIECE, left or 1))
                if not data or left == 0:
                    # The courier has what it wanted, or says more than it may.
                    return
                outer.sendall(data)
                counts.up += len(data)
                left = left if left is None else left - len(data)


def _hand(inner: socket.socket, data: memoryview) -> None:
    """Hands bytes to the courier.

    Raises:
        EnoughError: it went away.
    """
    try:
        inner.sendall(data)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise EnoughError from error


def _hear(inner: socket.socket, most: int) -> bytes:
    """Returns what the courier says; nothing at its end, also where it left something unread."""
    try:
        return inner.recv(most)
    except ConnectionResetError:
        return b""


def _bound_what_waits(outer: socket.socket, window: int) -> None:
    """Keeps what waits here of an answer small: it is lost, and sent again, when a process is killed.

    A wish: Linux tunes the window up again for whoever reads fast. The room for it could be fixed
    (`SO_RCVBUF`), at the cost of every fast way, and of every long one where programs get little.
    """
    if hasattr(socket, "TCP_WINDOW_CLAMP"):
        with contextlib.suppress(OSError):  # what a kill costs is more then, and nothing else
            outer.setsockopt(socket.IPPROTO_TCP, socket.TCP_WINDOW_CLAMP, window)


def _status(beginning: bytes) -> str:
    head, _, _ = beginning.partition(b"\r\n\r\n")
    first, *fields = head.decode("latin-1").split("\r\n")
    _, _, status = first.partition(" ")
    status = status[:3] if status[:3].isdecimal() else "no answer"
    if status.startswith("3"):
        for name, _, value in (line.partition(":") for line in fields):
            if name.lower() == "location":
                return f"{status} sent on to {_host_of(value.strip())}"
    return status


def _host_of(address: str) -> str:
    """Returns where a server sends on to, as far as a person can read it."""
    try:
        host = urlsplit(address).netloc or "the same host"
    except ValueError:
        return "no address"
    return "".join(sign if sign.isprintable() else "?" for sign in host[:LONGEST_HOST])
