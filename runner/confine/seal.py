"""Puts up the walls that a plan asks for, tests them, and reports. Runs in the child.

Order matters: namespaces while no thread exists, then what still needs ordinary calls, and the
filter of system calls last. A wall that this system does not have is left out and named.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from runner.confine import landlock, namespaces, seccomp, selftest
from runner.confine.openings import INTERNET, LOCAL_ONLY, opening
from runner.confine.plan import Plan
from runner.confine.prctl import KILL, PR_SET_PDEATHSIG, prctl
from runner.confine.syscalls import numbers

NAMESPACES, CAPABILITIES, LANDLOCK, SECCOMP, LISTENER = (
    "namespaces",
    "capabilities",
    "landlock",
    "seccomp",
    "listener",
)
NAMES = (
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/run/systemd/resolve",
)
"""What the system's library reads to look up a name."""

WALLS = (NAMESPACES, CAPABILITIES, LANDLOCK, SECCOMP, LISTENER)


def seal(plan: Plan, hand_over: Callable[[int], None]) -> dict[str, object]:
    """Seals this process for good.

    Args:
        plan: what to put up.
        hand_over: passes the listener for refused calls to the porter.

    Returns:
        The report: `walls` with what each gave, `missing` with why one is not there, and `tests`
        with how each attempt to break out went.
    """
    system: str = sys.platform  # as a text: a checker for another system reads on
    if system != "linux" or not numbers():
        # Late: the start on Linux has no use for it.
        from runner.confine import elsewhere

        return elsewhere.seal(plan)
    local_sockets = plan.posture == LOCAL_ONLY
    walls: dict[str, list[str]] = {}
    missing: dict[str, str] = {}

    def put_up(wall: str, action: Callable[[], list[str]]) -> None:
        if not plan.wants(wall):
            missing[wall] = "not asked for"
            return
        try:
            walls[wall] = action()
        except OSError as error:
            missing[wall] = error.strerror or str(error)

    if not local_sockets:
        # A display may be reached by an abstract socket, which belongs to the network namespace.
        put_up(NAMESPACES, lambda: namespaces.leave(network=plan.posture != INTERNET))
    put_up(CAPABILITIES, _drop_capabilities)
    # Changed credentials clear it, and the filter forbids to change it.
    prctl(PR_SET_PDEATHSIG, KILL)
    put_up(LANDLOCK, lambda: _restrict(plan, local_sockets=local_sockets))
    counted: list[str] = []
    if plan.wants(SECCOMP):
        put_up(LISTENER, lambda: _listen(plan, hand_over, counted, local_sockets=local_sockets))
    put_up(SECCOMP, lambda: _refuse(plan, counted, local_sockets=local_sockets))
    tests = selftest.attempts(plan, local_sockets=local_sockets)
    return {"walls": walls, "missing": missing, "tests": tests}


def _drop_capabilities() -> list[str]:
    namespaces.drop_capabilities()
    return ["none"]


def _restrict(plan: Plan, *, local_sockets: bool) -> list[str]:
    if local_sockets:
        return landlock.restrict_programs()
    readable = [*plan.readable, *(NAMES if plan.posture == INTERNET else ())]
    return landlock.restrict_files(
        map(Path, readable),
        devices=plan.devices,
        connecting=plan.posture == INTERNET,
        writable=map(Path, plan.writable),
    )


def _listen(
    plan: Plan, hand_over: Callable[[int], None], counted: list[str], *, local_sockets: bool
) -> list[str]:
    may = opening(plan.posture)
    program = seccomp.attempts_program(
        local_sockets=local_sockets, own_pid=os.getpid(), opening=may
    )
    listener = seccomp.install(program, listener=True)
    counted += seccomp.told(local_sockets=local_sockets, opening=may)
    try:
        hand_over(listener)
    finally:
        os.close(listener)
    return ["counted"]


def _refuse(plan: Plan, counted: list[str], *, local_sockets: bool) -> list[str]:
    program = seccomp.refusals_program(
        local_sockets=local_sockets,
        besides=counted,
        own_pid=os.getpid(),
        opening=opening(plan.posture),
    )
    seccomp.install(program, listener=False)
    return ["calls"]
