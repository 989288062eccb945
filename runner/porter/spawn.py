"""Starts one process with its pipes, its socket for sealing, and a short environment.

Standard library only. Called on the porter's main thread, because a child's parent-death signal
follows the thread that started it.
"""

import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.confine.openings import LINK
from runner.porter.kinds import Kind

BULK_IN, BULK_OUT, SEAL, PORTER = 3, 4, 5, 6
"""Where a child finds its other descriptors; 0 to 2 are control in, control out and errors."""

SECRETS = ("TOKEN", "PASSWORD", "SECRET", "_PROXY", "API_KEY", "CREDENTIALS")
"""Parts of names of variables that not even a front end needs."""

PACKAGES = ("site-packages", "dist-packages")
"""What folders of installed packages are called."""

HIGH = 64
"""Pipe ends are moved up to here, so that placing them at 0 to 7 overwrites none of them."""


@dataclass(frozen=True, slots=True)
class Spawned:
    """A process that has just been started, and the porter's ends of what it holds.

    Attributes:
        ends: for a child, what goes to the front end: control to it, control from it, bulk to it,
            bulk from it; for a front end, nothing.
        errors: its standard error, or -1 for a front end, which writes to the person's terminal.
        seal: the socket over which it is told how to seal itself, and reports.
        porter: for a front end, the socket on which it asks the porter.
        link: the other end of the socket that it has to a process that is still to come, else -1.
    """

    pid: int
    ends: tuple[int, ...]
    errors: int
    seal: socket.socket
    porter: socket.socket | None
    link: int = -1


def code_root() -> Path:
    """Returns the folder that holds the app's packages."""
    return Path(__file__).resolve().parents[2]


def import_path() -> str:
    """Returns where processes look for modules besides the standard library.

    They run without `site`: it reads the path files of every package, which may run code before
    the seal, and takes half of an interpreter's start. What it would have found is named instead.
    """
    packages = [place for place in sys.path if Path(place).name in PACKAGES]
    return os.pathsep.join(dict.fromkeys([str(code_root()), *packages]))


def start_child(kind: Kind, link: int = -1) -> Spawned:
    """Starts a process that a front end will speak to over four pipes.

    Args:
        kind: what to start.
        link: the end of a local socket that it gets, -1 for none; closed here.
    """
    control_in, to_child = _pipe()
    from_child, control_out = _pipe()
    bulk_in, bulk_to_child = _pipe()
    bulk_from_child, bulk_out = _pipe()
    errors, error_out = _pipe()
    seal, seal_child = _pair()
    given = {
        0: control_in,
        1: control_out,
        2: error_out,
        BULK_IN: bulk_in,
        BULK_OUT: bulk_out,
        SEAL: seal_child,
    }
    kept = -1
    if kind.has_link:
        ours, link = _pair()
        kept = _move_up(ours.detach())
    if link >= 0:
        given[LINK] = link
    ends = (to_child, from_child, bulk_to_child, bulk_from_child)
    try:
        pid = _spawn(kind, (), child_environment(kind, os.environ), given, own_session=True)
    except OSError:
        for descriptor in (*ends, errors, *([kept] if kept >= 0 else [])):
            os.close(descriptor)
        seal.close()
        raise
    finally:
        for descriptor in given.values():
            os.close(descriptor)
    os.set_blocking(errors, False)
    return Spawned(pid, ends, errors, seal, None, kept)


def start_front_end(kind: Kind, arguments: Sequence[str]) -> Spawned:
    """Starts the window or the terminal, which keeps the person's standard streams."""
    porter, porter_child = _pair()
    seal, seal_child = _pair()
    porter.setblocking(False)
    environment = {
        **front_end_environment(os.environ),
        "LIGHTWELL_SEAL_FD": str(SEAL),
        "LIGHTWELL_PORTER_FD": str(PORTER),
    }
    given = {SEAL: seal_child, PORTER: porter_child}
    try:
        pid = _spawn(kind, arguments, environment, given, own_session=False)
    finally:
        for descriptor in given.values():
            os.close(descriptor)
    return Spawned(pid, (), -1, seal, porter)


def start_helper(kind: Kind, arguments: Sequence[str]) -> Spawned:
    """Starts a process that asks the person something and prints the answer; `ends` reads it."""
    answer, answer_child = _pipe()
    seal, seal_child = _pair()
    environment = {**front_end_environment(os.environ), "LIGHTWELL_SEAL_FD": str(SEAL)}
    given = {1: answer_child, SEAL: seal_child}
    try:
        pid = _spawn(kind, arguments, environment, given, own_session=False)
    except OSError:
        os.close(answer)
        seal.close()
        raise
    finally:
        for descriptor in given.values():
            os.close(descriptor)
    return Spawned(pid, (answer,), -1, seal, None)


def child_environment(kind: Kind, own: Mapping[str, str]) -> dict[str, str]:
    """Returns the few variables that an engine or a reader gets."""
    environment = {name: own[name] for name in kind.environment if name in own}
    environment["PYTHONPATH"] = import_path()
    # Without one, the interpreter asks the system's directory of users, over a socket.
    environment["HOME"] = "/"
    # llama.cpp would otherwise fork a debugger when it aborts.
    environment["GGML_NO_BACKTRACE"] = "1"
    return environment


def front_end_environment(own: Mapping[str, str]) -> dict[str, str]:
    """Returns the person's variables without secrets and proxies."""
    kept = {n: v for n, v in own.items() if not any(part in n.upper() for part in SECRETS)}
    return {**kept, "PYTHONPATH": import_path()}


def keep_descriptors_private() -> None:
    """Marks every descriptor above 2 to be closed in children, whoever left it open here."""
    try:
        numbers = [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]
    except OSError:
        numbers = list(range(256))
    for number in numbers:
        if number > 2:
            try:
                os.set_inheritable(number, False)
            except OSError:
                continue  # the descriptor of the listing itself


def _spawn(
    kind: Kind,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    given: Mapping[int, int],
    *,
    own_session: bool,
) -> int:
    command = [sys.executable, "-P", "-S", "-s", "-B", "-m", kind.module, kind.name, *arguments]
    return os.posix_spawn(
        sys.executable,
        command,
        dict(environment),
        file_actions=[(os.POSIX_SPAWN_DUP2, source, place) for place, source in given.items()],
        setsid=own_session,
        setsigmask=[],
        setsigdef=[signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGXFSZ],
    )


def _pipe() -> tuple[int, int]:
    return tuple(_move_up(end) for end in os.pipe())  # type: ignore[return-value]


def _pair() -> tuple[socket.socket, int]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    return ours, _move_up(theirs.detach())


def _move_up(descriptor: int) -> int:
    import fcntl  # POSIX only, like everything here

    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, HIGH)
    os.close(descriptor)
    return moved
