"""What this machine has: processor, cores, memory; and how busy other programs keep it.

Everything here may be asked within a sealed process: what can't be read is unknown (None or 0),
never guessed. Limits of a container count: its memory and its share of the processor are what a
model can use, whatever the machine has.
"""

import os
import platform
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

from runner.own_files import read_at

_RUNNING = re.compile(r"^procs_running (\d+)", re.MULTILINE)
_TICKS_S = 0.05  # the counters move in steps of 10 ms
_STALE_S = 3.0
_CGROUP = Path("/sys/fs/cgroup")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Processor:
    """The processor as the system describes it.

    Attributes:
        name: as its maker calls it; empty where unknown.
        physical_cores: cores of the machine; hardware threads of one core count once.
        logical_cores: hardware threads of the machine.
        usable_cores: cores that this process may use, by its affinity and its container's share.
    """

    name: str
    architecture: str
    physical_cores: int
    logical_cores: int
    usable_cores: int


@dataclass(frozen=True, slots=True)
class Memory:
    """Main memory in bytes; `limited` where a container's limit is smaller than the machine's."""

    total: int
    free: int
    limited: bool = False


def processor() -> Processor:
    """Describes the processor."""
    logical = os.cpu_count() or 1
    physical = _physical_cores() or logical
    return Processor(
        name=_processor_name(),
        architecture=platform.machine(),
        physical_cores=physical,
        logical_cores=logical,
        usable_cores=usable_cores(physical),
    )


def usable_cores(physical: int = 0) -> int:
    """How many threads can compute at once without waiting for each other."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    cores = min(allowed or 1, physical or _physical_cores() or 1024)
    share = _processor_share()
    if share:
        cores = min(cores, max(1, int(share + 0.5)))
    return max(1, cores)


def memory() -> Memory | None:
    """How much memory there is and how much of it a model could take; None where unknown."""
    machine = _psutil(psutil.virtual_memory)
    if machine is None:
        return None
    limit = _number(_CGROUP / "memory.max")
    used = _number(_CGROUP / "memory.current")
    if limit is None or used is None or limit >= machine.total:
        return Memory(total=machine.total, free=machine.available)
    # Cached files count as used in a container, but go when memory is asked for.
    cached = _stat(_CGROUP / "memory.stat", "inactive_file")
    return Memory(limit, min(machine.available, max(0, limit - used + cached)), limited=True)


def own_memory() -> int:
    """Bytes of this process in memory, mapped files included; 0 where unknown."""
    return _psutil(lambda: int(psutil.Process().memory_info().rss)) or 0


class BusyMeter:
    """Measures how many of our cores other programs keep busy, from one call to the next.

    Args:
        source: the system's counters; the file is kept open, so that sealing can't take it away.
    """

    def __init__(self, source: Path = Path("/proc/stat")) -> None:
        try:
            self._descriptor: int | None = os.open(source, os.O_RDONLY)
        except OSError:
            self._descriptor = None
        self._ours = (
            {f"cpu{core}" for core in os.sched_getaffinity(0)}
            if hasattr(os, "sched_getaffinity")
            else set()
        )
        self._before = self._now()
        self._last: float | None = None

    def __call__(self) -> float | None:
        """The cores that others keep busy: since the last call, or now if that is long ago."""
        before, now = self._before, self._now()
        if before is None or now is None:
            return None
        wall = now[0] - before[0]
        if wall < _TICKS_S:
            return self._last
        self._before = now
        if wall > _STALE_S and self._descriptor is not None:
            self._last = self._waiting_now()
        else:
            others = (now[1] - before[1]) - (now[2] - before[2])
            self._last = max(0.0, others / wall)
        return self._last

    def _waiting_now(self) -> float:
        """How many other threads run or wait for a core at this moment, the usual of a few looks."""
        looks = []
        for _ in range(5):
            found = _RUNNING.search(self._read())
            looks.append(max(0, int(found[1]) - 1) if found else 0)
            time.sleep(0.003)
        return float(min(len(self._ours), sorted(looks)[len(looks) // 2]))

    def close(self) -> None:
        """Closes the counters."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _now(self) -> tuple[float, float, float] | None:
        text = self._read()
        busy = self._busy_s(text) if text else _busy_of_psutil()
        return None if busy is None else (time.monotonic(), busy, time.process_time())

    def _read(self) -> str:
        if self._descriptor is None:
            return ""
        try:
            return read_at(self._descriptor, 262_144, 0).decode("ascii", "replace")
        except OSError:
            return ""

    def _busy_s(self, text: str) -> float:
        ticks = 0
        for line in text.splitlines():
            name, *numbers = line.split()
            if name in self._ours and len(numbers) >= 7:
                user, nice, system, _idle, _wait, interrupt, soft = map(int, numbers[:7])
                ticks += user + nice + system + interrupt + soft
        return ticks / _ticks_a_second()


def _ticks_a_second() -> float:
    if sys.platform == "win32":
        return 100.0  # for a checker's sake: no other system keeps a file that counts in ticks
    else:
        return float(os.sysconf("SC_CLK_TCK"))


def _busy_of_psutil() -> float | None:
    """Returns how long all cores together were busy, where the system keeps no file that says so."""
    # On Linux a missing file means that it was closed to this process, and so is what psutil reads.
    times = None if sys.platform == "linux" else _psutil(psutil.cpu_times)
    if times is None:
        return None
    return float(sum(getattr(times, kind, 0.0) for kind in ("user", "nice", "system")))


def _physical_cores() -> int:
    return _psutil(lambda: psutil.cpu_count(logical=False) or 0) or 0


def _processor_name() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines():
            if line.startswith(("model name", "Model")):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    # Elsewhere the standard library would start a program to ask, which a sealed process may not.
    return platform.processor() if sys.platform == "win32" else platform.machine()


def _processor_share() -> float | None:
    try:
        quota, _, period = (_CGROUP / "cpu.max").read_text().strip().partition(" ")
        return None if quota == "max" else int(quota) / int(period)
    except (OSError, ValueError):
        return None


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text().strip())
    except (OSError, ValueError):
        return None


def _stat(path: Path, key: str) -> int:
    try:
        for line in path.read_text().splitlines():
            name, _, value = line.partition(" ")
            if name == key:
                return int(value)
    except (OSError, ValueError):
        pass
    return 0


def _psutil(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except (OSError, psutil.Error, KeyError, RuntimeError, ValueError):
        return None
