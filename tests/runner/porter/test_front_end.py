"""The porter's end of its socket: never waits, loses no count, keeps no descriptor."""

import os
import select
import socket
from collections.abc import Iterator

import pytest

from runner.channel import packets
from runner.channel.packets import Inbox
from runner.porter import front_end
from runner.porter.front_end import FrontEnd
from runner.porter.wire import (
    MAX_PACKET_BYTES,
    Attempt,
    Gone,
    Look,
    Started,
    decode_answer,
    decode_request,
    encode,
)


@pytest.fixture
def ends() -> Iterator[tuple[FrontEnd, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    yield FrontEnd(ours), theirs
    ours.close()
    theirs.close()


def attempt(total: int) -> Attempt:
    return Attempt(number=1, pid=2, call="socket IPv4", at=0.0, total=total)


def drain(front: FrontEnd, socket_: socket.socket) -> list[object]:
    """Reads everything, letting the porter's side go on whenever there is room again."""
    socket_.setblocking(False)
    inbox = Inbox(socket_, 1 << 20, 4)
    got: list[object] = []
    while True:
        try:
            packet = inbox.receive()
        except BlockingIOError:
            front.flush()
            if not select.select([socket_], [], [], 0)[0]:
                assert not front.behind
                return got
            continue
        assert packet is not None
        for descriptor in packet.descriptors:
            os.close(descriptor)
        got.append(decode_answer(packet.data))


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


def test_half_a_request_keeps_nobody_waiting(ends: tuple[FrontEnd, socket.socket]) -> None:
    front, theirs = ends
    asked = packets.framed(encode(Look(number=7)))
    for end in range(1, len(asked)):
        theirs.send(asked[end - 1 : end])
        assert front.receive() == b"", "the rest is on its way"
        front.send(attempt(end))
    theirs.send(asked[-1:])
    assert decode_request(front.receive() or b"") == Look(number=7)


@pytest.mark.parametrize("claimed", [MAX_PACKET_BYTES + 1, 2**32 - 1])
def test_who_claims_too_much_is_done_with(
    ends: tuple[FrontEnd, socket.socket], claimed: int
) -> None:
    front, theirs = ends
    theirs.send(packets.HEADER.pack(claimed) + b"x" * 100)
    assert front.receive() is None
