"""An engine's attempts to reach out, made because a person asked to see them refused.

The calls are the ones that a program needs to send something: a socket of each family, a
connection, a packet, a ring that does the same, another program or process, another process's
memory, a signal to it, files. None can do anything even where nothing refuses it: a call gets a
descriptor, an address or a path that does not exist, a socket that could be made is closed at once, a
process ends at once, and the signal is the one that only asks whether it might. Nothing is ever sent.
"""

import ctypes
import errno
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from runner.confine.prctl import library
from runner.confine.syscalls import numbers
from runner.protocol.engine import Try

UNIX, NETLINK = 1, 16
NOWHERE = -1
"""A descriptor that is never open."""

SYSTEM_FILE = "/etc/hostname"
"""Says what this computer is called; an engine never needs it."""

SCRATCH = "/tmp"  # noqa: S108 - a place that anybody may write to

HARMLESS = frozenset({errno.EBADF, errno.EFAULT, errno.EINVAL, errno.ENOENT, errno.ENOTSOCK})
"""Errors of a call that was let through: the system looked at what it was given."""

Attempt = Callable[[], None]


def attempts(parent: int) -> list[Try]:
    """Tries each way out in turn; returns what the system answered.

    Args:
        parent: the process that started this one.
    """
    return [
        Try(name=name, call=call, outcome=_outcome(attempt))
        for name, call, attempt in _ways_out(parent)
    ]


def _ways_out(parent: int) -> list[tuple[str, str, Attempt]]:
    """Returns each way out: its name, the call that the kernel sees, and how to try it."""
    folder = f"{SCRATCH}/lightwell-nowhere-{os.getpid()}/file"
    return [
        ("tcp4", "socket IPv4", lambda: _socket(socket.AF_INET, socket.SOCK_STREAM)),
        ("tcp6", "socket IPv6", lambda: _socket(socket.AF_INET6, socket.SOCK_STREAM)),
        ("udp4", "socket IPv4", lambda: _socket(socket.AF_INET, socket.SOCK_DGRAM)),
        ("connect", "connect", lambda: _call("connect", NOWHERE, None, 0)),
        ("send", "sendto", lambda: _call("sendto", NOWHERE, None, 0, 0, None, 0)),
        ("bind", "bind", lambda: _call("bind", NOWHERE, None, 0)),
        ("unix", "socket unix", lambda: _socket(UNIX, socket.SOCK_STREAM)),
        ("netlink", "socket netlink", lambda: _socket(NETLINK, socket.SOCK_RAW)),
        ("ring", "io_uring_setup", lambda: _call("io_uring_setup", 0, None)),
        ("program", "execve", lambda: _call("execve", b"/nonexistent/program", None, None)),
        ("process", "clone", _fork),
        ("signal", "kill", lambda: _ask_to_signal(parent)),
        (
            "memory",
            "process_vm_readv",
            lambda: _call("process_vm_readv", parent, None, 0, None, 0, 0),
        ),
        ("read", "", lambda: _open(SYSTEM_FILE, os.O_RDONLY)),
        ("write", "", lambda: _write(folder)),
    ]


def _outcome(attempt: Attempt) -> str:
    """Returns the name of the error that refused it, or `open` where it was let through."""
    try:
        attempt()
    except OSError as error:
        number = error.errno or 0
        return "open" if number in HARMLESS else errno.errorcode.get(number, str(number))
    return "open"


def _socket(family: int, kind: int) -> None:
    socket.socket(family, kind).close()


def _fork() -> None:
    """Makes a process that ends at once."""
    if sys.platform != "win32":
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
    else:
        raise OSError(errno.ENOSYS, "fork")


def _ask_to_signal(pid: int) -> None:
    """Asks whether a process may be signalled; it hears nothing of that."""
    if sys.platform != "win32":
        os.kill(pid, 0)
    else:
        raise OSError(errno.ENOSYS, "kill")  # there, the same call is a real Ctrl+C


def _open(path: str, flags: int) -> None:
    os.close(os.open(path, flags))


def _write(path: str) -> None:
    """Tries to make a folder in a place that anybody may write to; takes it away at once."""
    folder = Path(path).parent
    folder.mkdir()
    folder.rmdir()


def _call(name: str, *arguments: int | bytes | None) -> None:
    number = numbers().get(name)
    if number is None:
        raise OSError(errno.ENOSYS, name)
    converted = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    if library().syscall(ctypes.c_long(number), *converted) < 0:
        raise OSError(ctypes.get_errno(), name)
