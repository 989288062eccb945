"""What is said of this machine, against what the system says elsewhere."""

import os
import time
from pathlib import Path

import psutil
import pytest

from runner import hardware


def test_the_processor_is_described():
    processor = hardware.processor()
    assert processor.name
    assert 1 <= processor.usable_cores <= processor.logical_cores
    assert processor.physical_cores <= processor.logical_cores == os.cpu_count()


def test_fewer_cores_are_usable_where_affinity_says_so():
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert hardware.usable_cores() == 1
    finally:
        os.sched_setaffinity(0, allowed)


def test_memory_is_no_more_than_the_machine_has():
    memory = hardware.memory()
    assert memory is not None
    assert 0 < memory.free <= memory.total <= psutil.virtual_memory().total


def test_own_memory_grows_with_what_is_taken():
    before = hardware.own_memory()
    block = bytearray(80_000_000)
    assert hardware.own_memory() - before > 60_000_000
    del block


class TestBusyMeter:
    def test_does_not_count_our_own_work(self, tmp_path):
        # Counters of a machine on which nobody else works: the real ones would count the others.
        counters = tmp_path / "stat"
        ours, *idle = sorted(os.sched_getaffinity(0))
        ticks = os.sysconf("SC_CLK_TCK")

        def write() -> None:
            lines = [f"cpu{ours} {int(sum(os.times()[:2]) * ticks)} 0 0 5 0 0 0 0"]
            lines += [f"cpu{core} 0 0 0 5 0 0 0 0" for core in idle]
            counters.write_text("\n".join(["cpu 9 9 9 9 9 9 9", *lines, "intr 1 2 3"]))

        write()
        meter = hardware.BusyMeter(counters)
        end = time.process_time() + 0.3
        while time.process_time() < end:
            pass
        write()
        busy = meter()
        meter.close()
        assert busy is not None
        assert busy < 0.3

    def test_says_nothing_when_asked_too_soon(self):
        meter = hardware.BusyMeter()
        assert meter() is None
        meter.close()

    def test_says_nothing_where_there_are_no_counters(self, tmp_path):
        meter = hardware.BusyMeter(tmp_path / "none")
        time.sleep(0.06)
        assert meter() is None

    def test_counts_the_work_of_others(self, tmp_path):
        counters = tmp_path / "stat"
        cores = sorted(os.sched_getaffinity(0))
        ticks = os.sysconf("SC_CLK_TCK")

        def write(busy_s: float) -> None:
            lines = [f"cpu{core} {int(busy_s * ticks)} 0 0 5 0 0 0 0" for core in cores]
            counters.write_text("\n".join(["cpu 9 9 9 9 9 9 9", *lines, "intr 1 2 3"]))

        write(10)
        meter = hardware.BusyMeter(counters)
        time.sleep(0.2)
        write(10.2)
        busy = meter()
        meter.close()
        assert busy is not None
        assert 0.5 * len(cores) < busy < 1.1 * len(cores)


def test_no_program_is_started_to_name_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """On many machines the system's file has no name of it; a sealed window that asked would be refused."""
    monkeypatch.setattr(Path, "read_text", lambda *_: "processor : 0\n")
    monkeypatch.setattr("subprocess.Popen", None)
    assert hardware._processor_name()
