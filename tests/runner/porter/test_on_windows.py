"""The start of one process on Windows: not run anywhere else; `test_porter_on_windows.py` goes on."""

import ctypes
import os
import sys

import pytest

from runner.confine.windows import Container, reach
from runner.porter import windows_start
from runner.porter.ending import EXIT, Ending, ended, judge

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="needs Windows")

ANY = Container(name="Lightwell.test")
PATIENCE_MS = 10_000


def start(script: str, given: dict[int, int]) -> windows_start.Started:
    needed = {"SystemRoot": os.environ["SYSTEMROOT"]}
    command = [windows_start.own_interpreter(), "-I", "-S", "-B", "-c", script]
    return windows_start.spawn(command, needed, given, ANY, entries=None)


def heard(descriptor: int) -> bytes:
    """Reads what comes until the other end is closed."""
    came = b""
    while data := os.read(descriptor, 4096):
        came += data
    return came


def test_a_process_has_what_it_is_given_and_nothing_else() -> None:
    (to_it, in_), (out, from_it), (kept, other) = ([*os.pipe()] for _ in range(3))
    os.write(in_, b"over three")
    script = (
        "import os; os.write(4, os.read(3, 99) + b' ' + repr(sorted(os.environ)).encode())\n"
        f"try: os.fstat({kept}); os.write(4, b' open')\nexcept OSError: os.write(4, b' closed')"
    )
    started = start(script, {3: to_it, 4: from_it})
    for descriptor in (to_it, from_it):
        os.close(descriptor)
    said = heard(out).decode()
    assert started.wait(PATIENCE_MS) == 0
    assert said.startswith("over three")
    assert "SYSTEMROOT" in said
    assert "USERPROFILE" not in said
    assert said.endswith("closed")
    started.end()
    for descriptor in (in_, out, kept, other):
        os.close(descriptor)


def test_its_end_is_told_as_elsewhere() -> None:
    started = start("import sys; sys.stdin.read(); sys.exit(7)", {0: (pipe := os.pipe())[0]})
    assert ended(started.pid) is None
    for end in pipe:
        os.close(end)
    assert started.wait(PATIENCE_MS) == 7
    status = ended(started.pid)
    assert status is not None
    assert judge(status, asked=False, memory_kills=0) == Ending(EXIT, 7)
    started.end()


def test_it_ends_with_the_last_handle_of_its_job() -> None:
    started = start("import time; time.sleep(60)", {0: (pipe := os.pipe())[0]})
    assert started.wait(300) is None
    ctypes.WinDLL("kernel32").CloseHandle(ctypes.c_void_p(started.job))
    assert started.wait(PATIENCE_MS) is not None
    for end in pipe:
        os.close(end)


def test_a_descriptor_is_handed_over() -> None:
    script = (
        "import msvcrt, os; number = int(os.read(0, 99))\n"
        "os.write(1, os.read(msvcrt.open_osfhandle(number, os.O_RDONLY | os.O_BINARY), 99))"
    )
    (to_it, in_), (out, from_it), (theirs, ours) = ([*os.pipe()] for _ in range(3))
    started = start(script, {0: to_it, 1: from_it})
    os.close(from_it)
    os.write(in_, str(windows_start.hand_over(theirs, started.handle)).encode())
    os.write(ours, b"handed")
    assert heard(out) == b"handed"
    assert started.wait(PATIENCE_MS) == 0
    started.end()
    for descriptor in (to_it, in_, out, theirs, ours):
        os.close(descriptor)


def test_a_hold_on_a_process_is_asked_for() -> None:
    reach(os.getpid())
    with pytest.raises(OSError, match="no hold"):
        reach(0xFFFFFFF0)
