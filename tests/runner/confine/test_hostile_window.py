"""A window that was taken over can't get past its porter."""

import json
import os
import pty
import select
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.hostile_window import REQUESTS, ROUTES
from tests.support.porter import ROOT, front_end_command, run_front_end

pytestmark = pytest.mark.fault


@pytest.fixture
def browser(tmp_path: Path) -> Path:
    """A program that stands for the person's browser and notes what it was asked to open."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "xdg-open"
    program.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/opened\n')
    program.chmod(0o755)
    return program


def environment_with(browser: Path) -> dict[str, str]:
    """Puts the browser first in the path, and leaves no display to ask on."""
    path = f"{browser.parent}:{os.environ['PATH']}"
    return {
        "PATH": path,
        "TEST_TOOLS": "1",
        "DISPLAY": "",
        "WAYLAND_DISPLAY": "",
        "QT_QPA_PLATFORM": "",
    }


def test_a_hostile_window_gets_nowhere(browser: Path, tmp_path: Path) -> None:
    ran = run_front_end("hostile", **environment_with(browser))
    assert ran.returncode == 0, ran.stderr
    results = json.loads(ran.stdout)
    assert [route for route in ROUTES if results[route] == "open"] == []
    asked = [name for name in REQUESTS if name in results]
    assert {results[name] for name in asked} == {
        "NotDone porter.unknown_kind",
        "NotDone porter.bad_request",
        "NotDone porter.bad_address",
        "NotDone porter.bad_folder",
    }
    assert results["noise"] == "NotDone porter.bad_request"
    assert results["nesting"] == "NotDone porter.bad_request"
    assert results["own address"] == "declined", "nobody was there to agree"
    assert not (tmp_path / "opened").exists()


def test_every_request_is_in_the_log(browser: Path, tmp_path: Path) -> None:
    run_front_end("hostile", **environment_with(browser))
    log = (tmp_path / "state/lightwell/porter.log").read_text()
    assert log.count("refused") == len(REQUESTS) - 1 + 2
    assert "asked to open https://evil.example/?chat=secret" in log
    assert "declined https://evil.example/?chat=secret" in log
    assert "attempt 0 hostile: socket IPv4" in log


@pytest.mark.parametrize(("answer", "opened"), [(b"y\n", True), (b"n\n", False), (b"\n", False)])
def test_on_a_terminal_the_person_decides(
    browser: Path, tmp_path: Path, answer: bytes, opened: bool
) -> None:
    reading, writing = pty.openpty()
    process = subprocess.Popen(
        front_end_command("hostile"),
        env={**os.environ, "PYTHONPATH": str(ROOT), "PORTER": "{}", **environment_with(browser)},
        stdin=writing,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=_take_terminal,  # noqa: PLW1509 - a terminal has no other way
    )
    os.close(writing)
    question = _read_until(reading, b"[y/N]")
    assert b"https://evil.example/?chat=secret" in question
    assert b"evil.example." in question
    os.write(reading, answer)
    out, error = process.communicate(timeout=20)
    os.close(reading)
    assert json.loads(out)["own address"] == ("opened" if opened else "declined"), error
    if opened:
        _wait_for(tmp_path / "opened")
        assert (tmp_path / "opened").read_text() == "https://evil.example/?chat=secret\n"
    else:
        assert not (tmp_path / "opened").exists()


def _take_terminal() -> None:
    import fcntl
    import termios

    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read_until(descriptor: int, end: bytes) -> bytes:
    read = b""
    while end not in read:
        assert select.select([descriptor], [], [], 20)[0], read
        read += os.read(descriptor, 4096)
    return read


def _wait_for(path: Path) -> None:
    until = time.monotonic() + 5
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.01)
