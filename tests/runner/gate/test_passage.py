"""One connection through the gate: what is asked, what is written, what leaves, in this order."""

import contextlib
import os
import queue
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpcore2
import pytest

from runner.channel import packets
from runner.courier.line import GATE, GateStream
from runner.gate import process
from runner.gate.head import parse
from runner.gate.hosts import Hosts, endpoint_of
from runner.gate.ledger_desk import Desk
from runner.gate.passage import serve
from runner.protocol.allowance import BETWEEN, LEAST_WINDOW
from runner.protocol.gate import Announce, Written

NAMES = ("hub.example", ".hub.example")


class Book:
    """The parent's side: takes announcements and says whether each is on the disk."""

    def __init__(
        self, before: Callable[[Announce], None] = lambda line: None, *, works: bool = True
    ) -> None:
        self.lines: list[Announce] = []
        self.works = works
        self.before = before
        self.desk = Desk(self._take)

    def _take(self, line: Announce) -> None:
        self.before(line)
        self.lines.append(line)
        self.desk.heard(Written(run=line.number, done=self.works))

    def events(self) -> list[str]:
        return [line.event for line in self.lines]


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        yield server


def through(hosts: Hosts, book: Book, request: bytes) -> bytes:
    """Sends a request through a gate and returns everything that comes back."""
    ours, theirs = socket.socketpair()
    gate = threading.Thread(target=serve, args=(theirs, 1, hosts, book.desk))
    gate.start()
    with ours:
        ours.sendall(request)
        ours.settimeout(10)
        answer = b""
        # What the gate did not read of a refused request makes the kernel reset the rest.
        with contextlib.suppress(ConnectionResetError):
            while data := ours.recv(65536):
                answer += data
    gate.join(10)
    return answer


def plain(server: socket.socket) -> tuple[Hosts, str]:
    port = server.getsockname()[1]
    return endpoint_of(f"http://127.0.0.1:{port}", NAMES), f"127.0.0.1:{port}"


def answering(server: socket.socket, answer: bytes) -> "queue.SimpleQueue[bytes]":
    """Answers one connection; yields what came."""
    came: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def run() -> None:
        connection, _ = server.accept()
        with connection:
            came.put(connection.recv(65536))
            connection.sendall(answer)

    threading.Thread(target=run, daemon=True).start()
    return came


def test_the_line_is_there_before_anything_leaves(server: socket.socket) -> None:
    hosts, where = plain(server)
    reached: list[bool] = []

    def look(line: Announce) -> None:
        if line.event == "connection":
            time.sleep(0.1)
            server.settimeout(0)
            try:
                server.accept()
                reached.append(True)
            except BlockingIOError:
                reached.append(False)
            server.settimeout(10)
            came.append(answering(server, b"HTTP/1.1 204 No Content\r\n\r\n"))

    came: list[queue.SimpleQueue[bytes]] = []
    book = Book(look)
    answer = through(
        hosts, book, f"GET http://{where}/a?b=c HTTP/1.1\r\nHost: {where}\r\n\r\n".encode()
    )
    assert answer.startswith(b"HTTP/1.1 204")
    assert reached == [False]
    assert book.events() == ["connection", "result"]
    opened, ended = book.lines
    assert (opened.method, opened.path, opened.address) == ("GET", "/a?b=c", "127.0.0.1")
    assert (ended.of, ended.result) == (opened.number, "204")
    sent = came[0].get(timeout=5)
    assert sent.startswith(b"GET /a?b=c HTTP/1.1\r\n")
    assert (ended.bytes_up, ended.bytes_down) == (len(sent), len(answer))


def test_without_a_written_line_nothing_leaves(server: socket.socket) -> None:
    hosts, where = plain(server)
    book = Book(works=False)
    answer = through(hosts, book, f"GET http://{where}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 507")
    server.settimeout(0)
    with pytest.raises(BlockingIOError):
        server.accept()


@pytest.mark.parametrize(
    ("request_line", "why"),
    [
        ("CONNECT evil.example:443", "the host is not on the list"),
        ("CONNECT nothub.example:443", "the host is not on the list"),
        ("CONNECT hub.example.evil:443", "the host is not on the list"),
        ("CONNECT hub.example:22", "only port 443 is used"),
        ("CONNECT 127.0.0.1:443", "the host is not on the list"),
        ("GET http://hub.example/", "not encrypted"),
        ("GET http://127.0.0.1:1/", "not encrypted"),
        ("GET ftp://hub.example/", "not an address for a gate"),
        ("GET /", "not an address for a gate"),
        ("CONNECT user@hub.example:443", "not a host and a port"),
        ("CONNECT hub.example", "not a host and a port"),
    ],
)
def test_what_is_refused_is_a_line(server: socket.socket, request_line: str, why: str) -> None:
    hosts, _ = plain(server)
    book = Book()
    answer = through(hosts, book, f"{request_line} HTTP/1.1\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 403")
    assert [(line.event, line.result) for line in book.lines] == [("refused", why)]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (b"https://cdn.example/x", "302 sent on to cdn.example"),
        (b"/elsewhere", "302 sent on to the same host"),
        (b"http://[", "302 sent on to no address"),
        (b"https://\x1b[31mred\x9b\x00.example/", "302 sent on to no address"),
        (b"https://\x1b31mred\x9b\x00.example/", "302 sent on to ?31mred??.example"),
        (b"//" + b"a" * 20_000, f"302 sent on to {'a' * 300}"),
    ],
)
def test_where_a_server_sends_on_to_is_told_in_signs_that_can_be_read(
    server: socket.socket, address: bytes, told: str
) -> None:
    """What was no address ended the connection's thread, and its line said that it was cut off."""
    hosts, where = plain(server)
    book = Book()
    answering(server, b"HTTP/1.1 302 x\r\nLocation: " + address + b"\r\n\r\n")
    through(hosts, book, f"GET http://{where}/a HTTP/1.1\r\n\r\n".encode())
    assert book.lines[-1].result == told


