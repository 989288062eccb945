"""A process's own attempts to break out, made at its start, before it reads anything foreign.

Every attempt is harmless where it succeeds. The result of each is the name of the error that
stopped it, or `open`.
"""

import ctypes
import errno
import os
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from runner.confine.openings import FAST_OPEN, LINK, LISTEN_ONLY, UNIX
from runner.confine.plan import Plan
from runner.confine.prctl import library
from runner.confine.syscalls import numbers

OPEN = "open"
NOTHING_THERE = "nothing there"

OTHER_LOCAL = "other local services"
DESKTOP_BUS = "desktop bus"
PARENT = "parent signal"
BEGINS = ("connect out", "connect by sending")
"""What a service must not be able to do with the socket that it listens on."""

DISCARD = ("127.0.0.1", 9)
NOBODY = "\0lightwell-nobody-listens-here"

NETLINK, VSOCK = 16, 40
"""Families that other systems' libraries don't name."""

SCRATCH = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - places that anybody may write to
FOREIGN = "/etc/passwd"
"""A file that everybody may read and no engine needs."""


def attempts(plan: Plan, *, local_sockets: bool) -> dict[str, str]:
    """Tries every way out that the plan should have closed; returns how each went."""
    parent = plan.parent
    tried: dict[str, Callable[[], None]] = {
        "tcp4": lambda: _socket(socket.AF_INET, socket.SOCK_STREAM),
        "tcp6": lambda: _socket(socket.AF_INET6, socket.SOCK_STREAM),
        "udp4": lambda: _socket(socket.AF_INET, socket.SOCK_DGRAM),
        "netlink": lambda: _socket(NETLINK, socket.SOCK_RAW),
        "vsock": lambda: _socket(VSOCK, socket.SOCK_STREAM),
        "io_uring": lambda: _call("io_uring_setup", 0, None),
        "program": lambda: _call("execve", b"/nonexistent/program", None, None),
        "namespace": lambda: _call("unshare", 0),
        "parent memory": lambda: _open(f"/proc/{parent}/mem", os.O_RDWR),
        "parent read": lambda: _read_memory(parent),
        PARENT: lambda: os.kill(parent, 0),
    }
    if local_sockets:
        tried[OTHER_LOCAL] = _connect_to_nobody
        if plan.bus:
            tried[DESKTOP_BUS] = lambda: _connect_to_one_of(plan.bus)
    else:
        tried["unix"] = lambda: _socket(UNIX, socket.SOCK_STREAM)
        tried["read"] = lambda: _open(FOREIGN, os.O_RDONLY)
        for place in dict.fromkeys([str(Path(plan.unreadable).parent), *SCRATCH]):
            tried[f"write {place}"] = lambda place=place: _write(place)  # type: ignore[misc]
        if plan.unreadable:
            tried[f"write rights of {plan.unreadable}"] = lambda: _set_rights(plan.unreadable)
    if plan.posture == LISTEN_ONLY:
        tried |= dict(zip(BEGINS, (_connect_out, _connect_by_sending), strict=True))
    return {name: outcome(attempt) for name, attempt in tried.items()}


def outcome(attempt: Callable[[], None]) -> str:
    """Makes an attempt; returns the name of the error that stopped it, or `open`."""
    try:
        attempt()
    except OSError as error:
        if error.errno == errno.ENOENT:
            return NOTHING_THERE
        return errno.errorcode.get(error.errno or 0, str(error.errno))
    return OPEN


def _socket(family: int, kind: int) -> None:
    socket.socket(family, kind).close()


def _connect_out() -> None:
    _with_listener(lambda listener: listener.connect(DISCARD))


def _connect_by_sending() -> None:
    _with_listener(lambda listener: listener.sendto(b"", FAST_OPEN, DISCARD))


def _with_listener(attempt: Callable[[socket.socket], object]) -> None:
    """Tries something with the socket that this process listens on, which stays as it is."""
    listener = socket.socket(fileno=LINK)
    try:
        attempt(listener)
    finally:
        listener.detach()


def _connect_to_nobody() -> None:
    """Connects to a name that no front end needs; that nobody is there means that it was let go."""
    with socket.socket(UNIX, socket.SOCK_STREAM) as speaker:
        try:
            speaker.connect(NOBODY)
        except ConnectionRefusedError:
            return


def _connect_to_one_of(names: Sequence[str]) -> None:
    """Connects to the first name that lets itself be connected to, and says nothing there."""
    last: OSError = FileNotFoundError(errno.ENOENT, "no name")
    for name in names:
        with socket.socket(UNIX, socket.SOCK_STREAM) as speaker:
            try:
                speaker.connect(name.replace("@", "\0", 1) if name.startswith("@") else name)
            except PermissionError as refused:
                last = refused
            except OSError:
                continue  # nobody there
            else:
                return
    raise last


def _open(path: str, flags: int) -> None:
    os.close(os.open(path, flags))


def _write(folder: str) -> None:
    path = f"{folder}/.lightwell-wall-{os.getpid()}"
    _open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    os.unlink(path)  # noqa: PTH108 - pathlib is not needed for this


def _set_rights(path: str) -> None:
    """Gives a file the rights that it has; rules on files don't cover this, the filter does."""
    os.chmod(path, os.stat(path).st_mode & 0o7777)  # noqa: PTH101, PTH116 - as above


def _read_memory(pid: int) -> None:
    """Reads a byte of the parent at an address that this process has too, if it may."""
    here = ctypes.create_string_buffer(1)
    vector = (ctypes.c_void_p * 2)(ctypes.addressof(here), 1)
    there = (ctypes.c_void_p * 2)(id(None), 1)
    _call("process_vm_readv", pid, vector, 1, there, 1, 0)


def _call(name: str, *arguments: int | bytes | ctypes.Array[ctypes.c_void_p] | None) -> None:
    converted = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    if library().syscall(ctypes.c_long(numbers()[name]), *converted) < 0:
        number = ctypes.get_errno()
        # A bad address or a missing file means that the call itself was let through.
        if number in (errno.EFAULT, errno.ENOENT, errno.EINVAL):
            return
        raise OSError(number, name)
