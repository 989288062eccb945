"""The first lines of every process: learn the plan, take the streams aside, seal, report.

Standard library only, and nothing may be imported before it that starts a thread or maps foreign
code: walls that are put up later don't cover what already runs.
"""

import contextlib
import json
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from runner.channel import packets
from runner.confine import limits
from runner.confine.plan import Plan
from runner.confine.prctl import KILL, PR_SET_PDEATHSIG, prctl
from runner.confine.seal import seal
from runner.values import Value

BULK_IN, BULK_OUT, SEAL = 3, 4, 5
REPORT = 6
"""On Windows, where a pipe has one direction, the way back."""

LARGEST_PLAN = 256 * 1024
LOOK_S = 1.0


class Beginning(Value):
    """What a child knows once it is sealed.

    Attributes:
        kind: the kind of process that it is.
        options: what the request set.
        readable: the paths that it may read besides the interpreter and the packages.
        control_in: where messages come from; the other three accordingly.
    """

    kind: str
    options: Mapping[str, str]
    readable: tuple[Path, ...]
    control_in: int
    control_out: int
    bulk_in: int
    bulk_out: int


def begin() -> Beginning:
    """Makes this process a child: private streams, bound to its parent, sealed.

    Ends the process where the parent has already gone.
    """
    plan, connection = _receive_plan()
    _die_with(plan.parent)
    control_in, control_out = _take_streams_aside()
    limits.apply(plan)
    _seal(plan, connection)
    _watch(plan.parent)
    return Beginning(
        kind=plan.kind,
        options=plan.options,
        readable=tuple(map(Path, plan.readable)),
        control_in=control_in,
        control_out=control_out,
        bulk_in=BULK_IN,
        bulk_out=BULK_OUT,
    )


def begin_front_end() -> bool:
    """Seals a front end or a helper; it keeps its streams, its variables and its other sockets.

    Returns:
        False where no porter started this process, such as in a test: nothing is sealed then.
    """
    if "LIGHTWELL_SEAL_FD" not in os.environ:
        return False
    if porter := os.environ.get("LIGHTWELL_PORTER_FD"):
        for descriptor in _of_stream(int(porter)):
            os.set_inheritable(descriptor, False)
    plan, connection = _receive_plan()
    _die_with(plan.parent)
    limits.apply(plan)
    _seal(plan, connection)
    _watch(plan.parent)
    return True


def _of_stream(first: int) -> tuple[int, ...]:
    """Returns the descriptors of a stream: on Windows a way in and, next to it, a way out."""
    return (first, first + 1) if sys.platform == "win32" else (first,)


def _receive_plan() -> tuple[Plan, socket.socket | None]:
    """Returns the plan, and the socket that it came over; on Windows that is a pipe."""
    system: str = sys.platform  # as a text: a checker for another system reads on
    if system == "win32":
        for descriptor in _of_stream(SEAL):
            os.set_inheritable(descriptor, False)
        connection, said = None, packets.read(SEAL, LARGEST_PLAN)
    else:
        connection = socket.socket(fileno=SEAL)
        connection.set_inheritable(False)
        packet = packets.Inbox(connection, LARGEST_PLAN).receive()
        said = None if packet is None else packet.data
    if said is None:
        os._exit(0)  # the porter has gone
    return Plan.from_fields(json.loads(said)), connection


def _die_with(parent: int) -> None:
    """Asks the kernel to end this process with its parent, which may be gone by now."""
    system: str = sys.platform  # as a text: a checker for another system reads on
    if system == "linux":
        prctl(PR_SET_PDEATHSIG, KILL)
    # A container of Windows may not be told of other processes; its job ends it there.
    if system != "win32" and os.getppid() != parent:
        os._exit(0)


def _watch(parent: int) -> None:
    """Ends this process with its parent where the kernel doesn't. Only once it is sealed: a thread.

    The end of the input is not enough: a front end could hold it open, and some have none.
    """
    system: str = sys.platform
    if system in ("linux", "win32"):
        return  # on Windows its job ends it, whose last handle is the porter's
    import threading
    import time

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_S)
        os._exit(0)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def _take_streams_aside() -> tuple[int, int]:
    """Moves the control channel away from 0 and 1, so that a stray print cannot break it.

    Whatever a library prints lands on the standard error, which the porter keeps; whatever it
    reads is empty.
    """
    control_in, control_out = os.dup(0), os.dup(1)
    nothing = _nothing()
    os.dup2(nothing, 0, inheritable=False)
    os.close(nothing)
    os.dup2(2, 1, inheritable=False)
    for descriptor in (2, BULK_IN, BULK_OUT):
        os.set_inheritable(descriptor, False)
    return control_in, control_out


def _nothing() -> int:
    """Returns what is at its end already: the device, or a pipe where a container closes that."""
    try:
        return os.open(os.devnull, os.O_RDONLY)
    except OSError:
        reading, writing = os.pipe()
        os.close(writing)
        return reading


def _seal(plan: Plan, connection: socket.socket | None) -> None:
    """Seals, hands the listener to the porter, reports, and closes the way to it."""

    def hand_over(listener: int) -> None:
        if connection is not None:
            packets.send(connection, b"listener", [listener])

    report = seal(plan, hand_over)
    with contextlib.suppress(BrokenPipeError):
        # `send` is refused by now; a write is not, and this is the last one here.
        way = REPORT if connection is None else connection.fileno()
        packets.write(way, json.dumps(report).encode())
    if connection is not None:
        connection.close()
    else:
        os.close(SEAL)
        os.close(REPORT)
