"""Limits that need no privilege: core dumps, descriptors, private memory, who ends first."""

import contextlib
import sys
from pathlib import Path

from runner.confine.openings import GATE_ONLY, INTERNET, LISTEN_ONLY, NO_NETWORK
from runner.confine.plan import Plan

if sys.platform == "win32":
    from runner.confine import windows
else:
    import resource

MOST_DESCRIPTORS = 256


def apply(plan: Plan) -> None:
    """Lowers this process's limits for good; on Windows its job is what limits its memory."""
    _keep_no_dumps()
    if plan.posture in (NO_NETWORK, GATE_ONLY, INTERNET, LISTEN_ONLY):
        _lower("RLIMIT_NOFILE", MOST_DESCRIPTORS)
    if plan.data_limit_bytes:
        _lower("RLIMIT_DATA", plan.data_limit_bytes)
    if plan.first_to_die:
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")


def _keep_no_dumps() -> None:
    """A dump would put a conversation on disk."""
    if sys.platform == "win32":
        windows.keep_no_dumps()
    # The limit doesn't hold where the system hands dumps to a program; that gets none of the
    # memory then.
    _lower("RLIMIT_CORE", 0)
    with contextlib.suppress(OSError):
        Path("/proc/self/coredump_filter").write_text("0")


def _lower(name: str, most: int) -> None:
    if sys.platform != "win32":
        which: int = getattr(resource, name)
        _, hard = resource.getrlimit(which)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (allowed, allowed))
