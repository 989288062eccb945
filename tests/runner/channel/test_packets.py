"""Packets keep apart whatever the stream makes of them, and let no descriptor go astray."""

import array
import contextlib
import errno
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.channel import packets
from runner.channel.packets import (
    CutShort,
    Inbox,
    Outbox,
    Packet,
    PacketError,
    TooLong,
    framed,
)

LONGEST, MOST = 5000, 4
Said = list[tuple[bytes, int]]
"""What is sent: data, and how many descriptors come along."""

said = st.lists(st.tuples(st.binary(max_size=300), st.integers(0, MOST)), max_size=8)
cuts = st.lists(st.integers(0, 3000), max_size=20)


@contextlib.contextmanager
def pair(*, blocking: bool = False) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a stream; every descriptor that was opened meanwhile must be closed at the end."""
    before = open_descriptors()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with ours, theirs:
        ours.setblocking(blocking)
        theirs.settimeout(5)
        yield ours, theirs
    assert open_descriptors() == before


def open_descriptors() -> set[str]:
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


@contextlib.contextmanager
def files(count: int) -> Iterator[list[int]]:
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(count)]
    try:
        yield opened
    finally:
        for one in opened:
            os.close(one)


def pass_on(connection: socket.socket, data: bytes, descriptors: Sequence[int]) -> None:
    """Sends bytes with descriptors as any peer may."""
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))
    assert connection.sendmsg([data], [rights] if descriptors else []) == len(data)


def take(inbox: Inbox) -> list[Packet]:
    """Takes what is whole."""
    got: list[Packet] = []
    with contextlib.suppress(BlockingIOError):
        while (packet := inbox.receive()) is not None:
            got.append(packet)
            for descriptor in packet.descriptors:
                assert not os.get_inheritable(descriptor)
                os.close(descriptor)
    return got


def as_said(got: list[Packet]) -> Said:
    return [(packet.data, len(packet.descriptors)) for packet in got]


@given(said, cuts)
@settings(max_examples=60, deadline=None)
def test_packets_stay_apart_wherever_the_stream_is_cut(what: Said, places: list[int]) -> None:
    """Descriptors belong to the packet whose first byte they came with, whatever came in one go."""
    with pair() as (ours, theirs), files(MOST) as opened:
        inbox = Inbox(ours, LONGEST, MOST)
        got: list[Packet] = []
        stream, starts = b"", {}
        for data, count in what:
            starts[len(stream)] = count
            stream += framed(data)
        edges = sorted({*(place for place in places if place < len(stream)), *starts, len(stream)})
        for start, end in zip([0, *edges], edges, strict=False):
            if start < end:
                pass_on(theirs, stream[start:end], opened[: starts.get(start, 0)])
                if start in places:
                    got += take(inbox)
        got += take(inbox)
        assert as_said(got) == what
        theirs.close()
        assert inbox.receive() is None


@given(said, st.integers(0, 200))
@settings(max_examples=40, deadline=None)
def test_an_end_within_a_packet_is_told_from_an_end(what: Said, missing: int) -> None:
    with pair() as (ours, theirs), files(MOST) as opened:
        inbox = Inbox(ours, LONGEST, MOST)
        for data, count in what:
            pass_on(theirs, framed(data), opened[:count])
        last = framed(b"x" * 100)
        pass_on(theirs, last[: max(1, len(last) - 1 - missing)], opened)
        theirs.close()
        with pytest.raises(CutShort):
            take(inbox)
        with pytest.raises(CutShort):
            inbox.receive()


@given(st.integers(LONGEST + 1, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_a_hostile_length_is_refused_before_anything_is_kept(claimed: int) -> None:
    with pair() as (ours, theirs), files(MOST) as opened:
        inbox = Inbox(ours, LONGEST, MOST)
        pass_on(theirs, packets.HEADER.pack(claimed) + b"x" * 64, opened)
        for _ in range(2):
            with pytest.raises(TooLong):
                inbox.receive()


@given(st.binary(max_size=2000))
@settings(max_examples=60, deadline=None)
def test_noise_ends_in_packets_or_in_an_error(noise: bytes) -> None:
    with pair() as (ours, theirs):
        inbox = Inbox(ours, LONGEST)
        if noise:
            theirs.send(noise)
        theirs.close()
        read = b""
        with contextlib.suppress(PacketError):
            while (packet := inbox.receive()) is not None:
                read += framed(packet.data)
        assert noise.startswith(read)


def test_the_longest_packet_passes_and_one_byte_more_does_not() -> None:
    with pair(blocking=True) as (ours, theirs):
        inbox = Inbox(ours, LONGEST)
        packets.send(theirs, b"x" * LONGEST)
        assert inbox.receive() == Packet(b"x" * LONGEST)
        packets.send(theirs, b"x" * (LONGEST + 1))
        with pytest.raises(TooLong):
            inbox.receive()


@pytest.mark.parametrize(("most", "sent"), [(0, 1), (0, 253), (1, 2), (1, 3), (4, 253)])
def test_descriptors_that_nobody_wants_are_closed(most: int, sent: int) -> None:
    with pair() as (ours, theirs), files(1) as opened:
        inbox = Inbox(ours, LONGEST, most)
        packets.send(theirs, b"take these", opened * sent)
        packet = inbox.receive()
        assert packet is not None
        assert packet.data == b"take these"
        assert len(packet.descriptors) == min(most, sent)
        for descriptor in packet.descriptors:
            os.close(descriptor)


def test_descriptors_with_every_byte_are_no_more_than_with_one() -> None:
    with pair() as (ours, theirs), files(1) as opened:
        inbox = Inbox(ours, LONGEST, 1)
        before = len(open_descriptors())
        for byte in framed(b"a flood of them")[:-1]:
            pass_on(theirs, bytes([byte]), opened * 100)
            with pytest.raises(BlockingIOError):
                inbox.receive()
            assert len(open_descriptors()) <= before + 1
        inbox.forget()
        assert len(open_descriptors()) == before


FULL = """
import os, resource, socket, sys
from runner.channel import packets
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
packets.send(theirs, b"no room for these", [0] * 4)
resource.setrlimit(resource.RLIMIT_NOFILE, (ours.fileno() + 4, ours.fileno() + 4))
inbox = packets.Inbox(ours, 100, 4)
try:
    inbox.receive()
