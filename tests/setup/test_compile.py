"""The compiled modules: made once after each change, and never for nothing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass
class Compiling:
    """A checkout of two modules, whose Python notes each of its starts."""

    folder: Path

    @property
    def script(self) -> Path:
        return self.folder / "packaging/compile.sh"

    @property
    def starts(self) -> int:
        log = self.folder / "starts"
        return len(log.read_text().splitlines()) if log.exists() else 0

    def run(self) -> None:
        subprocess.run([self.script], check=True, timeout=30)

    def write(self, name: str, text: str) -> Path:
        file = self.folder / "app" / name
        file.write_text(text)
        return file

    def compiled(self, file: Path) -> Path:
        return file.parent / "__pycache__" / f"{file.stem}.{sys.implementation.cache_tag}.pyc"


@pytest.fixture
def checkout(tmp_path: Path) -> Compiling:
    folder = tmp_path / "check out"
    for name in ("packaging", "app", ".venv/bin"):
        (folder / name).mkdir(parents=True)
    shutil.copy(ROOT / "packaging/compile.sh", folder / "packaging")
    python = folder / ".venv/bin/python"
    python.write_text(
        f'#!/bin/sh\necho started >>"{folder}/starts"\n'
        f'[ ! -e "{folder}/slow" ] || exec sleep 60\nexec "{sys.executable}" "$@"\n'
    )
    python.chmod(0o755)
    (folder / "app/one.py").write_text("ONE = 1\n")
    return Compiling(folder)


def test_once_after_each_change(checkout: Compiling) -> None:
    one = checkout.folder / "app/one.py"
    checkout.run()
    assert checkout.compiled(one).exists()
    checkout.run()
    assert checkout.starts == 1
    two = checkout.write("two.py", "TWO = 2\n")
    # A clock of coarse steps may give both files the same time.
    later = (checkout.folder / ".venv/compiled").stat().st_mtime + 1
    os.utime(two, (later, later))
    checkout.run()
    assert checkout.starts == 2
    assert checkout.compiled(two).exists()


def test_a_file_that_is_no_python_stops_nothing(checkout: Compiling) -> None:
    checkout.write("bad.py", "def (\n")
    checkout.run()
    checkout.run()
    assert checkout.starts == 1


def test_what_is_cut_off_is_done_again(checkout: Compiling) -> None:
    slow = checkout.folder / "slow"
    slow.touch()
    started = subprocess.Popen([checkout.script], start_new_session=True)
    end = time.monotonic() + 30
    while not checkout.starts:
        assert time.monotonic() < end
        time.sleep(0.01)
    os.killpg(started.pid, signal.SIGKILL)
    started.wait(30)
    slow.unlink()
    checkout.run()
    assert checkout.starts == 2
    assert checkout.compiled(checkout.folder / "app/one.py").exists()


def test_where_nothing_can_be_kept_nothing_is_compiled(checkout: Compiling) -> None:
    # A link to nowhere stops even root, whom permissions don't.
    (checkout.folder / ".venv/compiled.new").symlink_to("/nowhere/at/all")
    checkout.run()
    assert checkout.starts == 0
