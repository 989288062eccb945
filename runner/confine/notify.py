"""The porter's end of a listener: learns which call the kernel holds, and answers it."""

import struct
import sys

from runner.confine import judged
from runner.confine.syscalls import numbers
from runner.values import Value

if sys.platform != "win32":
    import fcntl

RECEIVE, SEND, VALID = 0xC0502100, 0xC0182101, 0x40082102
CONTINUE = 1
NOTIFICATION = struct.Struct("=QII iIQ6Q")
RESPONSE = struct.Struct("=QqiI")

FAMILIES = {1: "unix", 2: "IPv4", 10: "IPv6", 16: "netlink", 17: "packet", 40: "vsock"}


class Call(Value):
    """A call that waits: its name, with the family of addresses or the request that it asked for."""

    name: str
    thread: int
    arguments: tuple[int, ...]
    number: int


def receive(listener: int) -> Call | None:
    """Returns the call that waits, or None where none waits any more."""
    described = bytearray(NOTIFICATION.size)
    if not _asked(listener, RECEIVE, described):
        return None  # the caller was killed while it waited
    number, thread, _, call, _, _, *arguments = NOTIFICATION.unpack(described)
    return Call(_name(call, tuple(arguments)), thread, tuple(arguments), number)


def answer(listener: int, call: Call, error: int) -> bool:
    """Lets a call end: with an error's number, or as done with 0; False where it waits no more."""
    return _asked(listener, SEND, RESPONSE.pack(call.number, 0, -error, 0))


def let_go(listener: int, call: Call) -> bool:
    """Lets the kernel do a call as it was asked; False where that can't be, or it waits no more."""
    return _asked(listener, SEND, RESPONSE.pack(call.number, 0, 0, CONTINUE))


def is_waiting(listener: int, call: Call) -> bool:
    """Says whether a call still waits: else its thread is gone, and its number may be another's."""
    return _asked(listener, VALID, struct.pack("=Q", call.number))


def _asked(listener: int, what: int, message: bytearray | bytes) -> bool:
    try:
        if sys.platform != "win32":
            fcntl.ioctl(listener, what, message)
    except OSError:
        return False
    return sys.platform != "win32"


def _name(call: int, arguments: tuple[int, ...]) -> str:
    names = {number: name for name, number in numbers().items()}
    name = names.get(call, f"call {call}")
    if name in ("socket", "socketpair"):
        family = arguments[0] & 0xFFFFFFFF
        return f"{name} {FAMILIES.get(family, family)}"
    return f"{name} {judged.detail(name, arguments)}".rstrip()
