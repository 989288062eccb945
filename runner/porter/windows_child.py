"""A child on Windows with its pipes: what `runner.porter.spawn` starts elsewhere.

The numbers under which a child finds them are the same, but for its way to the porter while it is
being sealed: two pipes in place of a socket. Nothing calls this yet but its own tests: the porter's
loop is not there on Windows (docs/other-systems.md).
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from runner.child.begin import BULK_IN, BULK_OUT, REPORT, SEAL
from runner.confine import windows
from runner.confine.plan import Plan
from runner.porter.first import OPTIONS
from runner.porter.kinds import Kind
from runner.porter.spawn import NOTHING, child_environment
from runner.porter.windows_start import Started, own_interpreter, spawn
from runner.values import Value

NEEDED = ("SystemRoot",)
"""Variables without which the system's own libraries don't work."""


class ChildOnWindows(Value):
    """A process that has just been started, and the porter's ends of what it holds.

    Attributes:
        started: the process and its job.
        ends: control to it, control from it, bulk to it, bulk from it.
        errors: its standard error.
        plan: where it is told how to seal itself.
        report: where it says how that went.
    """

    started: Started
    ends: tuple[int, int, int, int]
    errors: int
    plan: int
    report: int


def start_child(kind: Kind, plan: Plan, besides: Mapping[str, str] = NOTHING) -> ChildOnWindows:
    """Starts a process in its job and its container.

    Args:
        kind: what to start; none that opens a person's files.
        plan: says what it may read, which its container gets a right to.
        besides: variables that it gets besides its kind's.

    Raises:
        OSError: this is not Windows, or the system does not start it.
    """
    needed = {name: os.environ[name] for name in NEEDED if name in os.environ}
    environment = {**needed, **child_environment(kind, os.environ), **besides}
    command = [own_interpreter(), *OPTIONS, "-m", kind.module, kind.name]
    with _pipes() as (theirs, ours):
        started = spawn(
            command,
            environment,
            theirs,
            windows.container(plan),
            entries=windows.entries(plan, windows.own_interpreter()),
        )
    ends = (ours[0], ours[1], ours[BULK_IN], ours[BULK_OUT])
    return ChildOnWindows(started, ends, ours[2], ours[SEAL], ours[REPORT])


@contextmanager
def _pipes() -> Iterator[tuple[dict[int, int], dict[int, int]]]:
    """Yields what a child gets under which number, and our ends of it; the child's go at the end."""
    theirs: dict[int, int] = {}
    ours: dict[int, int] = {}
    for place in (0, 1, 2, BULK_IN, BULK_OUT, SEAL, REPORT):
        reading, writing = os.pipe()
        is_to_child = place in (0, BULK_IN, SEAL)
        theirs[place], ours[place] = (reading, writing) if is_to_child else (writing, reading)
    try:
        yield theirs, ours
    except OSError:
        for descriptor in ours.values():
            os.close(descriptor)
        raise
    finally:
        for descriptor in theirs.values():
            os.close(descriptor)