except packets.DescriptorsLost:
    print(len(os.listdir("/proc/self/fd")))
"""


def test_descriptors_that_were_lost_are_not_passed_over() -> None:
    root = Path(packets.__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", FULL],
        env={"PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    assert ran.stdout.strip() == "6", ran.stderr  # three streams, two ends, and the listing itself


@given(st.lists(st.integers(0, 200_000), min_size=1, max_size=6))
@settings(max_examples=15, deadline=None)
def test_what_has_no_room_waits_and_arrives_in_order(lengths: list[int]) -> None:
    with pair() as (ours, theirs), files(1) as opened:
        theirs.setblocking(False)
        outbox, inbox = Outbox(ours), Inbox(theirs, 200_000, 1)
        for number, length in enumerate(lengths):
            outbox.put(bytes([number]) * length, [os.dup(opened[0])])
        got: list[Packet] = []
        while len(outbox) or len(got) < len(lengths):
            outbox.flush()
            got += take(inbox)
        wanted = [(bytes([number]) * length, 1) for number, length in enumerate(lengths)]
        assert as_said(got) == wanted


def test_what_is_dropped_leaves_nothing_open() -> None:
    with pair() as (ours, theirs), files(1) as opened:
        outbox = Outbox(ours)
        outbox.put(b"x" * 1_000_000)
        outbox.put(b"y", [os.dup(opened[0])])
        outbox.flush()
        assert len(outbox) == 2, "the first is under way"
        theirs.close()
        with pytest.raises(OSError, match=r"Broken pipe|reset"):
            outbox.flush()
        outbox.forget()
        assert len(outbox) == 0


def test_a_long_packet_is_sent_whole_to_a_slow_reader() -> None:
    """Both ways to send one, the one of a process without calls of sockets too."""
    with pair(blocking=True) as (ours, theirs):
        long = os.urandom(3_000_000)

        def speak() -> None:
            packets.send(theirs, long)
            packets.write(theirs.fileno(), long)

        theirs.setblocking(True)
        speaking = threading.Thread(target=speak)
        speaking.start()
        inbox = Inbox(ours, len(long))
        assert [inbox.receive(), inbox.receive()] == [Packet(long)] * 2
        speaking.join(5)


def test_without_linuxs_own_flag_nothing_is_open_to_children(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packets, "_CLOSED_IN_CHILDREN", 0)
    with pair() as (ours, theirs), files(1) as opened:
        packets.send(theirs, b"", opened)
        (packet,) = take(Inbox(ours, LONGEST, 1))  # which looks
        assert len(packet.descriptors) == 1


@pytest.mark.parametrize("number", [errno.EMSGSIZE, errno.ENOBUFS])
def test_descriptors_that_find_no_room_on_macos_wait(number: int) -> None:
    """There it is an error, until the other side has read what lies before it."""
    with pair() as (ours, theirs), files(1) as opened:
        full = Full(ours, number)
        outbox, inbox = Outbox(full), Inbox(theirs, LONGEST, 1)  # type: ignore[arg-type]
        theirs.setblocking(False)
        outbox.put(b"later", [os.dup(opened[0])])
        outbox.flush()
        assert len(outbox) == 1
        packets.send(full, b"before", opened)  # type: ignore[arg-type]
        outbox.flush()
        assert as_said(take(inbox)) == [(b"before", 1), (b"later", 1)]
        full.times = 1
        outbox.put(b"no descriptor, so no such excuse")
        with pytest.raises(OSError, match="no room"):
            outbox.flush()


class Full:
    """A socket that says a few times what macOS says."""

    def __init__(self, connection: socket.socket, number: int) -> None:
        self._connection, self._number, self.times = connection, number, 3

    def sendmsg(self, *what: Any) -> int:
        if self.times:
            self.times -= 1
            raise OSError(self._number, "no room")
        return self._connection.sendmsg(*what)
