"""The app as an ordinary user of this computer, with an id that owns nothing here and no capability."""

import json
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.porter import ROOT

pytestmark = pytest.mark.fault

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


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A folder that this user owns; not below the tests' own, which is closed to others."""
    if os.geteuid() != 0:
        pytest.skip("these tests are an ordinary user's already")
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        os.chown(home, NOBODY, NOBODY)
        again = (
            "import subprocess, sys;"
            "sys.exit(subprocess.call([sys.executable, '-c', 'import msgspec']))"
        )
        if as_nobody(home, "-c", again).returncode != 0:
            pytest.skip("this checkout's interpreter is closed to other users")
        yield home


def is_closed(folder: Path) -> bool:
    return not folder.stat().st_mode & stat.S_IXOTH


def as_nobody(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = ("PATH", "LANG", "LD_LIBRARY_PATH")
    environment = {
        **{name: os.environ[name] for name in kept if name in os.environ},
        **{f"XDG_{n}_HOME": str(home / n.lower()) for n in ("CONFIG", "DATA", "CACHE", "STATE")},
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
    }
    base = Path(sys.base_prefix).resolve()
    closed = next((folder for folder in reversed(base.parents) if is_closed(folder)), None)
    open_it = (
        ["unshare", "--mount", "sh", "-c", OPENED, "sh", str(base), str(closed)] if closed else []
    )
    return subprocess.run(
        [*open_it, *AS_NOBODY, sys.executable, "-B", *arguments], cwd=ROOT, env=environment,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100,
    )  # fmt: skip


def test_everything_works_and_holds_for_an_ordinary_user(home: Path) -> None:
    ran = as_nobody(home, "-m", "app", "doctor", "--json")
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["engine"]["works"]
    assert found["reader"]["works"]
    assert found["starter"]["matches"]
    assert all(folder["writable"] for folder in found["folders"])
    labels = {one["process"]: (one["label"], one["missing"]) for one in found["enforced"]}
    assert labels == {
        "terminal": ("no network, files not restricted", []),
        "engine": ("sealed off", []),
        "reader": ("sealed off", []),
    }


def test_what_it_writes_is_closed_to_others(home: Path) -> None:
    written = [path for path in home.rglob("*") if path.is_dir() and path.name == "lightwell"]
    assert written
    assert all(path.stat().st_mode & 0o077 == 0 for path in written)
    assert all(path.stat().st_uid == NOBODY for path in written)
