"""What three postures may do with sockets besides nothing: the courier's, the gate's, a service's.

The courier makes unnamed local pairs and hands one end of each to the gate over the one socket that
it was started with; it can make no socket that leads anywhere. The gate makes internet sockets,
and reaches nothing local. A service takes connections on the one socket that the porter opened for
it on this computer's own address, and answers them; it can begin none.
"""

import errno
from collections.abc import Callable, Mapping
from types import MappingProxyType

from runner.confine import bpf
from runner.confine.bpf import ALLOW, JUMP_EQUAL, Program
from runner.values import Value

NO_NETWORK = "no network"
LOCAL_ONLY = "local only"
GATE_ONLY = "gate only"
INTERNET = "internet"
LISTEN_ONLY = "listen only"
"""The postures, as `runner.porter.kinds.Posture` has them; a test holds the two together."""

LINK = 7
"""Where the courier and the gate find the socket between them, and a service the one it listens on."""

FAST_OPEN = 0x20000000
"""A flag that makes sending connect first; with it, a socket that listened could be turned around."""

UNIX, IPV4, IPV6, NETLINK = 1, 2, 10, 16
NOT_STREAM, STREAM_BIT, NEITHER_STREAM_NOR_DATAGRAM = 0xE, 0x1, 0xC
"""Bits of a socket's type; the flags beside it, such as close-on-exec, lie above these."""


class Opening(Value):
    """Calls on sockets that a posture may make.

    Attributes:
        allowed: calls that nothing is asked about.
        judged: calls whose arguments decide; each gives a body that ends in `ALLOW`, in what it
            is given, or in a refusal that is not counted.
        sends_anywhere: messages may go out on whatever socket it holds.
    """

    allowed: frozenset[str] = frozenset()
    judged: Mapping[str, Callable[[int], Program]] = MappingProxyType({})
    sends_anywhere: bool = False


NOTHING = Opening()


def opening(posture: str) -> Opening:
    """Returns what a posture may do with sockets."""
    if posture == GATE_ONLY:
        return Opening(
            judged={
                "socketpair": _local_stream,
                "sendmsg": _on_the_link,
                # Python's own class asks each socket that it is made of for its name.
                "getsockname": _at_once,
            }
        )
    if posture == INTERNET:
        return Opening(
            allowed=frozenset(
                {
                    "connect",
                    "sendto",
                    "sendmsg",
                    "sendmmsg",
                    "recvfrom",
                    "recvmsg",
                    "recvmmsg",
                    "shutdown",
                    "setsockopt",
                    "getsockopt",
                    "getsockname",
                    "getpeername",
                }
            ),
            judged={"socket": _internet},
        )
    if posture == LISTEN_ONLY:
        return Opening(
            allowed=frozenset(
                {
                    "accept",
                    "accept4",
                    "recvfrom",
                    "recvmsg",
                    "shutdown",
                    "setsockopt",
                    "getsockopt",
                    "getsockname",
                    "getpeername",
                }
            ),
            judged={"sendto": _to_nobody, "sendmsg": _not_connecting},
            sends_anywhere=True,
        )
    return NOTHING


def _at_once(_: int) -> Program:
    return [bpf.verdict(bpf.refuse_with(errno.EPERM))]


def _to_nobody(answer: int) -> Program:
    """Sends on what is connected; an address, or a connection made by the way, is refused."""
    return [
        bpf.argument(3),
        *bpf.if_any_bit(FAST_OPEN, answer),
        bpf.argument(4),
        *bpf.unless_equal(0, answer),
        bpf.upper_half(4),
        *bpf.unless_equal(0, answer),
        bpf.verdict(ALLOW),
    ]


def _not_connecting(answer: int) -> Program:
    return [bpf.argument(2), *bpf.if_any_bit(FAST_OPEN, answer), bpf.verdict(ALLOW)]


def _local_stream(answer: int) -> Program:
    """A stream only: a datagram socket could send to any local address by name."""
    return [
        bpf.argument(0),
        *bpf.unless_equal(UNIX, answer),
        bpf.argument(1),
        *bpf.if_any_bit(NOT_STREAM, answer),
        *bpf.if_any_bit(STREAM_BIT, ALLOW),
        bpf.verdict(answer),
    ]


def _on_the_link(answer: int) -> Program:
    return [bpf.argument(0), *bpf.if_equal(LINK, ALLOW, answer)]


def _internet(answer: int) -> Program:
    """Allows sockets of the internet.

    The system's library tries a local service and the list of interfaces at each look-up of a name:
    these two are refused at once, and not counted.
    """
    untold = bpf.refuse_with(errno.EPERM)
    return [
        bpf.argument(0),
        *bpf.when_equal(UNIX, untold),
        *bpf.when_equal(NETLINK, untold),
        (JUMP_EQUAL, 2, 0, IPV4),
        *bpf.unless_equal(IPV6, answer),
        bpf.argument(1),
        *bpf.if_any_bit(NEITHER_STREAM_NOR_DATAGRAM, answer),
        bpf.verdict(ALLOW),
    ]
