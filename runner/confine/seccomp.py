"""The filter of system calls: the first wall, and the one that counts attempts.

Two filters. The first sends the calls that somebody who wants out would make to the porter, which
counts and refuses them; the second refuses everything else that a posture does not need. The
kernel takes the stricter of two verdicts and holds a refusal stricter than a notification, so the
second must not name what the first does. Where no listener can be had, one filter refuses all.
"""

import ctypes
import errno
import os
from collections.abc import Iterable

from runner.confine import bpf
from runner.confine.bpf import ALLOW, KILL_PROCESS, USER_NOTIFY, Program, refuse_with
from runner.confine.openings import NOTHING, STREAM_BIT, Opening
from runner.confine.prctl import PR_SET_NO_NEW_PRIVS, RefusalError, library, prctl
from runner.confine.syscalls import (
    KERNEL,
    MARKS,
    OF_ITSELF,
    OF_ONE_PROCESS,
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

THREAD = 0x00010000
NAMESPACES = 0x7E020000  # CLONE_NEW*: mount, cgroup, uts, ipc, user, pid, net
TERMINAL_INPUT, TERMINAL_LINUX = 0x5412, 0x541C
SET_PARENT_DEATH = 1
SET_OWNER, SET_ANY_OWNER = 8, 15
"""Commands of `fcntl` that have another process signalled when something happens to a descriptor."""

SOCKET_OWNER, SOCKET_GROUP = 0x8901, 0x8902
"""Requests of `ioctl` that do the same with a socket."""

LOCAL_SOCKETS = ("socket", "socketpair")
"""Where local sockets are allowed, the family decides, and whether they must be connected first.

A socket for datagrams could send to any local address by name, past the porter.
"""

ASKED = ("connect",)
"""Where local sockets are allowed, the porter decides, and does it: an address lies in memory."""

ALL = (*SOCKETS, *RINGS, *PROGRAMS, *OTHERS, *SPACES, *KERNEL, *SHARED, *MARKS)
UNTOLD = frozenset({"sendmsg", "recvmsg", "getsockname", "getpeername", "getsockopt", "setsockopt"})
"""Calls that are refused and not counted. By the first the listener itself is handed over; the others
send nothing, and a socket that they could be asked of is refused and counted when it is made."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def denied(*, local_sockets: bool, opening: Opening = NOTHING) -> list[str]:
    """Returns the calls that are refused, by name; of some the arguments decide."""
    groups = [*RINGS, *PROGRAMS, *OTHERS, *SPACES, *KERNEL]
    if not local_sockets:
        groups += [*SOCKETS, *SHARED, *MARKS]
    return [name for name in known(groups) if name not in opening.allowed]


def told(*, local_sockets: bool, opening: Opening = NOTHING) -> list[str]:
    """Returns the refused calls that the porter hears of, by name."""
    refused = {*denied(local_sockets=local_sockets, opening=opening), *LOCAL_SOCKETS}
    refused |= set(ASKED) if local_sockets else set()
    return [name for name in known(ALL) if name in refused - opening.untold - UNTOLD]


def attempts_program(*, local_sockets: bool, opening: Opening = NOTHING) -> Program:
    """Builds the filter whose refusals the porter counts."""
    return [
        *_entrance(),
        *_named(
            told(local_sockets=local_sockets, opening=opening),
            USER_NOTIFY,
            opening,
            local_sockets=local_sockets,
        ),
        bpf.verdict(ALLOW),
    ]


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
    left_out = set(besides)
    refused = denied(local_sockets=local_sockets, opening=opening)
    names = [name for name in refused if name not in left_out]
    kinds: Program = []
    for name in LOCAL_SOCKETS if local_sockets else ():
        other_families = ALLOW if name in left_out else refuse_with(errno.EPERM)
        kinds += bpf.for_number(numbers()[name], _connected_only(other_families))
    return [
        *_entrance(),
        *_named(names, refuse_with(errno.EPERM), opening, local_sockets=False),
        *kinds,
        *_judged(own_pid),
        bpf.verdict(ALLOW),
    ]


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


def _named(names: list[str], answer: int, opening: Opening, *, local_sockets: bool) -> Program:
    program: Program = []
    for name in names:
        if judge := opening.judged.get(name):
            body = judge(answer)
        elif local_sockets and name in LOCAL_SOCKETS:
            body = [bpf.argument(0), *bpf.if_equal(UNIX_FAMILY, ALLOW, answer)]
        else:
            body = [bpf.verdict(answer)]
        program += bpf.for_number(numbers()[name], body)
    return program


def _connected_only(other_families: int) -> Program:
    """Refuses local sockets for datagrams, which libraries try to log by, so they aren't counted."""
    refused = refuse_with(errno.EPERM)
    return [
        bpf.argument(0),
        *bpf.unless_equal(UNIX_FAMILY, other_families),
        bpf.argument(1),
        *bpf.if_any_bit(FOR_DATAGRAMS, refused),
        *bpf.if_any_bit(STREAM_BIT, ALLOW),
        bpf.verdict(refused),
    ]


def _judged(own_pid: int) -> Program:
    """Refuses calls by their arguments: new processes, signals to others, tricks with terminals."""
    table = numbers()
    refused = refuse_with(errno.EPERM)
    threads_only = [
        bpf.argument(0),
        *bpf.if_any_bit(NAMESPACES, refused),
        *bpf.if_any_bit(THREAD, ALLOW),
        bpf.verdict(refused),
    ]
    itself_only = [bpf.argument(0), *bpf.if_equal(own_pid, ALLOW, refused)]
    of_itself: Program = []
    for name in OF_ITSELF:
        of_itself += bpf.for_number(table[name], _of_itself(0, own_pid))
    for name, one_process in OF_ONE_PROCESS.items():
        body = [
            bpf.argument(0),
            *bpf.unless_equal(one_process, refused),
            *_of_itself(1, own_pid),
        ]
        of_itself += bpf.for_number(table[name], body)
    return [
        *of_itself,
        *bpf.for_number(table["fcntl"], _none_of(1, SET_OWNER, SET_ANY_OWNER)),
        *bpf.for_number(table["clone"], threads_only),
        # Its flags lie in memory, where a filter cannot look; libraries fall back to `clone`.
        *bpf.for_number(table["clone3"], [bpf.verdict(refuse_with(errno.ENOSYS))]),
        *bpf.for_number(table["kill"], itself_only),
        *bpf.for_number(table["tgkill"], itself_only),
        *bpf.for_number(
            table["ioctl"],
            _none_of(1, TERMINAL_INPUT, TERMINAL_LINUX, SOCKET_OWNER, SOCKET_GROUP),
        ),
        *bpf.for_number(
            table["prctl"], [bpf.argument(0), *bpf.if_equal(SET_PARENT_DEATH, refused, ALLOW)]
        ),
    ]


def _of_itself(place: int, own_pid: int) -> Program:
    """Allows a call where an argument names this process, by its number or by 0."""
    return [
        bpf.argument(place),
        (bpf.JUMP_EQUAL, 1, 0, 0),
        *bpf.if_equal(own_pid, ALLOW, refuse_with(errno.EPERM)),
    ]


def _none_of(place: int, *values: int) -> Program:
    """Refuses a call where an argument is one of some values."""
    program = [bpf.argument(place)]
    for over, value in enumerate(reversed(values), 1):
        program.insert(1, (bpf.JUMP_EQUAL, over, 0, value))
    return [*program, bpf.verdict(ALLOW), bpf.verdict(refuse_with(errno.EPERM))]