def test_what_is_handed_over_and_no_socket_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ended the thread that takes connections, and the gate stood there for ever."""
    monkeypatch.setattr(process, "_finish", lambda passing: None)  # else it would end this one
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    lines: queue.SimpleQueue[Announce] = queue.SimpleQueue()
    taking = threading.Thread(
        target=process._take, args=(theirs, Hosts(NAMES), Book(lines.put).desk), daemon=True
    )
    taking.start()
    with Path(os.devnull).open() as nothing:
        packets.send(ours, b"[1,1]", [nothing.fileno()])
    inner, handed = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with inner:
        packets.send(ours, b"[7,1]", [handed.fileno()])
        handed.close()
        inner.sendall(b"CONNECT elsewhere.example:443 HTTP/1.1\r\n\r\n")
        assert lines.get(timeout=10).errand == 7
    assert taking.is_alive()
    ours.close()
    taking.join(10)
    theirs.close()


@pytest.mark.parametrize(
    "head",
    [
        b"hello\r\n\r\n",
        b"GET http://x/ HTTP/1.0\r\n\r\n",
        b"GET http://x/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET http://x/ HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET http://x/ HTTP/1.1\r\n folded\r\n\r\n",
        b"GET http://x/\xff HTTP/1.1\r\n\r\n",
        b"GET http://x/" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n",
        b"GET http://x/ HTTP/1.1\r\nA: " + b"a" * 70000,
    ],
)
def test_what_is_no_request_is_refused(server: socket.socket, head: bytes) -> None:
    hosts, _ = plain(server)
    book = Book()
    assert through(hosts, book, head)[:12] in (b"HTTP/1.1 403", b"")
    assert book.events() == ["refused"]


def test_a_second_request_on_one_connection_does_not_pass(server: socket.socket) -> None:
    hosts, where = plain(server)
    came = answering(server, b"HTTP/1.1 204 No Content\r\n\r\n")
    one = f"GET http://{where}/one HTTP/1.1\r\nHost: x\r\n\r\n"
    through(hosts, Book(), (one + one.replace("one", "two")).encode())
    assert b"two" not in came.get(timeout=5)


def test_a_listed_host_below_another() -> None:
    hosts = endpoint_of("", NAMES)
    assert hosts.refusal("cdn.HUB.example", 443, encrypted=True) == ""
    assert hosts.refusal("hub.example", 443, encrypted=True) == ""


@pytest.mark.parametrize(
    "url", ["http://mirror.example", "http://10.0.0.1:80", "file:///etc", "x", "http://[", ""]
)
def test_an_endpoint_that_is_not_taken(url: str) -> None:
    assert endpoint_of(url, NAMES) == Hosts(NAMES)


def test_a_hub_on_this_computer_may_keep_its_files_at_another_port() -> None:
    here = endpoint_of("http://127.0.0.1:8080", NAMES)
    assert here.refusal("localhost", 9000, encrypted=False) == ""
    assert here.refusal("10.0.0.1", 9000, encrypted=False) == "not encrypted"
    assert endpoint_of("", NAMES).refusal("localhost", 9000, encrypted=False) == "not encrypted"
    away = endpoint_of("https://mirror.example", NAMES)
    assert away.refusal("localhost", 9000, encrypted=False) == "not encrypted"


def test_a_mirror_may_keep_its_files_below_its_own_name() -> None:
    away = endpoint_of("https://mirror.example", NAMES)
    assert away.refusal("cdn.mirror.example", 443, encrypted=True) == ""
    for host, port in (("cdn.mirror.example", 8443), ("nomirror.example", 443), ("x.y", 443)):
        assert away.refusal(host, port, encrypted=True) == "the host is not on the list"
    assert away.refusal("cdn.mirror.example", 443, encrypted=False) == "not encrypted"
    here = endpoint_of("http://127.0.0.1:8080", NAMES)
    assert here.refusal("x.127.0.0.1", 443, encrypted=True) == "the host is not on the list"


def test_a_courier_that_has_enough_cuts_nothing_off(server: socket.socket) -> None:
    hosts, where = plain(server)

    def answer() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 206 Partial\r\n\r\n" + bytes(4096))
            connection.recv(1)  # it has more to say, until nobody listens

    book = Book()
    threading.Thread(target=answer, daemon=True).start()
    ours, theirs = socket.socketpair()
    gate = threading.Thread(target=serve, args=(theirs, 1, hosts, book.desk))
    gate.start()
    with ours:
        ours.settimeout(10)
        ours.sendall(f"GET http://{where}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert ours.recv(16).startswith(b"HTTP/1.1 206")
    gate.join(10)
    assert book.lines[-1].result == "206"


def test_a_name_that_is_looked_up_is_a_line(server: socket.socket) -> None:
    port = server.getsockname()[1]
    hosts = endpoint_of(f"http://localhost:{port}", NAMES)
    answering(server, b"HTTP/1.1 204 No Content\r\n\r\n")
    book = Book()
    through(hosts, book, f"GET http://localhost:{port}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert book.events()[:2] == ["look-up", "result"]
    assert "127.0.0.1" in book.lines[1].result
    assert [line.address for line in book.lines if line.event == "connection"][-1] == "127.0.0.1"


def test_what_is_not_reached_is_two_lines() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        hosts, where = plain(server)
    book = Book()
    answer = through(hosts, book, f"GET http://{where}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 421")
    assert [(line.event, line.result) for line in book.lines] == [
        ("connection", ""),
        ("result", "Connection refused"),
    ]


class InProcess(httpcore2.NetworkBackend):
    """The courier's side, with the gate on a thread instead of in a process."""

    def __init__(self, hosts: Hosts, book: Book) -> None:
        self.hosts = hosts
        self.book = book

    def connect_tcp(self, *_: object, **__: object) -> httpcore2.NetworkStream:
        ours, theirs = socket.socketpair()
        threading.Thread(
            target=serve, args=(theirs, 1, self.hosts, self.book.desk), daemon=True
        ).start()
        return GateStream(ours.detach())


