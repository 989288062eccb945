"""Starts one process with its pipes, its socket for sealing, and a short environment.

Standard library only. Called on the porter's main thread, because a child's parent-death signal
follows the thread that started it.
"""

import contextlib
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from selectors import BaseSelector

from runner.channel.packets import Stream, pair
from runner.channel.waiting import never_wait
from runner.confine.openings import LINK
from runner.porter import first
from runner.porter.first import SEAL, front_end_environment, import_path, move_up, spawn
from runner.porter.kinds import Kind
from runner.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:  # as `typing` has it, without importing it
    from runner.porter.windows_start import Started

NOTHING: Mapping[str, str] = {}
Files = tuple[Sequence[Path], Sequence[Path]]
NO_FILES: Files = ((), ())
THIS_COMPUTER = "127.0.0.1"
MOST_WAITING = 16

BULK_IN, BULK_OUT = 3, 4
"""Where a child finds its bulk channel; 0 to 2 are control in, control out and errors."""


class Spawned(Value):
    """A process that has just been started, and the porter's ends of what it holds.

    Attributes:
        ends: for a child, what goes to the front end: control to it, control from it, bulk to it,
            bulk from it; for a front end, nothing.
        errors: its standard error, or -1 for a front end, which writes to the person's terminal.
        seal: the socket over which it is told how to seal itself, and reports.
        porter: for a front end, the socket on which it asks the porter.
        link: the other end of the socket that it has to a process that is still to come, else -1.
        process: on Windows, what keeps it; no signal tells of its end there.
        relay: on Windows, has the loop make its connections to a process that it is linked to.
    """

    pid: int
    ends: tuple[int, ...]
    errors: int
    seal: Stream
    porter: Stream | None
    link: int = -1
    listens: str = ""
    process: "Started | None" = None
    relay: Callable[[BaseSelector], None] | None = None


def start_child(
    kind: Kind,
    link: int = -1,
    listens: str = "",
    besides: Mapping[str, str] = NOTHING,
    files: Files = NO_FILES,
) -> Spawned:
    """Starts a process that a front end will speak to over four pipes.

    Args:
        kind: what to start.
        link: the socket that it gets, -1 for none; closed here.
        listens: the address of that socket, where it takes connections.
        besides: variables that it gets besides its kind's.
        files: what it may read and where it may write; heeded where that is fixed by a start.
    """
    with contextlib.ExitStack() as theirs, contextlib.ExitStack() as ours:
        if link >= 0:
            theirs.callback(os.close, link)
        control_in, to_child = _pipe(theirs, ours)
        from_child, control_out = _pipe(ours, theirs)
        bulk_in, bulk_to_child = _pipe(theirs, ours)
        bulk_from_child, bulk_out = _pipe(ours, theirs)
        errors, error_out = _pipe(ours, theirs)
        seal, seal_child = _pair(ours, theirs)
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
            gates, link = _pair(ours, theirs)
            kept = _moved_up(gates.detach(), ours)
        if link >= 0:
            given[LINK] = link
        pid = spawn(
            _program(kind),
            (kind.name,),
            {**child_environment(kind, os.environ), **besides},
            given,
            own_session=True,
        )
        never_wait(errors)
        ours.pop_all()
    ends = (to_child, from_child, bulk_to_child, bulk_from_child)
    return Spawned(pid, ends, errors, seal, None, kept, listens)


def listening(port: int) -> tuple[int, str]:
    """Opens a socket that takes connections from this computer only; returns it and its address.

    Raises:
        OSError: the port is taken, or not for everybody.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((THIS_COMPUTER, port))
        listener.listen(MOST_WAITING)
        address = f"{THIS_COMPUTER}:{listener.getsockname()[1]}"
        return move_up(listener.detach()), address


def start_front_end(kind: Kind, arguments: Sequence[str]) -> Spawned:
    """Starts the window or the terminal, which keeps the person's standard streams."""
    return taken(first.start_front_end(kind.name, kind.module, arguments))


def taken(started: first.StartedFrontEnd) -> Spawned:
    """Returns a front end as every other process is kept."""
    porter = socket.socket(fileno=started.porter)
    porter.setblocking(False)
    return Spawned(started.pid, (), -1, socket.socket(fileno=started.seal), porter)


def start_helper(kind: Kind, arguments: Sequence[str], besides: Mapping[str, str]) -> Spawned:
    """Starts a process that asks the person something and prints the answer; `ends` reads it.

    Args:
        kind: what to start.
        arguments: after the kind's name.
        besides: variables that it gets besides the person's.
    """
    environment = {
        **front_end_environment(os.environ),
        **besides,
        "LIGHTWELL_SEAL_FD": str(SEAL),
    }
    with contextlib.ExitStack() as theirs, contextlib.ExitStack() as ours:
        answer, answer_child = _pipe(ours, theirs)
        seal, seal_child = _pair(ours, theirs)
        given = {1: answer_child, SEAL: seal_child}
        pid = spawn(_program(kind), (kind.name, *arguments), environment, given, own_session=False)
        ours.pop_all()
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


def _program(kind: Kind) -> tuple[str, ...]:
    return ("-m", kind.module)


def _pipe(readers: contextlib.ExitStack, writers: contextlib.ExitStack) -> tuple[int, int]:
    """Returns a pipe's two ends; each is closed with its stack."""
    read, write = os.pipe()
    try:
        read = _moved_up(read, readers)
    except OSError:
        os.close(write)
        raise
    return read, _moved_up(write, writers)


def _pair(ours: contextlib.ExitStack, theirs: contextlib.ExitStack) -> tuple[socket.socket, int]:
    """Returns a local stream's two ends; each is closed with its stack."""
    kept, given = pair()
    ours.enter_context(kept)
    return kept, _moved_up(given.detach(), theirs)


def _moved_up(descriptor: int, stack: contextlib.ExitStack) -> int:
    try:
        moved = move_up(descriptor)
    except OSError:
        os.close(descriptor)
        raise
    stack.callback(os.close, moved)
    return moved
