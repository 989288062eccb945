"""A proxy of the person's network: asked for a tunnel, told in the ledger, and only where it is for."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from runner.gate.hosts import Hosts, hosts
from runner.gate.proxy import Proxy, proxy_of
from tests.runner.gate.test_passage import Book, through

TUNNEL = b"CONNECT hub.example:443 HTTP/1.1\r\nHost: hub.example:443\r\n\r\n"


class FakeProxy:
    """Answers requests for a tunnel, and is the far side of it too."""

    def __init__(self, answer: bytes) -> None:
        self.asked = b""
        self._answer = answer
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(10)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # nobody came before the test was over
            connection, _ = self.server.accept()
            with connection:
                while b"\r\n\r\n" not in self.asked:
                    self.asked += connection.recv(4096)
                connection.sendall(self._answer)
                if b" 200 " in self._answer:
                    connection.sendall(b"from the far side")

    @property
    def port(self) -> int:
        port: int = self.server.getsockname()[1]
        return port


@pytest.fixture
def proxies() -> Iterator[list[FakeProxy]]:
    made: list[FakeProxy] = []
    yield made
    for one in made:
        one.server.close()


def by(proxy: FakeProxy, login: str = "") -> Hosts:
    address = f"http://{login}127.0.0.1:{proxy.port}"
    return Hosts(("hub.example",), proxy=proxy_of({"HTTPS_PROXY": address}))


def test_a_tunnel_through_a_proxy_is_a_line(proxies: list[FakeProxy]) -> None:
    proxies.append(FakeProxy(b"HTTP/1.1 200 OK\r\n\r\n"))
    book = Book()
    answer = through(by(proxies[0], "me:s%40cret@"), book, TUNNEL)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"from the far side")
    head = proxies[0].asked.decode()
    assert head.startswith("CONNECT hub.example:443 HTTP/1.1\r\n")
    assert "Proxy-Authorization: Basic bWU6c0BjcmV0\r\n" in head
    connection, result = book.lines
    assert (connection.host, connection.address) == ("hub.example", "127.0.0.1")
    assert result.result == f"closed, through the proxy 127.0.0.1:{proxies[0].port}"
    assert "cret" not in str(book.lines)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", b"407"),
        (b"HTTP/1.1 503 Down\r\n\r\n", b"502"),
        (b"", b"502"),
        (b"nonsense\r\n\r\n", b"502"),
    ],
)
def test_a_proxy_that_gives_no_tunnel_is_told_apart(
    proxies: list[FakeProxy], said: bytes, status: bytes
) -> None:
    proxies.append(FakeProxy(said))
    book = Book()
    answer = through(by(proxies[0]), book, TUNNEL)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert book.events() == ["connection", "result"]


def test_a_host_that_is_not_listed_is_refused_before_the_proxy_is_asked(
    proxies: list[FakeProxy],
) -> None:
    proxies.append(FakeProxy(b""))
    book = Book()
    request = TUNNEL.replace(b"hub.example", b"evil.example")
    assert through(by(proxies[0]), book, request).startswith(b"HTTP/1.1 403")
    assert proxies[0].asked == b""


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "proxy.example:3128"}, Proxy("proxy.example", 3128)),
        ({"all_proxy": "http://proxy.example"}, Proxy("proxy.example", 80)),
        ({"HTTP_PROXY": "http://proxy.example"}, None),
    ],
)
def test_the_persons_variables_are_read(environment: dict[str, str], proxy: Proxy | None) -> None:
    assert hosts(environment).proxy == proxy


@pytest.mark.parametrize(
    ("address", "why"),
    [("socks5://me:s@127.0.0.1:1", "kind socks5"), ("socks5h://127.0.0.1:1", "kind socks5h"),
     ("https://127.0.0.1:1", "kind https"), ("s3cret://127.0.0.1:1", "kind another"),
     ("http://[bad", "can't be read"), ("http://", "can't be read"), ("http://h:x", "can't be read")],
)  # fmt: skip
def test_nothing_goes_past_a_proxy_that_cannot_be_asked(address: str, why: str) -> None:
    book = Book()
    unfit = Hosts(("hub.example",), proxy=proxy_of({"ALL_PROXY": address, "NO_PROXY": "b.example"}))
    answer = through(unfit, book, TUNNEL)
    assert answer.startswith(b"HTTP/1.1 501 Gate: the proxy can't be used: ")
    assert why in answer.decode()
    assert book.events() == ["refused"], "no name was looked up either"
    assert unfit.way("b.example", encrypted=True) is None, "what is excepted goes straight"


@pytest.mark.parametrize(
    ("without", "host", "straight"),
    [("", "hub.example", False), ("hub.example", "hub.example", True),
     (".example", "hub.example", True), ("example", "hub.example", True),
     ("*", "hub.example", True), ("b.example", "hub.example", False), ("", "127.0.0.1", True)],
)  # fmt: skip
def test_what_the_person_excepts_is_reached_straight(
    without: str, host: str, *, straight: bool
) -> None:
    found = hosts({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": without})
    assert (found.way(host, encrypted=True) is None) is straight
    assert found.way(host, encrypted=False) is None
