# Plain calls throughout, so that a route is one system call.
# ruff: noqa: PTH101, PTH102, PTH104, PTH108, PTH208, PTH211
"""Every way out of a process that we know of, tried by native calls.

Each is a function that succeeds or raises OSError. A route that would change this process for the
worse, or end it, is tried alone (`FATAL`).
"""

import ctypes
import errno
import fcntl
import mmap
import os
import platform
import socket
import struct
from collections.abc import Callable
from pathlib import Path

import msgspec

LIBC = ctypes.CDLL(None, use_errno=True)
MPTCP, FAST_OPEN = 262, 0x20000000
F_SETOWN, AF_ALG = 8, 38
F_SETLEASE, F_NOTIFY = 1024, 1026
SET_FLAGS, ENABLE_VERITY = 0x40086602, 0x40806685
GETPID_32, SOCKET_32, X32_SOCKET = 20, 359, 0x40000000 + 41

ON_SOCKETS = ("sendmsg", "recvmsg", "getsockname", "getpeername", "getsockopt", "setsockopt")
"""Calls that say nothing by themselves, on a socket that was made or got elsewhere."""

FATAL = ("int80", "x32")

_OF_X86_64 = {
    "socket": 41,
    "io_uring_setup": 425,
    "pidfd_open": 434,
    "pidfd_getfd": 438,
    "clone3": 435,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "mq_open": 240,
    "shmget": 29,
    "bpf": 321,
    "userfaultfd": 323,
    "open_by_handle_at": 304,
    "tkill": 200,
    "personality": 135,
    "prlimit64": 302,
    "keyctl": 250,
    "execveat": 322,
    "perf_event_open": 298,
    "pidfd_send_signal": 424,
    "sched_setaffinity": 203,
    "setpriority": 141,
    "sendmsg": 46,
    "recvmsg": 47,
    "getsockname": 51,
    "getpeername": 52,
    "getsockopt": 55,
    "setsockopt": 54,
}
_OF_AARCH64 = {
    "socket": 198,
    "io_uring_setup": 425,
    "pidfd_open": 434,
    "pidfd_getfd": 438,
    "clone3": 435,
    "process_vm_readv": 270,
    "process_vm_writev": 271,
    "mq_open": 180,
    "shmget": 194,
    "bpf": 280,
    "userfaultfd": 282,
    "open_by_handle_at": 265,
    "tkill": 130,
    "personality": 92,
    "prlimit64": 261,
    "keyctl": 219,
    "execveat": 281,
    "perf_event_open": 241,
    "pidfd_send_signal": 424,
    "sched_setaffinity": 122,
    "setpriority": 140,
    "sendmsg": 211,
    "recvmsg": 212,
    "getsockname": 204,
    "getpeername": 205,
    "getsockopt": 209,
    "setsockopt": 208,
}
NUMBERS = _OF_AARCH64 if platform.machine() == "aarch64" else _OF_X86_64


class Targets(msgspec.Struct, frozen=True):
    """What there is to reach: listening servers, and files outside the walls."""

    tcp4: int = 0
    tcp6: int = 0
    udp4: int = 0
    unix: str = ""
    abstract: str = ""
    secret: str = ""
    folder: str = ""
    inherited: int = -1


