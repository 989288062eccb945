"""Packets over a stream between two processes of this computer, with descriptors that travel along.

A packet is four bytes that say its length, and that many bytes. Its descriptors travel with the
first of them. One read never reaches into the next packet: whatever descriptor comes belongs to the
packet that is being read, and whoever waits for the socket to be readable misses nothing.

Linux would keep packets apart by itself (`SOCK_SEQPACKET`), macOS would not; there is one way for
both (decision 0181). Standard library only, and nothing that takes time to import: every process
reads its plan by it before anything else.
"""

import array
import contextlib
import errno
import os
import socket
import struct
import sys
import time
from collections import deque
from collections.abc import Sequence

from runner.channel import waiting
from runner.values import Value

HEADER = struct.Struct("!I")
"""The length of what follows."""

MOST_IN_FLIGHT = 512
"""More descriptors than any system passes at once. There is room for all of them, so that those that
nobody wants arrive and are closed here: what does not fit is closed by some systems only."""

WITH_DESCRIPTORS = 512
"""So many bytes of a packet go with its descriptors at most; the others follow."""
NO_ROOM = frozenset({errno.EMSGSIZE, errno.ENOBUFS})
"""What macOS says where descriptors find no room just now; Linux waits, or says that it would."""
SOON_S, PATIENCE_S = 0.005, 10.0

if sys.platform == "win32":
    from typing import Protocol

    class Stream(Protocol):
        """What packets travel over: two pipes there, or a socket."""

        def recv_into(self, room: memoryview, /) -> int:
            """Reads what there is; returns how much that was, 0 at the end."""

        def send(self, data: memoryview, /) -> int:
            """Writes; returns how much of it."""

        def setblocking(self, flag: bool, /) -> None:
            """Says whether a read or a write waits."""

        def fileno(self) -> int:
            """Returns a descriptor of it."""

        def shutdown(self, how: int, /) -> None:
            """Says nothing more, and has the other side end."""

        def close(self) -> None:
            """Closes it."""
else:
    Stream = socket.socket

_ROOM = socket.CMSG_SPACE(MOST_IN_FLIGHT * 4) if hasattr(socket, "CMSG_SPACE") else 0
_CLOSED_IN_CHILDREN: int = getattr(socket, "MSG_CMSG_CLOEXEC", 0)


class PacketError(Exception):
    """What came is no packet of this channel; it can't be read further."""


class CutShort(PacketError):  # noqa: N818 - what happened
    """The other side ended within a packet."""


class TooLong(PacketError):  # noqa: N818 - as above
    """A packet claims to be longer than this side takes."""


class DescriptorsLost(PacketError):  # noqa: N818 - as above
    """The system had no room for descriptors that came along."""


class Packet(Value):
    """What one `send` gave.

    Attributes:
        descriptors: whoever receives it closes them; closed in children.
    """

    data: bytes
    descriptors: tuple[int, ...] = ()


class Inbox:
    """Reads packets; keeps what has come of one until the rest has.

    Never holds more than one packet of the length that is taken. After a `PacketError` it gives
    the same again: the channel is over. Thread: one.

    Args:
        connection: a local stream, blocking or not.
        longest: so many bytes a packet may have.
        most_descriptors: so many of a packet are given on, the others closed.
    """

    def __init__(self, connection: Stream, longest: int, most_descriptors: int = 0) -> None:
        self._connection = connection
        self._longest = longest
        self._most_descriptors = most_descriptors
        self._descriptors: list[int] = []
        self._expect(HEADER.size, is_header=True)

    def receive(self) -> Packet | None:
        """Returns the next packet, or None where the other side has ended after the last.

        Raises:
            BlockingIOError: the socket does not wait, and the packet is not whole yet.
            PacketError: it never will be.
            OSError: the other side is gone.
        """
        if self._is_header:
            if not self._fill():
                return None
            (length,) = HEADER.unpack(self._part)
            if length > self._longest:
                self.forget()
                raise TooLong(f"a packet claims {length} bytes")
            self._expect(length, is_header=False)
        self._fill()
        packet = Packet(bytes(self._part), tuple(self._descriptors))
        self._descriptors = []
        self._expect(HEADER.size, is_header=True)
        return packet

    def forget(self) -> None:
        """Closes the descriptors of a packet that is not whole."""
        _close(self._descriptors)
        self._descriptors = []

    def _expect(self, length: int, *, is_header: bool) -> None:
        self._part, self._filled, self._is_header = bytearray(length), 0, is_header

    def _fill(self) -> bool:
        """Reads until the part is full; False at the end of input before a packet's first byte."""
        while self._filled < len(self._part):
            count = self._read()
            if count == 0:
                if self._is_header and self._filled == 0:
                    return False
                self.forget()
                raise CutShort("the channel ended within a packet")
            self._filled += count
        return True

    def _read(self) -> int:
        room = memoryview(self._part)[self._filled :]
        if sys.platform == "win32":
            return self._connection.recv_into(room)
        else:
            count, ancillary, flags, _ = self._connection.recvmsg_into(
                [room], _ROOM, _CLOSED_IN_CHILDREN
            )
            for level, kind, data in ancillary:
                if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                    self._keep(data)
            if flags & socket.MSG_CTRUNC:
                self.forget()
                raise DescriptorsLost("descriptors that came along were lost")
            return count

    def _keep(self, data: bytes) -> None:
        received = array.array("i")
        received.frombytes(data[: len(data) - len(data) % received.itemsize])
        for descriptor in received:
            if len(self._descriptors) < self._most_descriptors:
                # Elsewhere than on Linux they arrive open to children.
                os.set_inheritable(descriptor, False)
                self._descriptors.append(descriptor)
            else:
                os.close(descriptor)


