"""Listen only: a service answers this computer, and begins no connection by any way."""

import queue
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from runner.confine.doors import DoorLabel
from runner.confine.labels import Label
from runner.porter.client import PorterClient
from runner.porter.handle import Child
from runner.porter.wire import Facts
from runner.protocol import reader
from runner.protocol.common import Ended
from runner.reader_client import ReaderClient
from tests.support import routes
from tests.support.porter import running_porter

pytestmark = pytest.mark.fault
WAIT_S = 30
NO_OTHER_WAY = (
    "tcp4", "tcp6", "udp4", "tcp fast open", "mptcp", "unix path", "unix abstract", "unix pair", "netlink",
    "raw call", "io_uring", "program", "read parent", "write a file", "read a secret",
)  # fmt: skip


class Service:
    """The service of a porter, and what was proved of it."""

    def __init__(self, porter: PorterClient, facts: "queue.SimpleQueue[Any]") -> None:
        self.client = ReaderClient(porter, kind="listening")
        self.ask("double", 2, int)
        self.facts: Facts = next(f for f in iter(facts.get, None) if isinstance(f, Facts))
        (opening,) = [one for one in self.facts.openings if one.startswith("listens on ")]
        host, _, port = opening.removeprefix("listens on ").rpartition(":")
        self.address = (host, int(port))

    def ask(self, job: str, argument: object, shape: Any) -> Any:
        answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.client.ask(job, argument, shape, answers.put, answers.put)
        answer = answers.get(timeout=WAIT_S)
        assert not isinstance(answer, Exception), answer
        return answer

    def hears(self) -> bytes:
        with socket.create_connection(self.address, timeout=WAIT_S) as connection:
            connection.sendall(b"you")
            return connection.recv(100)


@pytest.fixture
def target() -> Iterator[socket.socket]:
    """Somebody whom it should not reach."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def service(**settings: object) -> Iterator[Service]:
    facts: queue.SimpleQueue[Any] = queue.SimpleQueue()
    with running_porter(facts.put, **settings) as porter:
        made = Service(porter, facts)
        yield made
        made.client.close()


@pytest.fixture
def closed() -> Iterator[Service]:
    yield from service()


def test_it_answers_and_begins_nothing(closed: Service, target: socket.socket) -> None:
    assert closed.facts.label == DoorLabel.LISTENS
    assert closed.facts.missing == ()
    assert closed.address[0] == "127.0.0.1"
    assert closed.hears() == b"heard you"
    where = target.getsockname()
    aims = routes.Targets(tcp4=where[1], secret="/etc/passwd", folder="/tmp")
    tried = {n: closed.ask("route", (n, aims), str) for n in NO_OTHER_WAY}
    assert {name: how for name, how in tried.items() if how == "open"} == {}
    assert closed.ask("connect", where, str) == "EPERM"
    assert closed.hears() == b"heard you", "the tries have changed nothing"
    assert closed.ask("turn around", where, str) == "EPERM"
    with pytest.raises(BlockingIOError):
        target.accept()


def test_without_the_filter_it_gets_out_and_the_label_says_so(target: socket.socket) -> None:
    for open_one in service(walls=["capabilities", "landlock", "private porter"]):
        assert open_one.facts.label == Label.WATCHED
        assert open_one.ask("route", ("unix pair", routes.Targets()), str) == "open"
        assert open_one.ask("turn around", target.getsockname(), str) == "open"
        target.setblocking(True)
        target.settimeout(WAIT_S)
        with target.accept()[0] as reached:
            assert reached.recv(3) == b"out", "the way that the filter closes is a real one"


def test_a_port_that_is_none_or_taken_is_refused(target: socket.socket) -> None:
    with running_porter() as porter:
        for port in ("no", "-1", "70000", str(target.getsockname()[1])):
            ended: queue.SimpleQueue[Ended] = queue.SimpleQueue()
            child: Child = porter.start(
                "listening", options={"port": port}, events=reader.Event, on_event=ended.put
            )
            assert child.wait(WAIT_S)
            assert ended.get().tail.startswith(("porter.bad_request", "porter.cannot_start"))
