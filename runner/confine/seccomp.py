"""The filter of system calls: the first wall, and the one that counts attempts.

Two filters. The first sends the calls that somebody who wants out would make to the porter, which
counts and refuses them; the second refuses at once what is left: the call by which the first one's
listener is handed over, and what libraries ask for by themselves (decision 0203). The kernel takes
the stricter of two verdicts and holds a refusal stricter than a notification, so the second must
not name what the first does. Where no listener can be had, one filter refuses all.
"""

import ctypes
import errno
import os
from collections.abc import Iterable

from runner.confine import bpf, judged
from runner.confine.bpf import ALLOW, KILL_PROCESS, USER_NOTIFY, Program, refuse_with
from runner.confine.openings import NOTHING, STREAM_BIT, Opening
from runner.confine.prctl import PR_SET_NO_NEW_PRIVS, RefusalError, library, prctl
from runner.confine.syscalls import (
    KERNEL,
    MARKS,
    OTHERS,
    PROGRAMS,
    RINGS,
    SHARED,
    SOCKETS,
    SPACES,
    X32_BIT,
    audit_number,
    known,
    numbers,
)

SET_MODE_FILTER = 1
TSYNC, NEW_LISTENER, TSYNC_ESRCH, WAIT_KILLABLE = 1, 8, 16, 32

UNIX_FAMILY = 1
FOR_DATAGRAMS = 0xA
"""Bits of a socket's type that neither a stream (1) nor a stream of packets (5) has."""

LOCAL_SOCKETS = ("socket", "socketpair")
"""Where local sockets are allowed, the family decides, and whether they must be connected first.

A socket for datagrams could send to any local address by name, past the porter.
"""

ASKED = ("connect",)
"""Where local sockets are allowed, the porter decides, and does it: an address lies in memory."""

ALL = (*SOCKETS, *RINGS, *PROGRAMS, *OTHERS, *SPACES, *KERNEL, *SHARED, *MARKS)

HANDS_OVER, HANDED_ON = "sendmsg", 5
"""The call by which the listener is handed to the porter, and the descriptor on which; a test holds the
number and the channel's together. The first filter must let it through, so the second refuses it."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def denied(*, local_sockets: bool, opening: Opening = NOTHING) -> list[str]:
    """Returns the calls that are refused, by name; of some the arguments decide."""
    groups = [*RINGS, *PROGRAMS, *OTHERS, *SPACES, *KERNEL]
    if not local_sockets:
        groups += [*SOCKETS, *SHARED, *MARKS]
    return [name for name in known(groups) if name not in opening.allowed]


def told(*, local_sockets: bool, opening: Opening = NOTHING) -> list[str]:
    """Returns the calls whose refusals the porter hears of, by name; of some the arguments decide."""
    refused = {*denied(local_sockets=local_sockets, opening=opening), *LOCAL_SOCKETS}
    refused |= set(ASKED) if local_sockets else set()
    return [*(name for name in known(ALL) if name in refused), *judged.CALLS]


def attempts_program(*, local_sockets: bool, own_pid: int, opening: Opening = NOTHING) -> Program:
    """Builds the filter whose refusals the porter counts; arguments as of `refusals_program`."""
    program = _entrance()
    for name in told(local_sockets=local_sockets, opening=opening):
        body = _body(name, USER_NOTIFY, own_pid, opening, local_sockets=local_sockets)
        if name == HANDS_OVER and not opening.sends_anywhere:
            body = [bpf.argument(0), *bpf.when_equal(HANDED_ON, ALLOW), *body]
        program += bpf.for_number(numbers()[name], body)
    return [*program, bpf.verdict(ALLOW)]


def refusals_program(
    *, local_sockets: bool, besides: Iterable[str], own_pid: int, opening: Opening = NOTHING
) -> Program:
    """Builds the filter that refuses at once.

    Args:
        local_sockets: the posture may use AF_UNIX.
        besides: calls that another filter answers for.
        own_pid: the only process that this one may signal.
        opening: what it may do with sockets all the same.
    """
    answered, refused = set(besides), refuse_with(errno.EPERM)
    if local_sockets:
        answered |= set(ASKED)  # without a porter to ask, nobody can see where it leads
    program = _entrance()
    for name in told(local_sockets=local_sockets, opening=opening):
        if name not in answered:
            body = _body(name, refused, own_pid, opening, local_sockets=local_sockets)
        elif name == HANDS_OVER and not opening.sends_anywhere:
            body = [bpf.argument(0), *bpf.if_equal(HANDED_ON, refused, ALLOW)]
        else:
            continue
        program += bpf.for_number(numbers()[name], body)
    program += bpf.for_number(numbers()["clone3"], judged.in_memory())
    return [*program, bpf.verdict(ALLOW)]


def install(program: Program, *, listener: bool) -> int:
    """Puts a filter over every thread of this process, for good.

    Args:
        program: the filter.
        listener: ask for the descriptor on which refused calls are reported.

    Returns:
        The listener, or 0.

    Raises:
        RefusalError: where the kernel refuses, such as a second listener.
    """
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    if not listener:
        return _install(program, TSYNC)
    try:
        # Without the last flag, a signal while the porter thinks would report a call twice.
        return _install(program, TSYNC | TSYNC_ESRCH | NEW_LISTENER | WAIT_KILLABLE)
    except RefusalError as refusal:
        if refusal.errno != errno.EINVAL:
            raise
        return _install(program, TSYNC | TSYNC_ESRCH | NEW_LISTENER)


def _install(program: Program, flags: int) -> int:
    packed = bpf.pack(program)
    described = _Program(len(program), packed)
    result: int = library().syscall(
        ctypes.c_long(numbers()["seccomp"]),
        ctypes.c_ulong(SET_MODE_FILTER),
        ctypes.c_ulong(flags),
        ctypes.byref(described),
    )
    if result < 0:
        number = ctypes.get_errno()
        raise RefusalError(number, f"seccomp: {os.strerror(number)}")
    return result


def _entrance() -> Program:
    """Ends a process that comes through another interface; loads the call's number."""
    return [
        bpf.load(bpf.ARCHITECTURE),
        *bpf.unless_equal(audit_number(), KILL_PROCESS),
        bpf.load(bpf.NUMBER),
        *bpf.if_at_least(X32_BIT, KILL_PROCESS),
    ]


def _body(
    name: str, refused: int, own_pid: int, opening: Opening, *, local_sockets: bool
) -> Program:
    """Returns what decides about a call: `ALLOW`, or the verdict for one that is refused."""
    if judge := opening.judged.get(name):
        return judge(refused)
    if name in judged.CALLS:
        return judged.body(name, own_pid, refused)
    if local_sockets and name in LOCAL_SOCKETS:
        return _connected_only(refused)
    return [bpf.verdict(refused)]


def _connected_only(refused: int) -> Program:
    """Allows local sockets that must be connected before anything is sent."""
    return [
        bpf.argument(0),
        *bpf.unless_equal(UNIX_FAMILY, refused),
        bpf.argument(1),
        *bpf.if_any_bit(FOR_DATAGRAMS, refused),
        *bpf.if_any_bit(STREAM_BIT, ALLOW),
        bpf.verdict(refused),
    ]