class Outbox:
    """Sends packets without ever waiting; what there is no room for waits here. Thread: one.

    Args:
        connection: a local stream that does not block.
    """

    def __init__(self, connection: Stream) -> None:
        self._connection = connection
        self._waiting: deque[tuple[memoryview, tuple[int, ...]]] = deque()

    def __len__(self) -> int:
        """Counts the packets that wait, one that is under way too."""
        return len(self._waiting)

    def put(self, data: bytes, descriptors: Sequence[int] = ()) -> None:
        """Keeps a packet for the next `flush`; its descriptors are closed once they are sent."""
        self._waiting.append((memoryview(framed(data)), tuple(descriptors)))

    def flush(self) -> None:
        """Sends what waits, as far as there is room.

        Raises:
            OSError: the other side is gone.
        """
        while self._waiting:
            left, descriptors = self._waiting[0]
            try:
                sent = _send(self._connection, left, descriptors)
            except OSError as error:
                if _is_full(error, descriptors):
                    return
                raise
            _close(descriptors)
            if sent == len(left):
                self._waiting.popleft()
            else:
                self._waiting[0] = (left[sent:], ())

    def forget(self) -> None:
        """Drops what waits, and closes its descriptors."""
        for _, descriptors in self._waiting:
            _close(descriptors)
        self._waiting.clear()


def framed(data: bytes) -> bytes:
    """Returns a packet as it travels."""
    return HEADER.pack(len(data)) + data


def send(connection: Stream, data: bytes, descriptors: Sequence[int] = ()) -> None:
    """Sends a packet whole, however many calls that takes; whoever has several threads has a lock.

    Only by `sendmsg`: the courier and a process that is being sealed may make no other call.

    Args:
        connection: a local stream that blocks, or has a time limit.
        data: what is sent.
        descriptors: travel along, and stay open here.

    Raises:
        OSError: the other side is gone, or did not read in time; the channel is over.
    """
    left = memoryview(framed(data))
    left = left[_send_first(connection, left, descriptors) :]
    while left:
        left = left[_send(connection, left, ()) :]


def stream(descriptor: int | None = None) -> socket.socket:
    """Returns a local stream: of a descriptor, else one that is connected to nobody yet.

    Raises:
        OSError: this system's library knows no local streams.
    """
    if sys.platform != "win32":
        return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, descriptor)
    raise OSError(errno.EAFNOSUPPORT, "no local streams on this system")


def stream_at(descriptor: int) -> Stream:
    """Returns the stream with which this process was started; on Windows its way out comes next."""
    if sys.platform == "win32":
        from runner.channel import windows_pipes

        return windows_pipes.Stream(descriptor, descriptor + 1)
    else:
        return stream(descriptor)


def pair() -> tuple[socket.socket, socket.socket]:
    """Returns the two ends of a local stream that has no name.

    Raises:
        OSError: this system's library knows no local streams.
    """
    if sys.platform != "win32":
        return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    raise OSError(errno.EAFNOSUPPORT, "no local streams on this system")


def read(descriptor: int, longest: int) -> bytes | None:
    """Returns one packet, read from a pipe that waits; None where it ends before a whole one.

    Raises:
        TooLong: it claims to be longer than is taken.
    """
    (length,) = HEADER.unpack(_read_whole(descriptor, HEADER.size) or bytes(HEADER.size))
    if length > longest:
        raise TooLong(f"a packet claims {length} bytes")
    return _read_whole(descriptor, length) or None


def write(descriptor: int, data: bytes) -> None:
    """Sends a packet from a process that may make no call of sockets any more."""
    left = memoryview(framed(data))
    while left:
        left = left[waiting.write(descriptor, left) :]


def _read_whole(descriptor: int, length: int) -> bytes:
    """Returns so many bytes, nothing where the input ends before."""
    data = b""
    while len(data) < length:
        more = os.read(descriptor, length - len(data))
        if not more:
            return b""
        data += more
    return data


def _send_first(connection: Stream, left: memoryview, descriptors: Sequence[int]) -> int:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return _send(connection, left, descriptors)
        except OSError as error:
            if not descriptors or error.errno not in NO_ROOM or time.monotonic() > until:
                raise
        time.sleep(SOON_S)


def _is_full(error: OSError, descriptors: Sequence[int]) -> bool:
    return isinstance(error, BlockingIOError) or (bool(descriptors) and error.errno in NO_ROOM)


def _send(connection: Stream, left: memoryview, descriptors: Sequence[int]) -> int:
    if sys.platform == "win32":
        if descriptors:
            raise OSError(errno.ENOTSUP, "no descriptor travels on this system")
        return connection.send(left)
    else:
        if not descriptors:
            return connection.sendmsg([left])
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))
        # Not with everything: macOS wants room at once for all the bytes that they go with.
        return connection.sendmsg([left[:WITH_DESCRIPTORS]], [rights])


def _close(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        with contextlib.suppress(OSError):  # one that was closed already is gone all the same
            os.close(descriptor)
