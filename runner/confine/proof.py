"""What the porter itself reads of a process that says it is sealed. Standard library only."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from runner.confine import sockets
from runner.values import Value

CAPABILITY_SETS = ("CapInh", "CapPrm", "CapEff", "CapAmb")
"""What a process has or could raise. The bounding set is left out: only a superuser can empty it,
and without new privileges it bounds nothing."""

SPACES = ("user", "net", "ipc")

PROFILE, CONTAINER, JOB = "profile", "container", "job"
"""The walls of macOS, and the two of Windows."""


class Proof(Value):
    """What was read of a process, and what its own attempts to break out gave.

    Attributes:
        filters: how many filters of system calls hold it that do not hold the porter too, as a
            container's would; 0 where the mode is not filtering.
        no_new_privileges: it and what it starts can gain none.
        capabilities: names of the sets that are not empty.
        own_spaces: namespaces that are not the porter's.
        sockets: how many of its descriptors are sockets, -1 where they could not be read.
        outside: how many of these are no local ones, -1 where that could not be read.
        listeners: how many listeners for refused calls it holds, its own or another's; -1 where that
            could not be read.
        others: walls of another system than Linux that are in force, as it said itself.
        landlock: what its rules on files gave, as it said itself; the tests are the proof.
        tests: each attempt to break out and how it went; see `selftest`.
        listened: the porter holds the listener for its refused calls.
        missing: walls that are not there, and why.
    """

    pid: int
    local_sockets: bool
    filters: int = 0
    no_new_privileges: bool = False
    capabilities: tuple[str, ...] = ()
    own_spaces: tuple[str, ...] = ()
    sockets: int = -1
    outside: int = -1
    listeners: int = -1
    others: tuple[str, ...] = ()
    landlock: tuple[str, ...] = ()
    tests: Mapping[str, str] = MappingProxyType({})
    listened: bool = False
    missing: Mapping[str, str] = MappingProxyType({})


def read(pid: int, report: Mapping[str, object], *, listened: bool, local_sockets: bool) -> Proof:
    """Reads the proof of a process that is the porter's own child and still alive.

    What cannot be read counts as not there.
    """
    walls, missing, tests = (_table(report.get(name)) for name in ("walls", "missing", "tests"))
    landlock = walls.get("landlock", [])
    status = _status(pid)
    held, outside = sockets.held(pid)
    return Proof(
        pid=pid,
        local_sockets=local_sockets,
        filters=max(0, _filters(status) - _filters(_status("self"))),
        no_new_privileges=status.get("NoNewPrivs") == "1",
        capabilities=tuple(n for n in CAPABILITY_SETS if int(status.get(n, "f"), 16) != 0),
        own_spaces=tuple(name for name in SPACES if _own_space(pid, name)),
        sockets=held,
        outside=outside,
        listeners=sockets.listeners(pid),
        others=tuple(name for name in (PROFILE, CONTAINER, JOB) if name in walls),
        landlock=tuple(map(str, landlock)) if isinstance(landlock, list) else (),
        tests={name: str(outcome) for name, outcome in tests.items()},
        listened=listened,
        missing={name: str(why) for name, why in missing.items()},
    )


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _filters(status: Mapping[str, str]) -> int:
    """Returns how many filters hold a process; kernels before 5.9 say only whether any does."""
    return int(status.get("Seccomp_filters", "1")) if status.get("Seccomp") == "2" else 0


def _status(pid: int | str) -> dict[str, str]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.partition(":") for line in lines)
    return {name: value.strip() for name, _, value in pairs}


def _own_space(pid: int, name: str) -> bool:
    try:
        return _space(str(pid), name) != _space("self", name)
    except OSError:
        return False


def _space(process: str, name: str) -> Path:
    return Path(f"/proc/{process}/ns/{name}").readlink()
