"""How a process ended, in the protocol's words, and whether memory had run out.

Standard library only. The strings are those of `runner.protocol.common.EndKind`; a test holds the
two together, because importing that module here would cost the porter its quick start.
"""

import contextlib
import os
import sys
from collections import deque
from pathlib import Path

from runner.confine.prctl import KILL
from runner.porter.log import plain
from runner.values import Value

if sys.platform == "win32":
    from runner.porter import windows_start

ASKED, EXIT, SIGNAL = "asked", "exit", "signal"
OUT_OF_MEMORY, NOT_STARTED = "out of memory", "not started"

KEPT_LINES = 200
LONGEST_LINE = 500
LONGEST_TAIL = 48 * 1024

KILLS_SYSTEM = Path("/proc/vmstat")


class Ending(Value):
    """How a process ended: the kind, and its exit status or signal number."""

    kind: str
    status: int


class MemoryKills:
    """Counts the processes that the kernel has killed because memory ran out.

    The counter is the system's: a rise during a process's life, together with a SIGKILL that the
    porter did not send, is the evidence. Without a rise we say "killed by signal 9" and no more.
    """

    def __init__(self, counter: Path = KILLS_SYSTEM) -> None:
        self._counter = counter

    def count(self) -> int:
        """Returns the count so far; 0 where the system keeps none."""
        try:
            lines = self._counter.read_text().splitlines()
        except OSError:
            return 0
        counts = [int(line.split()[1]) for line in lines if line.startswith("oom_kill ")]
        return sum(counts)


def ended(pid: int) -> int | None:
    """Returns the wait status of a child that has ended, None where it runs."""
    if sys.platform == "win32":
        return windows_start.wait_status(pid)
    else:
        found, status = os.waitpid(pid, os.WNOHANG)
        return status if found else None


def send_signal(pid: int, number: int) -> None:
    """Sends a signal to a child that has not been waited for, so that its pid is still its own.

    On Windows each ends it at once, and one that has ended by itself may not be ended.
    """
    gone = PermissionError if sys.platform == "win32" else ProcessLookupError
    with contextlib.suppress(gone):
        os.kill(pid, number)


def judge(wait_status: int, *, asked: bool, memory_kills: int) -> Ending:
    """Says how a process ended, from its wait status.

    Args:
        wait_status: what `waitpid` returned.
        asked: the porter was asked to end it.
        memory_kills: how many kills for want of memory the system counted during its life.
    """
    status = os.waitstatus_to_exitcode(wait_status)
    if status < 0:
        number = -status
        if asked:
            return Ending(ASKED, 0)
        if number == KILL and memory_kills > 0:
            return Ending(OUT_OF_MEMORY, number)
        return Ending(SIGNAL, number)
    return Ending(ASKED if asked else EXIT, 0 if asked else status)


class Tail:
    """The last lines that a process wrote to its standard error."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._open = b""

    def add(self, data: bytes) -> None:
        """Takes what was read; the last line may still be unfinished."""
        *whole, self._open = (self._open + data).split(b"\n")
        # Of a flood, only what is kept is looked at.
        self._lines.extend(self._clean(line) for line in whole[-KEPT_LINES:])
        # A process that never ends its line must not grow this one.
        self._open = self._open[:LONGEST_LINE]

    def text(self) -> str:
        """Returns the lines, newest kept where the whole would be too long."""
        lines = [*self._lines, *([self._clean(self._open)] if self._open else [])]
        return "\n".join(lines)[-LONGEST_TAIL // 4 :]

    def _clean(self, line: bytes) -> str:
        text = line[:LONGEST_LINE].removesuffix(b"\r").decode(errors="replace")
        return plain(text.replace("\t", "    "))
