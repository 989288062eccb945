"""Commands as an ordinary user of this computer, with an id that owns nothing here and no capability."""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

NOBODY = 65534
AS_NOBODY = (
    "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
    "--inh-caps=-all", "--bounding-set=-all",
)  # fmt: skip

OPENED = """
set -e
hold="$HOME/.hold"
mkdir -p "$hold"
mount --bind "$1" "$hold"
mount -t tmpfs -o mode=755 none "$2"
mkdir -p "$1"
mount --bind "$hold" "$1"
shift 2
exec "$@"
"""
"""Runs a command where the interpreter's folder ($1) can be walked to, though a folder above ($2) is
closed to others: in a mount namespace of its own, which nobody else sees."""


@contextmanager
def ordinary_home() -> Iterator[Path]:
    """Yields a folder that this user owns; skips where there can be no such user.

    Not below the tests' own folder, which is closed to others.
    """
    if os.geteuid() != 0:
        pytest.skip("these tests are an ordinary user's already")
    if not can_be_ordinary():
        pytest.skip("this checkout's interpreter is closed to other users")
    with tempfile.TemporaryDirectory() as name:
        os.chown(name, NOBODY, NOBODY)
        yield Path(name)


@cache
def can_be_ordinary() -> bool:
    """Says whether the tests may become such a user, and that one can run this checkout's Python."""
    if os.geteuid() != 0:
        return False
    again = (
        "import subprocess, sys;sys.exit(subprocess.call([sys.executable, '-c', 'import msgspec']))"
    )
    with tempfile.TemporaryDirectory() as name:
        os.chown(name, NOBODY, NOBODY)
        ran = subprocess.run(
            [*as_ordinary_user(), sys.executable, "-c", again],
            env=ordinary_environment(Path(name)), capture_output=True,
        )  # fmt: skip
    return ran.returncode == 0


def as_ordinary_user() -> list[str]:
    """Returns what to put before a command."""
    base = Path(sys.base_prefix).resolve()
    closed = next((folder for folder in reversed(base.parents) if _is_closed(folder)), None)
    open_it = (
        ["unshare", "--mount", "sh", "-c", OPENED, "sh", str(base), str(closed)] if closed else []
    )
    return [*open_it, *AS_NOBODY]


def ordinary_environment(home: Path) -> dict[str, str]:
    """Returns this user's variables, with every folder below their home."""
    kept = ("PATH", "LANG", "LD_LIBRARY_PATH")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        **{f"XDG_{n}_HOME": str(home / n.lower()) for n in ("CONFIG", "DATA", "CACHE", "STATE")},
        "HOME": str(home),
    }


def _is_closed(folder: Path) -> bool:
    return not folder.stat().st_mode & stat.S_IXOTH
