"""Puts up what is written for macOS and Windows, tries it, and reports. Runs in the child.

Nothing of it was ever seen to hold. What the tries give decides what is said: anything found open,
and the process is only watched; all refused, and it was tried here, which is less than proved
(decisions 0112, 0184).
"""

import contextlib
import errno
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from runner.confine import macos, selftest, windows
from runner.confine.openings import LOCAL_ONLY
from runner.confine.plan import Plan
from runner.confine.proof import JOB, PROFILE

WRITTEN = {"darwin": ("macOS", PROFILE, macos), "win32": ("Windows", JOB, windows)}
"""By a system, its name, its wall, and the module whose `put_up` puts that up."""

TOO_MANY_PROCESSES = 1816
"""What Windows says where a job has no room for another process."""

SCRATCH = ("TMPDIR", "TEMP", "SystemRoot")
"""Variables that name folders in which other programs write, or would like to."""


def seal(plan: Plan) -> dict[str, object]:
    """Seals this process as far as it is written for this system; returns a report as on Linux."""
    walls: Mapping[str, list[str]] = {}
    name, wall, system = WRITTEN.get(sys.platform, (sys.platform, "", None))
    if system is None:
        why = "nothing is written for it"
    elif not plan.wants(wall):
        why = "not asked for"
    else:
        try:
            walls = system.put_up(plan)
            why = f"a {' and a '.join(walls)} in force, and what that gives was never proved"
        except OSError as error:
            why = error.strerror or str(error)
    return {"walls": walls, "missing": {"system": f"{name}: {why}"}, "tests": attempts(plan)}


def attempts(plan: Plan) -> dict[str, str]:
    """Tries what can be tried on any system.

    On macOS it is the connection that is refused, not the socket: being turned away by a port that
    nobody serves is having been let through.
    """
    here, here6 = (socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")
    tried: dict[str, Callable[[], None]] = {
        "tcp4": lambda: _connect(*here),
        "tcp6": lambda: _connect(*here6),
        "udp4": lambda: _send(*here),
        "program": _start_another,
        selftest.PARENT: lambda: _reach(plan.parent),
    }
    if plan.posture != LOCAL_ONLY:
        if plan.unreadable:
            tried["read"] = lambda: _open(plan.unreadable, os.O_RDONLY)
        for folder in _folders(plan):
            tried[f"write {folder}"] = lambda folder=folder: _write(folder)  # type: ignore[misc]
    return {name: selftest.outcome(attempt) for name, attempt in tried.items()}


def _folders(plan: Plan) -> list[str]:
    # Not by `tempfile`, which fails where it can write nowhere.
    named = [os.environ[name] for name in SCRATCH if os.environ.get(name)]
    scratch = [*named, *(selftest.SCRATCH if os.name == "posix" else ())]
    own = [str(Path(plan.unreadable).parent)] if plan.unreadable else []
    return list(dict.fromkeys([*own, *scratch]))


def _connect(family: int, host: str) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as speaker:
        speaker.settimeout(1)
        try:
            speaker.connect((host, selftest.DISCARD[1]))
        except (ConnectionRefusedError, TimeoutError):
            return


def _send(family: int, host: str) -> None:
    with socket.socket(family, socket.SOCK_DGRAM) as speaker:
        speaker.sendto(b"", (host, selftest.DISCARD[1]))


def _start_another() -> None:
    try:
        subprocess.run(
            [sys.executable, "-I", "-S", "-c", ""],
            check=False,
            timeout=20,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        if getattr(error, "winerror", 0) == TOO_MANY_PROCESSES:
            raise PermissionError(errno.EPERM, "a job refuses it") from error
        raise


def _reach(parent: int) -> None:
    """Asks for a hold on the parent; does nothing with it."""
    if sys.platform == "win32":
        windows.reach(parent)
    else:
        os.kill(parent, 0)


def _open(path: str, flags: int) -> None:
    os.close(os.open(path, flags))


def _write(folder: str) -> None:
    path = Path(folder, f".lightwell-wall-{os.getpid()}")
    _open(str(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    with contextlib.suppress(OSError):
        path.unlink()
