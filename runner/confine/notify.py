"""The porter's end of a listener: learns which call the kernel holds, and refuses it."""

import errno
import fcntl
import struct
from dataclasses import dataclass

from runner.confine.syscalls import numbers

RECEIVE, SEND = 0xC0502100, 0xC0182101
NOTIFICATION = struct.Struct("=QII iIQ6Q")
RESPONSE = struct.Struct("=QqiI")

FAMILIES = {1: "unix", 2: "IPv4", 10: "IPv6", 16: "netlink", 17: "packet", 40: "vsock"}


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was refused: its name, with the family of addresses where it asked for one."""

    name: str
    thread: int


def refuse(listener: int) -> Call | None:
    """Refuses the call that waits; returns it, or None where none waits any more."""
    described = bytearray(NOTIFICATION.size)
    try:
        fcntl.ioctl(listener, RECEIVE, described)
    except OSError:
        return None  # the caller was killed while it waited
    number, thread, _, call, _, _, first, *_ = NOTIFICATION.unpack(described)
    answer = RESPONSE.pack(number, 0, -errno.EPERM, 0)
    try:
        fcntl.ioctl(listener, SEND, answer)
    except OSError:
        return None  # it is not waiting any more, so nothing was refused
    return Call(_name(call, first), thread)


def _name(call: int, first: int) -> str:
    names = {number: name for name, number in numbers().items()}
    name = names.get(call, f"call {call}")
    if name in ("socket", "socketpair"):
        return f"{name} {FAMILIES.get(first & 0xFFFFFFFF, first & 0xFFFFFFFF)}"
    return name