def test_encrypted_through_the_gate(server: socket.socket, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate, key)
    body = bytes(range(256)) * 4096

    def run() -> None:
        connection, _ = server.accept()
        with served.wrap_socket(connection, server_side=True) as tls:
            tls.recv(65536)
            tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            tls.recv(1)

    threading.Thread(target=run, daemon=True).start()
    port = server.getsockname()[1]
    book = Book()
    hosts = endpoint_of(f"https://localhost:{port}", NAMES)
    trusted = ssl.create_default_context(cafile=str(certificate))
    with httpcore2.HTTPProxy(
        GATE, ssl_context=trusted, network_backend=InProcess(hosts, book)
    ) as pool:
        answer = pool.request("GET", f"https://localhost:{port}/secret")
        assert answer.content == body
    connected = [line for line in book.lines if line.event == "connection"][-1]
    assert (connected.method, connected.path) == ("CONNECT", "")
    for _ in range(100):
        if book.events()[-1] == "result":
            break
        time.sleep(0.02)
    assert book.lines[-1].of == connected.number
    assert book.lines[-1].bytes_down > len(body)
    assert not any("secret" in repr(line) for line in book.lines)


@pytest.mark.parametrize(
    ("target", "host", "port"),
    [
        ("http://::1:8080/a", "::1", 8080),
        ("http://[::1]:8080/a", "::1", 8080),
        ("http://[::1]/a", "::1", 80),
        ("http://127.0.0.1:8080/a", "127.0.0.1", 8080),
        ("http://localhost:8080/a:1/b", "localhost", 8080),
    ],
)
def test_where_an_address_leads(target: str, host: str, port: int) -> None:
    head = parse(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert (head.host, head.port, head.path[:2]) == (host, port, "/a")
    hosts = endpoint_of(f"http://{f'[{host}]' if ':' in host else host}:{port}", ())
    assert hosts.refusal(head.host, head.port, encrypted=False) == ""


def test_what_may_wait_between_server_and_courier_is_limited(
    server: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts, where = plain(server)
    outer: list[socket.socket] = []
    connect = socket.create_connection
    monkeypatch.setattr(
        socket, "create_connection", lambda *said: outer.append(connect(*said)) or outer[0]
    )
    ours, theirs = socket.socketpair()
    threading.Thread(target=serve, args=(theirs, 1, hosts, Book().desk), daemon=True).start()
    with ours:
        ours.sendall(f"GET http://{where}/ HTTP/1.1\r\nHost: {where}\r\n\r\n".encode())
        connection, _ = server.accept()
        with connection:
            connection.settimeout(10)
            assert connection.recv(65536), "the gate has set its limits before it asks"
            # Nothing has come yet: Linux raises the window for whoever reads fast.
            clamp = outer[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_WINDOW_CLAMP)
            assert clamp == LEAST_WINDOW
            assert theirs.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 2 * BETWEEN
