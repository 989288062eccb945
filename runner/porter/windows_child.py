"""Starts one process on Windows, with pipes in place of sockets: what `runner.porter.spawn` is elsewhere.

The numbers under which a process finds what it is given are the same, but that a stream is two pipes
there and has two of them. Standard library only.
"""

# ruff: noqa: E402, S101 - the first line tells checkers too that nobody else imports the others
import sys

assert sys.platform == "win32"

import errno
import functools
import msvcrt
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from runner.channel.packets import Stream
from runner.channel.windows_pipes import pipe
from runner.confine import windows
from runner.confine.openings import LINK
from runner.confine.plan import Plan
from runner.porter import windows_start
from runner.porter.first import OPTIONS, PORTER, SEAL, front_end_environment, import_path
from runner.porter.kinds import Kind, Posture
from runner.porter.spawn import (
    BULK_IN,
    BULK_OUT,
    NO_FILES,
    NOTHING,
    Files,
    Spawned,
    child_environment,
)
from runner.porter.windows_loop import LoopStream
from runner.porter.windows_relay import GatesEnd, Relay
from runner.porter.wire import Answer, Started

NEEDED = ("SystemRoot", "SystemDrive")
"""Variables without which the system's own libraries don't work."""

NOT_IN_ONE = "the interpreter did not work in one"


def start_child(
    kind: Kind,
    link: int = -1,
    listens: str = "",
    besides: Mapping[str, str] = NOTHING,
    files: Files = NO_FILES,
) -> Spawned:
    """Starts a process in its job and its container, to which a front end will speak over four pipes.

    Args:
        kind: what to start; none that opens a person's files.
        link: the way to the process that it is linked to, -1 for none; closed here, or with its end.
        listens: empty, as yet.
        besides: variables that it gets besides its kind's.
        files: what it may read and where it may write, to which its container gets a right.

    Raises:
        OSError: the system does not start it, or not yet.
    """
    readable, writable = files
    plan = Plan(
        kind=kind.name,
        posture=kind.posture,
        parent=os.getpid(),
        readable=tuple(map(str, readable)),
        writable=tuple(map(str, writable)),
        data_limit_bytes=kind.data_limit_bytes,
    )
    with _given() as given:
        control = given.pipe_to(0), given.pipe_from(1)
        bulk = given.pipe_to(BULK_IN), given.pipe_from(BULK_OUT)
        errors = given.pipe_from(2)
        seal = given.stream(SEAL)
        if link >= 0:
            given.keeps(link)
        ends = given.stream(LINK) if kind.has_link or link >= 0 else (-1, -1)
        is_contained = _interpreter_works_contained()
        started = windows_start.spawn(
            [windows_start.own_interpreter(), *OPTIONS, "-m", kind.module, kind.name],
            {**_needed(), **child_environment(kind, os.environ), **besides},
            given.places,
            windows.container(plan),
            entries=windows.entries(plan, windows.own_interpreter()) if is_contained else None,
        )
        given.keep()
    if not is_contained:
        started = windows_start.Started(started.pid, started.handle, started.job, NOT_IN_ONE)
    way, relay = -1, None
    if isinstance(link, GatesEnd):
        relay = Relay(LoopStream(*ends, started.handle), link).begin
    elif kind.has_link:
        os.close(ends[0])  # it says nothing back
        way = GatesEnd(ends[1])
        way.process = windows_start.kept(started.handle)
    streams = (LoopStream(*seal), None)
    return Spawned(
        started.pid, (*control, *bulk), errors, *streams, way, process=started, relay=relay
    )


def start_front_end(kind: Kind, arguments: Sequence[str]) -> Spawned:
    """Starts the window or the terminal, which keeps the person's standard streams."""
    # Not `-m`, which imports eight milliseconds of modules to find this one.
    program = ["-c", f"import sys; from {kind.module} import main; sys.exit(main())"]
    told = {"LIGHTWELL_SEAL_FD": str(SEAL), "LIGHTWELL_PORTER_FD": str(PORTER)}
    with _given() as given:
        given.standard_streams()
        seal, porter = given.stream(SEAL), given.stream(PORTER)
        started = _beside(kind, [*program, kind.name, *arguments], told, given)
        given.keep()
    connection = LoopStream(*porter, process=started.handle)
    return Spawned(started.pid, (), -1, LoopStream(*seal), connection, process=started)


