"""Puts up what is written for macOS and Windows, tries it, and reports. Runs in the child.

Nothing of it was ever seen to hold: the label stays "watched, not enforced" whatever the tries give
(decision 0112). Monitor lists what they found open.
"""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from runner.confine import macos, selftest, windows
from runner.confine.openings import LOCAL_ONLY
from runner.confine.plan import Plan

PROFILE, JOB = "profile", "job"
"""The walls of macOS and of Windows."""

WRITTEN = {"darwin": ("macOS", PROFILE, macos), "win32": ("Windows", JOB, windows)}
"""By a system, its name, its wall, and the module whose `put_up` puts that up."""


def seal(plan: Plan) -> dict[str, object]:
    """Seals this process as far as it is written for this system; returns a report as on Linux."""
    walls: dict[str, list[str]] = {}
    name, wall, system = WRITTEN.get(sys.platform, (sys.platform, "", None))
    if system is None:
        why = "nothing is written for it"
    elif not plan.wants(wall):
        why = "not asked for"
    else:
        try:
            walls[wall] = system.put_up(plan)
            why = f"a {wall} is in force, and what it gives was never proved"
        except OSError as error:
            why = error.strerror or str(error)
    return {"walls": walls, "missing": {"system": f"{name}: {why}"}, "tests": attempts(plan)}


def attempts(plan: Plan) -> dict[str, str]:
    """Tries what can be tried on any system.

    On macOS it is the connection that is refused, not the socket: being turned away by a port that
    nobody serves is having been let through.
    """
    own_ports = {"tcp4": (socket.AF_INET, "127.0.0.1"), "tcp6": (socket.AF_INET6, "::1")}
    tried: dict[str, Callable[[], None]] = {
        name: lambda family=family, host=host: _connect(family, host)  # type: ignore[misc]
        for name, (family, host) in own_ports.items()
    }
    tried["program"] = _start_another
    if plan.posture != LOCAL_ONLY:
        folders = [tempfile.gettempdir()]
        if plan.unreadable:
            tried["read"] = lambda: _open(plan.unreadable, os.O_RDONLY)
            folders.insert(0, str(Path(plan.unreadable).parent))
        for folder in dict.fromkeys(folders):
            tried[f"write {folder}"] = lambda folder=folder: _write(folder)  # type: ignore[misc]
    return {name: selftest.outcome(attempt) for name, attempt in tried.items()}


def _connect(family: int, host: str) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as speaker:
        speaker.settimeout(1)
        try:
            speaker.connect((host, selftest.DISCARD[1]))
        except (ConnectionRefusedError, TimeoutError):
            return


def _start_another() -> None:
    subprocess.run([sys.executable, "-I", "-S", "-c", ""], check=False, timeout=20)


def _open(path: str, flags: int) -> None:
    os.close(os.open(path, flags))


def _write(folder: str) -> None:
    path = Path(folder, f".lightwell-wall-{os.getpid()}")
    _open(str(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    path.unlink()
