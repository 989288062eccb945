"""The app as an ordinary user of this computer, with an id that owns nothing here and no capability."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ordinary_user import (
    NOBODY,
    as_ordinary_user,
    ordinary_environment,
    ordinary_home,
)
from tests.support.porter import ROOT

pytestmark = pytest.mark.fault

SOCKETS = "trace=socket,connect,sendto,bind,io_uring_setup"
REACHED = re.compile(r"AF_(\w+)")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with ordinary_home() as home:
        yield home


def as_nobody(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*as_ordinary_user(), *command], cwd=ROOT,
        env={**ordinary_environment(home), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100,
    )  # fmt: skip


def test_everything_works_and_holds_for_an_ordinary_user(home: Path) -> None:
    """With strace beside it, which is as ordinary: it sees no call that leads out let through."""
    if shutil.which("strace") is None:
        pytest.fail("strace is missing: .ci/run installs it")
    trace = home / "trace"
    ran = as_nobody(
        home, "strace", "-f", "-qq", "-e", SOCKETS, "-o", str(trace),
        sys.executable, "-B", "-m", "app", "doctor", "--json",
    )  # fmt: skip
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
    calls = trace.read_text().splitlines()
    let_through = {
        match[1] for line in calls if "EPERM" not in line and (match := REACHED.search(line))
    }
    assert let_through <= {"UNIX"}, let_through
    assert sum("EPERM" in line for line in calls) >= 8, "it saw each process test its walls"


def test_what_it_writes_is_closed_to_others(home: Path) -> None:
    written = [path for path in home.rglob("*") if path.is_dir() and path.name == "lightwell"]
    assert written
    assert all(path.stat().st_mode & 0o077 == 0 for path in written)
    assert all(path.stat().st_uid == NOBODY for path in written)