def start_helper(kind: Kind, arguments: Sequence[str], besides: Mapping[str, str]) -> Spawned:
    """Starts a process that asks the person something and prints the answer; `ends` reads it.

    Args:
        kind: what to start.
        arguments: after the kind's name.
        besides: variables that it gets besides the person's.
    """
    told = {**besides, "LIGHTWELL_SEAL_FD": str(SEAL)}
    with _given() as given:
        given.standard_streams()
        answer, seal = given.pipe_from(1), given.stream(SEAL)
        started = _beside(kind, ["-m", kind.module, kind.name, *arguments], told, given)
        given.keep()
    return Spawned(started.pid, (answer,), -1, LoopStream(*seal), None, process=started)


def listening(port: int) -> tuple[int, str]:
    """Opens no socket: none is handed over there yet.

    Raises:
        OSError: always.
    """
    raise OSError(errno.ENOTSUP, f"nothing listens on port {port} on this system yet")


def handed_over(answer: Answer, descriptors: Sequence[int], connection: Stream) -> Answer:
    """Returns an answer with the numbers of descriptors that its front end is given; closes them here.

    A front end that has ended gets none, which its end will tell.
    """
    if not isinstance(answer, Started) or not isinstance(connection, LoopStream):
        return answer
    handles = []
    for descriptor in descriptors:
        try:
            handles.append(str(windows_start.hand_over(descriptor, connection.process)))
        except OSError:
            continue
        finally:
            os.close(descriptor)
    return Started(
        number=answer.number,
        pid=answer.pid,
        handles=tuple(handles),
        with_token=answer.with_token,
    )


@functools.cache
def _interpreter_works_contained() -> bool:
    """Says whether processes are started in containers: asked of the system once, by a try."""
    plan = Plan(kind="try", posture=Posture.NO_NETWORK, parent=os.getpid())
    return windows_start.works_contained(
        [windows_start.own_interpreter(), *OPTIONS, "-c", "import runner.child.begin"],
        {**_needed(), "PYTHONPATH": import_path()},
        windows.container(plan),
        windows.entries(plan, windows.own_interpreter()),
    )


def _needed() -> dict[str, str]:
    return {name: os.environ[name] for name in NEEDED if name in os.environ}


def _beside(
    kind: Kind, program: Sequence[str], told: Mapping[str, str], given: "_Given"
) -> windows_start.Started:
    """Starts a process that opens a person's files, and hears their Ctrl+C: in a job alone."""
    return windows_start.spawn(
        [windows_start.own_interpreter(), *OPTIONS, *program],
        {**front_end_environment(os.environ), **told},
        given.places,
        windows.Container(name=f"Lightwell.{kind.name}"),
        entries=None,
        own_session=False,
    )


@contextmanager
def _given() -> "Iterator[_Given]":
    """Yields what a process is given; its ends are closed here, and ours too unless they are kept."""
    with ExitStack() as theirs, ExitStack() as ours:
        yield _Given(theirs, ours)


class _Given:
    """Pipes for a new process.

    Attributes:
        places: under which number it finds which of our descriptors.
    """

    def __init__(self, theirs: ExitStack, ours: ExitStack) -> None:
        self.places: dict[int, int] = {}
        self._theirs, self._ours = theirs, ours

    def pipe_to(self, place: int, *, of_stream: bool = False) -> int:
        """Returns where is written what it reads there."""
        reading, writing = pipe(writing_waits=of_stream)
        self._add(place, reading)
        return self._kept(writing)

    def pipe_from(self, place: int) -> int:
        """Returns where is read what it writes there; it can be waited for."""
        reading, writing = pipe(reading_waits=True)
        self._add(place, writing)
        return self._kept(reading)

    def stream(self, place: int) -> tuple[int, int]:
        """Returns a way in and a way out; the process has its way in there, its way out next to it."""
        writing = self.pipe_to(place, of_stream=True)
        return self.pipe_from(place + 1), writing

    def standard_streams(self) -> None:
        """Gives it the person's own, as far as there are any."""
        for place in range(3):
            try:
                there = msvcrt.get_osfhandle(place) > 0
            except OSError:
                there = False
            if there:
                self.places[place] = place

    def keeps(self, descriptor: int) -> None:
        """Closes a descriptor of ours too, should the process not be started."""
        self._kept(descriptor)

    def keep(self) -> None:
        """Leaves our ends open: the process runs."""
        self._ours.pop_all()

    def _add(self, place: int, descriptor: int) -> None:
        self._theirs.callback(os.close, descriptor)
        self.places[place] = descriptor

    def _kept(self, descriptor: int) -> int:
        self._ours.callback(os.close, descriptor)
        return descriptor
