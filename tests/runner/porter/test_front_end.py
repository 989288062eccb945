"""The porter's end of its socket: never waits, loses no count, keeps no descriptor."""

import os
import socket
from collections.abc import Iterator

import pytest

from runner.porter import front_end
from runner.porter.front_end import FrontEnd
from runner.porter.wire import Attempt, Gone, Started, decode_answer


@pytest.fixture
def ends() -> Iterator[tuple[FrontEnd, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    yield FrontEnd(ours), theirs
    ours.close()
    theirs.close()


def attempt(total: int) -> Attempt:
    return Attempt(number=1, pid=2, call="socket IPv4", at=0.0, total=total)


def drain(front: FrontEnd, socket_: socket.socket) -> list[object]:
    """Reads everything, letting the porter's side go on whenever there is room again."""
    socket_.setblocking(False)
    got: list[object] = []
    while True:
        try:
            datagram, descriptors, _, _ = socket.recv_fds(socket_, 1 << 20, 4)
        except BlockingIOError:
            front.flush()
            if not front.behind:
                try:
                    datagram, descriptors, _, _ = socket.recv_fds(socket_, 1 << 20, 4)
                except BlockingIOError:
                    return got
            else:
                continue
        for descriptor in descriptors:
            os.close(descriptor)
        got.append(decode_answer(datagram))


def test_a_front_end_that_hangs_loses_reports_and_no_count(
    ends: tuple[FrontEnd, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front_end, "MOST_WAITING", 50)
    front, theirs = ends
    for total in range(1, 5001):
        front.send(attempt(total))
    front.send(Gone(number=9, how="exit", status=0, tail=""))
    got = drain(front, theirs)
    attempts = [answer for answer in got if isinstance(answer, Attempt)]
    assert len(attempts) < 5000
    assert attempts[-1].total == 5000
    assert Gone(number=9, how="exit", status=0, tail="") in got


def test_descriptors_wait_with_their_answer_and_are_closed_after(
    ends: tuple[FrontEnd, socket.socket],
) -> None:
    front, theirs = ends
    while not front.behind:
        front.send(attempt(1))
    reading, writing = os.pipe()
    front.send(Started(number=3, pid=4), [writing])
    os.fstat(writing)
    assert Started(number=3, pid=4) in drain(front, theirs)
    with pytest.raises(OSError, match="Bad file"):
        os.fstat(writing)
    assert os.read(reading, 1) == b"", "the received copy was the last one"
    os.close(reading)


def test_a_front_end_that_is_gone_leaves_nothing_open(
    ends: tuple[FrontEnd, socket.socket],
) -> None:
    front, theirs = ends
    theirs.close()
    reading, writing = os.pipe()
    front.send(Started(number=3, pid=4), [writing])
    assert not front.behind
    assert os.read(reading, 1) == b""
    os.close(reading)
    assert front.receive() is None
