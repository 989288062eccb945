"""The app as a person starts it: porter, sealed window, a second start, and an end without orphans."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.support.porter import ROOT, WITHOUT_CAPABILITIES


def start(*arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [*WITHOUT_CAPABILITIES, sys.executable, "-m", "app", *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )


def wait_for(true: Callable[[], object], what: str, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            pytest.fail(f"waited in vain: {what}")
        time.sleep(0.05)


def kinds(process: subprocess.Popen[bytes]) -> dict[str, psutil.Process]:
    """The porter's children by the name that it gave them."""
    return {
        child.cmdline()[-1]: child
        for child in psutil.Process(process.pid).children()
        if child.status() != psutil.STATUS_ZOMBIE and child.cmdline()
    }


def test_a_start_seals_the_window_and_loads_the_starter_by_itself(tmp_path: Path) -> None:
    first = start()
    try:
        wait_for(lambda: {"window", "engine"} <= kinds(first).keys(), "window and engine run")
        window = kinds(first)["window"]
        status = Path(f"/proc/{window.pid}/status").read_text()
        assert "NoNewPrivs:\t1" in status
        assert "Seccomp:\t2" in status
        assert not window.children(), "the window starts nothing"
        assert all(
            connection.family.name == "AF_UNIX" for connection in window.net_connections(kind="all")
        )
        wait_for(lambda: list((tmp_path / "runtime").rglob("window.sock")), "the socket")

        second = start()
        assert second.wait(20) == 0
        assert len([name for name in kinds(first) if name == "window"]) == 1

        everyone = [window, *kinds(first).values()]
        window.send_signal(signal.SIGTERM)
        first.wait(20)
        _, alive = psutil.wait_procs(everyone, timeout=10)
        assert not alive
    finally:
        first.kill()
        first.wait()


def test_a_porter_that_is_ended_takes_everything_along(tmp_path: Path) -> None:
    first = start()
    try:
        wait_for(lambda: {"window", "engine"} <= kinds(first).keys(), "window and engine run")
        everyone = list(kinds(first).values())
        first.send_signal(signal.SIGTERM)
        first.wait(20)
        _, alive = psutil.wait_procs(everyone, timeout=10)
        assert not alive
    finally:
        first.kill()
        first.wait()


def test_a_file_is_opened_and_a_second_start_hands_its_file_over(
    tmp_path: Path, starter_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the folder of the window's socket is too deep for a socket's address."""
    deep = tmp_path / ("deep" * 20) / ("er" * 20)
    deep.mkdir(parents=True, mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    one, two = tmp_path / "one.gguf", tmp_path / "two.gguf"
    for copy in (one, two):
        copy.symlink_to(starter_model)
    first = start(str(one))

    def settings_name(file: Path) -> bool:
        return any(file.name in each.read_text() for each in tmp_path.rglob("settings.toml"))

    try:
        wait_for(lambda: settings_name(one), "the first file is loaded")
        second = start(str(two))
        assert second.wait(20) == 0
        wait_for(lambda: settings_name(two), "the first window has loaded the second file")
    finally:
        first.terminate()
        first.wait(20)