def table(targets: Targets) -> dict[str, Callable[[], None]]:
    """Returns every route by name."""
    parent = os.getppid()
    return {
        "tcp4": lambda: _connect(socket.AF_INET, ("127.0.0.1", targets.tcp4)),
        "tcp6": lambda: _connect(socket.AF_INET6, ("::1", targets.tcp6)),
        "udp4": lambda: _datagram(("127.0.0.1", targets.udp4)),
        "tcp fast open": lambda: _fast_open(("127.0.0.1", targets.tcp4)),
        "mptcp": lambda: _connect(socket.AF_INET, ("127.0.0.1", targets.tcp4), MPTCP),
        "unix path": lambda: _connect(socket.AF_UNIX, targets.unix),
        "unix abstract": lambda: _connect(socket.AF_UNIX, "\0" + targets.abstract),
        "unix pair": lambda: _close_both(socket.socketpair()),
        "raw packet": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3).close(),
        "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close(),
        "vsock": lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).close(),
        "raw call": lambda: _call("socket", 2, 1, 0),
        "io_uring": lambda: _call("io_uring_setup", 4, bytes(120)),
        "program": lambda: _c("execve", b"/bin/true", 0, 0),
        "fork": _fork,
        "spawn": _spawn,
        "new process by clone3": _clone3,
        "undo seccomp": lambda: _c("prctl", 22, 0, 0, 0, 0),
        "undo no new privileges": lambda: _c("prctl", 38, 0, 0, 0, 0),
        "outlive the parent": lambda: _c("prctl", 1, 0, 0, 0, 0),
        "ptrace parent": lambda: _c("ptrace", 0x4206, parent, 0, 0),
        "read parent": lambda: _reach("process_vm_readv", parent),
        "write parent": lambda: _reach("process_vm_writev", parent),
        "memory of parent": lambda: os.close(os.open(f"/proc/{parent}/mem", os.O_RDWR)),
        "environment of parent": lambda: _read(f"/proc/{parent}/environ"),
        "descriptors of parent": lambda: _open_each(f"/proc/{parent}/fd"),
        "signal parent": lambda: os.kill(parent, 0),
        "signal everyone": lambda: os.kill(-1, 0),
        "signal by thread": lambda: _call("tkill", parent, 0),
        "limits of parent": lambda: _call("prlimit64", parent, 4, 0, bytearray(16)),
        "processors of parent": lambda: _call("sched_setaffinity", parent, 128, b"\xff" * 128),
        "turns of parent": lambda: _call("setpriority", 0, parent, 19),
        "signal by a descriptor": lambda: _own(parent),
        "namespace of parent": lambda: _setns(parent),
        "steal a descriptor": lambda: _steal(parent),
        "new network namespace": lambda: _c("unshare", 0x40000000),
        "new user namespace": lambda: _c("unshare", 0x10000000),
        "mount": lambda: _c("mount", b"none", b"/tmp", b"tmpfs", 0, 0),
        **{f"socket call {name}": _of_no_socket(name) for name in ON_SOCKETS},
        "message queue": lambda: _call("mq_open", b"lightwell", os.O_CREAT | os.O_RDWR, 0o600, 0),
        "shared memory": lambda: _call("shmget", 0, 4096, 0o1600),
        "bpf": lambda: _call("bpf", 0, bytes(128), 128),
        "userfaultfd": lambda: _call("userfaultfd", 1),
        "type into the terminal": lambda: _c("ioctl", 0, 0x5412, b"x"),
        "hold up who opens a file": lambda: _on_own_code(lambda fd: fcntl.fcntl(fd, F_SETLEASE, 0)),
        "hear of a folder": lambda: _on_own_code(lambda fd: fcntl.fcntl(fd, F_NOTIFY, 0)),
        "flags of a file": lambda: _on_own_code(lambda fd: fcntl.ioctl(fd, SET_FLAGS, bytes(8))),
        "seal a file": lambda: _on_own_code(lambda fd: fcntl.ioctl(fd, ENABLE_VERITY, bytes(128))),
        "inherited socket": lambda: _send(targets.inherited),
        "read a secret": lambda: _read(targets.secret),
        "list a folder": lambda: _list(targets.folder),
        "write a file": lambda: _create(f"{targets.folder}/planted"),
        "change a file": lambda: _create(targets.secret, os.O_WRONLY | os.O_TRUNC),
        "append to a file": lambda: _create(targets.secret, os.O_WRONLY | os.O_APPEND),
        "change a file's rights": lambda: os.chmod(targets.secret, 0o666),
        "change a file's dates": lambda: os.utime(targets.secret, (1, 1)),
        "hang something on a file": lambda: os.setxattr(targets.secret, "user.planted", b"x"),
        "read what hangs on a file": lambda: _use(os.getxattr(targets.secret, "user.origin")),
        "see what hangs on a file": lambda: _use(os.listxattr(targets.secret)),
        "watch a folder": lambda: _watch(targets.folder),
        "crypto socket": lambda: socket.socket(AF_ALG, socket.SOCK_SEQPACKET).close(),
        "keys": lambda: _call("keyctl", 0, -4, 1),
        "a program in memory": _run_from_memory,
        "performance counters": lambda: _call("perf_event_open", bytes(128), 0, -1, -1, 0),
        "signal by a handle": lambda: _call("pidfd_send_signal", 0, 0, 0, 0),
        "remove a file": lambda: os.unlink(targets.secret),
        "rename a file": lambda: os.rename(targets.secret, targets.secret + ".moved"),
        "link a file": lambda: os.link(targets.secret, targets.folder + "/linked"),
        "symlink": lambda: os.symlink("/etc/passwd", targets.folder + "/symlink"),
        "make a folder": lambda: os.mkdir(targets.folder + "/made"),
        "write shared memory": lambda: _create("/dev/shm/lightwell-planted"),
        "int80": _int80,
        "x32": lambda: _check(LIBC.syscall(ctypes.c_long(X32_SOCKET), 2, 1, 0)),
    }


def try_all(targets: Targets) -> dict[str, str]:
    """Tries each route but the fatal ones; returns `open` or the error's name for each."""
    routes = table(targets)
    return {name: outcome(route) for name, route in routes.items() if name not in FATAL}


def outcome(route: Callable[[], None]) -> str:
    """Tries one route."""
    try:
        route()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error.errno))
    return "open"


