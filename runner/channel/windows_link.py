"""How two processes on Windows come to a connection of their own: the porter makes its pipes.

Nothing travels with a packet there, and neither of the two may open the other. So each has a stream to
the porter, their parent (`runner.porter.windows_relay`): one asks with a word for the other, and both get
the numbers of two pipes' ends in themselves. What is said over these, the porter never sees.
Standard library only: the porter imports it, on Windows alone.
"""

# ruff: noqa: E402, S101 - the first line tells checkers too that nobody else imports the others
import sys

assert sys.platform == "win32"

import struct

from runner.channel import packets
from runner.channel.windows_pipes import opened

NUMBERS = struct.Struct("!QQ")
"""The handles of a way in and a way out, in the process that is told them."""

LONGEST_WORD = 256


def told(way_in: int, way_out: int, word: bytes = b"") -> bytes:
    """Returns what the porter says of a new connection."""
    return NUMBERS.pack(way_in, way_out) + word


def heard(said: bytes) -> tuple[int, int, bytes]:
    """Returns the descriptors of a new connection's way in and way out, and the other side's word.

    Raises:
        OSError: the porter could make none.
    """
    if len(said) < NUMBERS.size:
        raise OSError(0, "there is no connection")
    way_in, way_out = NUMBERS.unpack_from(said)
    return opened(way_in), opened(way_out), said[NUMBERS.size :]


def asked(link: packets.Stream, word: bytes) -> tuple[int, int]:
    """Asks for a connection; returns its way in and its way out. One at a time.

    Raises:
        OSError: the porter is gone, or makes none.
    """
    packets.send(link, word)
    packet = packets.Inbox(link, NUMBERS.size).receive()
    way_in, way_out, _ = heard(packet.data if packet else b"")
    return way_in, way_out
