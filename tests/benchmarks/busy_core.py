"""Decoding while another program keeps one core busy: `python -m tests.benchmarks.busy_core`.

`--part busy`: each fixed number of threads decodes with a core busy, and the best of them is the
yardstick; then the adapting engine in turn with it, from 2 s after the load began. `--part after`:
the adapting engine from 2 s after the load's end, against itself at the same place of an answer on a
quiet machine. Twenty pairs take three and five minutes.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from runner.protocol.engine import Chunk, Done
from runner.session import SessionState
from tests.benchmarks import pairs
from tests.benchmarks.peers import QUESTION, SAMPLING, Ours, our_engine, starter_file

SETTLING_S = 2.0
MEASURED_S = 2.0
LOAD_S = 3.0
"""How long the core is busy before it is free again: longer than it takes to adapt to that."""


@contextlib.contextmanager
def busy_core() -> Iterator[None]:
    """Keeps one core busy from another process."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


class Stream:
    """An endless answer whose speed is read off as it goes."""

    def __init__(self, ours: Ours) -> None:
        self._ours = ours
        self._seed = 0
        self._ask()

    def tokens_in(self, seconds: float) -> int:
        """Takes tokens for a time; asks again where an answer ends."""
        end = time.perf_counter() + seconds
        count = 0
        while time.perf_counter() < end:
            event = self._ours.driver.until((Chunk, Done))  # type: ignore[arg-type]
            if isinstance(event, Done):
                self._ours.driver.until_state(SessionState.READY)
                self._ask()
            else:
                count += len(event.tokens)
        return count

    def close(self) -> None:
        """Stops the answer."""
        self._ours.driver.session.stop()
        self._ours.driver.until(Done)
        self._ours.driver.until_state(SessionState.READY)

    def _ask(self) -> None:
        self._seed += 1
        self._ours.driver.ask(QUESTION, seed=self._seed, sampling=SAMPLING, max_tokens=900)


def busy_speed(ours: Ours) -> float:
    """Tokens a second from 2 s after a core became busy."""
    stream = Stream(ours)
    with busy_core():
        stream.tokens_in(SETTLING_S)
        found = stream.tokens_in(MEASURED_S) / MEASURED_S
    stream.close()
    return found


def late_speed(ours: Ours, *, after_load: bool) -> float:
    """Tokens a second from the 5th second of an answer on.

    Args:
        ours: the engine.
        after_load: a core was busy until the 3rd second; else the machine was quiet all the time.
    """
    stream = Stream(ours)
    with busy_core() if after_load else contextlib.nullcontext():
        stream.tokens_in(LOAD_S)
    stream.tokens_in(SETTLING_S)
    found = stream.tokens_in(MEASURED_S) / MEASURED_S
    stream.close()
    return found


def best_fixed(file: Path) -> tuple[int, float]:
    """The fixed number of threads that decodes fastest beside a busy core."""
    found: list[tuple[float, int]] = []
    for threads in range(1, pairs.cores() + 1):
        with our_engine(file, threads=threads) as ours:
            tokens_per_second = busy_speed(ours)
        print(f"  fixed {threads}: {tokens_per_second:.1f} tokens/s", file=sys.stderr)
        found.append((tokens_per_second, threads))
    tokens_per_second, threads = max(found)
    return threads, tokens_per_second


def while_busy(file: Path, count: int) -> pairs.Ratio:
    """Compares the adapting engine with the best fixed number of threads."""
    threads, _ = best_fixed(file)
    with our_engine(file, threads=0) as adapting, our_engine(file, threads=threads) as fixed:
        return pairs.compare(
            f"one core busy, adapting against the best fixed number ({threads})",
            lambda: busy_speed(adapting),
            lambda: busy_speed(fixed),
            bar=0.9,
            pairs=count,
        )


def after_the_load(file: Path, count: int) -> pairs.Ratio:
    """Compares the adapting engine with itself on a quiet machine."""
    with our_engine(file, threads=0) as adapting:
        return pairs.compare(
            "from 2 s after the load's end, against the quiet speed",
            lambda: late_speed(adapting, after_load=True),
            lambda: late_speed(adapting, after_load=False),
            bar=0.95,
            pairs=count,
        )


PARTS = {"busy": while_busy, "after": after_the_load}


def main() -> None:
    parser = pairs.arguments(__doc__.splitlines()[0])
    parser.add_argument("--part", choices=[*PARTS, "both"], default="both")
    options = parser.parse_args()
    wanted = list(PARTS) if options.part == "both" else [options.part]
    pairs.report([PARTS[part](starter_file(), options.pairs) for part in wanted], options.json)


if __name__ == "__main__":
    main()