def _check(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result


def _watch(folder: str) -> None:
    """Hears of every name that is made, read or changed in a folder, without reading it."""
    descriptor = _check(LIBC.inotify_init1(0))
    try:
        _check(LIBC.inotify_add_watch(descriptor, folder.encode(), 0xFFF))
    finally:
        os.close(descriptor)


def _run_from_memory() -> None:
    """Puts a program where there is no file, and runs it; a bad image says that it was let through."""
    descriptor = os.memfd_create("program")
    nothing = (ctypes.c_char_p * 1)(None)
    try:
        os.write(descriptor, b"no program")
        result = LIBC.syscall(
            ctypes.c_long(NUMBERS["execveat"]), ctypes.c_long(descriptor), b"", nothing, nothing,
            ctypes.c_long(0x1000),
        )  # fmt: skip
        if result < 0 and ctypes.get_errno() != errno.ENOEXEC:
            raise OSError(ctypes.get_errno(), "execveat")
    finally:
        os.close(descriptor)


def _use(_: object) -> None:
    """Takes what a route brought."""


def _on_own_code(ask: Callable[[int], object]) -> None:
    """Asks something of a file that it may read."""
    descriptor = os.open(__file__, os.O_RDONLY)
    try:
        ask(descriptor)
    finally:
        os.close(descriptor)


def _of_no_socket(name: str) -> Callable[[], None]:
    """Asks something of a descriptor that is no socket, which it is told where it may ask at all."""

    def ask() -> None:
        try:
            _call(name, 2, 0, 0, 0, 0)
        except OSError as error:
            if error.errno != errno.ENOTSOCK:
                raise

    return ask


def _own(pid: int) -> None:
    """Has another process told, by a signal, whenever something happens to a descriptor."""
    reading, writing = os.pipe()
    try:
        fcntl.fcntl(reading, F_SETOWN, pid)
    finally:
        os.close(reading)
        os.close(writing)


def _c(name: str, *arguments: int | bytes) -> int:
    converted = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _check(getattr(LIBC, name)(*converted))


def _call(name: str, *arguments: int | bytes | bytearray) -> int:
    converted = [
        ctypes.c_long(a) if isinstance(a, int) else ctypes.create_string_buffer(bytes(a), len(a))
        for a in arguments
    ]
    return _check(LIBC.syscall(ctypes.c_long(NUMBERS[name]), *converted))


def _connect(family: int, address: object, protocol: int = 0) -> None:
    with socket.socket(family, socket.SOCK_STREAM, protocol) as connection:
        connection.settimeout(2)
        connection.connect(address)  # type: ignore[arg-type]
        connection.sendall(b"out")


def _datagram(address: tuple[str, int]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.sendto(b"out", address)


def _fast_open(address: tuple[str, int]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.sendto(b"out", FAST_OPEN, address)


def _close_both(pair: tuple[socket.socket, socket.socket]) -> None:
    for end in pair:
        end.close()


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _spawn() -> None:
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(pid, 0)


def _clone3() -> None:
    arguments = struct.pack("=11Q", 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)
    pid = _call("clone3", arguments, len(arguments))
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _reach(name: str, pid: int) -> None:
    here = ctypes.create_string_buffer(1)
    mine = (ctypes.c_void_p * 2)(ctypes.addressof(here), 1)
    # An address of the C library: mapped there too, wherever exactly, or EFAULT says that the
    # call itself was let through.
    theirs = (ctypes.c_void_p * 2)(ctypes.cast(LIBC.getpid, ctypes.c_void_p).value, 1)
    result = LIBC.syscall(
        ctypes.c_long(NUMBERS[name]),
        ctypes.c_long(pid),
        mine,
        ctypes.c_long(1),
        theirs,
        ctypes.c_long(1),
        ctypes.c_long(0),
    )
    if result < 0 and ctypes.get_errno() != errno.EFAULT:
        raise OSError(ctypes.get_errno(), name)


def _setns(pid: int) -> None:
    descriptor = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    try:
        _c("setns", descriptor, 0)
    finally:
        os.close(descriptor)


def _steal(pid: int) -> None:
    handle = _call("pidfd_open", pid, 0)
    try:
        for number in range(16):
            try:
                os.close(_call("pidfd_getfd", handle, number, 0))
            except OSError as error:
                if error.errno != errno.EBADF:
                    raise
    finally:
        os.close(handle)


def _send(descriptor: int) -> None:
    if descriptor < 0:
        raise OSError(errno.EBADF, "none inherited")
    os.write(descriptor, b"out")


def _read(path: str) -> None:
    Path(path).read_bytes()


def _list(path: str) -> None:
    os.listdir(path)


def _open_each(folder: str) -> None:
    for name in os.listdir(folder):
        os.close(os.open(f"{folder}/{name}", os.O_RDONLY | os.O_NONBLOCK))


def _create(path: str, flags: int = os.O_WRONLY | os.O_CREAT) -> None:
    os.close(os.open(path, flags, 0o600))


def _int80() -> None:
    """Asks for a socket through the interface of 32-bit programs."""
    code = bytes.fromhex("53 b8 67010000 bb 02000000 b9 01000000 31d2 cd80 5b c3".replace(" ", ""))
    memory = mmap.mmap(-1, len(code), prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    result = ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    if result < 0:
        raise OSError(-result, "refused")
