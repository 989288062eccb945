"""Runs a program of ours as if macOS were below it: what it lacks is taken away, `/proc` is not there.

    as_mac.py INTERPRETER [OPTIONS] (-m MODULE | -c CODE) ARGUMENTS

`interpreter` writes the small program that stands for the interpreter, so that a porter which was
started by it starts its children so too. Not simulated: what native libraries ask of the system, the
system's own limits, and whatever differs where both systems have a call of the same name.
"""

import builtins
import ctypes
import errno
import importlib.machinery
import io
import os
import runpy
import select
import selectors
import signal
import socket
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

LACKING: dict[str, tuple[types.ModuleType, str]] = {
    "os": (
        os,
        (
            "O_PATH O_TMPFILE O_LARGEFILE O_RSYNC O_NOATIME pidfd_open memfd_create eventfd splice"
            " copy_file_range fdatasync posix_fadvise posix_fallocate getrandom sched_getaffinity"
            " sched_setaffinity sched_setscheduler setresuid getresuid setresgid getresgid"
            " getxattr setxattr listxattr removexattr RWF_NOWAIT RWF_DSYNC preadv2 pipe2 accept4"
        ),
    ),
    "socket": (
        socket,
        (
            "AF_NETLINK AF_VSOCK AF_ALG SOCK_CLOEXEC SOCK_NONBLOCK MSG_CMSG_CLOEXEC SO_PASSCRED"
            " SO_PEERCRED SCM_CREDENTIALS TCP_FASTOPEN_CONNECT TCP_USER_TIMEOUT SO_BINDTODEVICE"
        ),
    ),
    "signal": (
        signal,
        "sigtimedwait sigwaitinfo pidfd_send_signal SIGRTMIN SIGRTMAX SIGPWR SIGPOLL",
    ),
    "select": (select, "epoll EPOLLIN EPOLLOUT EPOLLET"),
}
"""By a module, what it has on Linux and not on macOS."""

C_LACKING = frozenset({"prctl", "unshare", "setns", "syscall", "gnu_get_libc_version", "mallopt"})
"""Functions of the C library. (macOS has a `syscall`, with other numbers.)"""

NOWHERE = ("/proc", "/sys")
FOREIGN = "site-packages"
"""Packages of others are the ones for Linux, and see Linux: those for macOS are not to be had here."""
SEES = "/platformdirs/"
"""The one that is the same for all of them."""


def take_away() -> None:
    """Makes this process one on macOS, as far as its modules go."""
    for module, names in LACKING.values():
        for name in names.split():
            vars(module).pop(name, None)
    if selectors.DefaultSelector is getattr(selectors, "EpollSelector", None):
        selectors.DefaultSelector = selectors.PollSelector  # type: ignore[misc]
    vars(selectors).pop("EpollSelector", None)
    if os.environ.pop("TEST_SPAWNS", "") == "a group":
        _take_sessions()
    _hide_files()
    _refuse_sockets()
    found = ctypes.CDLL.__getattr__

    def looked_up(library: ctypes.CDLL, name: str) -> Any:
        if name in C_LACKING:
            raise AttributeError(f"{name}: symbol not found")
        return found(library, name)

    ctypes.CDLL.__getattr__ = looked_up  # type: ignore[method-assign]
    sys.platform = "darwin"
    _let_others_see_linux()


def _let_others_see_linux() -> None:
    run = importlib.machinery.SourceFileLoader.exec_module

    def exec_module(loader: Any, module: types.ModuleType) -> None:
        before = sys.platform
        sys.platform = "linux" if FOREIGN in loader.path and SEES not in loader.path else before
        try:
            run(loader, module)
        finally:
            sys.platform = before

    importlib.machinery.SourceFileLoader.exec_module = exec_module  # type: ignore[assignment, method-assign]


def _take_sessions() -> None:
    """A macOS before 10.15 can't start a process in a session of its own."""
    start = os.posix_spawn

    def posix_spawn(*arguments: Any, setsid: bool = False, **named: Any) -> int:
        if setsid:
            raise NotImplementedError("setsid unavailable on this platform")
        return start(*arguments, **named)

    os.posix_spawn = posix_spawn


def _hide_files() -> None:
    def hidden(action: Callable[..., Any]) -> Callable[..., Any]:
        def asked(path: Any = ".", *arguments: Any, **named: Any) -> Any:
            if (
                isinstance(path, str | bytes | os.PathLike)
                and os.fsdecode(path).startswith(NOWHERE)
                and FOREIGN not in sys._getframe(1).f_code.co_filename
            ):
                raise FileNotFoundError(errno.ENOENT, "no such place on macOS", path)
            return action(path, *arguments, **named)

        return asked

    for name in ("open", "stat", "lstat", "listdir", "scandir", "readlink"):
        vars(os)[name] = hidden(getattr(os, name))
    builtins.open = io.open = hidden(builtins.open)  # type: ignore[assignment]


def _refuse_sockets() -> None:
    made, paired = socket.socket.__init__, socket.socketpair

    def check(family: int, kind: int) -> None:
        if family == socket.AF_UNIX and kind == socket.SOCK_SEQPACKET:
            raise OSError(errno.EPROTONOSUPPORT, "Protocol not supported")

    def init(
        one: socket.socket,
        family: int = -1,
        type: int = -1,  # noqa: A002 - its name
        *rest: Any,
        **named: Any,
    ) -> None:
        check(family, type)
        made(one, family, type, *rest, **named)

    def pair(
        family: int = socket.AF_UNIX,
        type: int = socket.SOCK_STREAM,  # noqa: A002 - its name
        proto: int = 0,
    ) -> tuple[socket.socket, socket.socket]:
        check(family, type)
        ours, theirs = paired(family, type, proto)
        for end in (ours, theirs):  # as little room as macOS gives
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        return ours, theirs

    socket.socket.__init__ = init  # type: ignore[method-assign, assignment]
    socket.socketpair = pair  # type: ignore[assignment]


def interpreter(folder: Path) -> Path:
    """Writes the program that stands for the interpreter, and returns where it lies."""
    program = folder / "python-as-mac"
    here = [Path(__file__).parents[2], *(place for place in sys.path if "-packages" in place)]
    program.write_text(
        f"#!/bin/sh\nexport PYTHONPATH={':'.join(map(str, here))}\n"
        f'exec {sys.executable} -P -S -s -B {__file__} "$0" "$@"\n'
    )
    program.chmod(0o700)
    return program


def main() -> None:
    program, *given = sys.argv[1:]
    while given[0] not in ("-m", "-c"):
        given.pop(0)
    way, what, *arguments = given
    sys.executable = program
    take_away()
    sys.argv = [what if way == "-m" else way, *arguments]
    if way == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        assert way == "-c"
        main_module = types.ModuleType("__main__")
        sys.modules["__main__"] = main_module
        exec(what, vars(main_module))


if __name__ == "__main__":
    main()
