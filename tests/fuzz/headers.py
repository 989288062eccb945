"""Feeds the header reader with random files: `python -m tests.fuzz.headers [--cases 100000]`.

Each case is read whole, values included. It has to end within its time and memory, either read or
refused with a code that has words; anything else is a bug, and its file is kept. Not part of the
suite, which runs a smaller number through the same strategies.
"""

import argparse
import gc
import random
import sys
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

from app.words.wording import codes
from inspector.errors import InspectorError
from inspector.gguf.model import GgufModel
from tests.inspector.gguf.corpus import cases
from tests.inspector.gguf.memory import Memory
from tests.inspector.gguf.strategies import ggufs

LONGEST_S = 0.2


def read(data: bytes) -> str:
    """Reads a file whole and says how that ended."""
    try:
        model = GgufModel([Memory(data)])
        for key in model.metadata:
            model.metadata.preview(key)
            model.metadata.page(key, 0, 20)
            model.metadata.find(key, "a", 3)
    except InspectorError as error:
        if error.code not in codes():
            raise LookupError(f"{error.code} has no words") from error
        return error.code
    return "read"


class Run:
    """Counts how cases end and keeps those that end badly."""

    def __init__(self, kept: Path) -> None:
        self.kept = kept
        self.ends: Counter[str] = Counter()
        self.slowest_s = 0.0
        self.bad = 0

    def take(self, data: bytes) -> None:
        """Reads one case."""
        started = time.process_time()
        try:
            end = read(data)
        except Exception as error:
            end = f"BUG {type(error).__name__}"
            self._keep(data, end)
        took = time.process_time() - started
        if took > LONGEST_S:
            self._keep(data, f"SLOW {took:.2f} s")
        self.slowest_s = max(self.slowest_s, took)
        self.ends[end] += 1

    def _keep(self, data: bytes, why: str) -> None:
        self.bad += 1
        self.kept.mkdir(parents=True, exist_ok=True)
        (self.kept / f"case-{self.bad:04}.gguf").write_bytes(data)
        print(f"case {self.bad}: {why}", file=sys.stderr)


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Changes, cuts or repeats a few stretches of a file."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        if not changed:
            break
        at = chance.randrange(len(changed))
        match chance.randrange(5):
            case 0:
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                edge = chance.choice([0, 1, 2**31, 2**32 - 1, 2**61, 2**63, 2**64 - 1])
                changed[at : at + 8] = edge.to_bytes(8, "little")
            case 2:
                del changed[at : at + chance.randint(1, 40)]
            case 3:
                changed[at:at] = changed[at : at + chance.randint(1, 40)]
            case _:
                del changed[at:]
    return bytes(changed)


def main() -> int:
    """Runs; returns 1 where any case ended badly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", type=Path, default=Path("tests/artefacts/headers"))
    asked = parser.parse_args()
    run = Run(asked.kept)
    started = time.monotonic()

    # Hypothesis is thorough and slow: it makes a tenth; mutations of the crafted files the rest.
    @settings(
        max_examples=max(1, asked.cases // 10),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(ggufs())
    def structured(data: bytes) -> None:
        run.take(data)

    # The collector would walk Hypothesis's own objects in the middle of a case, and be timed too.
    gc.disable()
    structured()
    chance = random.Random(asked.seed)
    originals = [case.data for case in cases() if len(case.data) < 20_000]
    while (total := sum(run.ends.values())) < asked.cases:
        run.take(mutate(chance.choice(originals), chance))
        if total % 10_000 == 0:
            gc.collect()
    for end, number in run.ends.most_common():
        print(f"{number:8}  {end}")
    print(f"{total} cases in {time.monotonic() - started:.0f} s; {run.bad} ended badly; ", end="")
    print(f"slowest {1000 * run.slowest_s:.0f} ms")
    return 1 if run.bad else 0


if __name__ == "__main__":
    sys.exit(main())
