"""Feeds the header reader with random files: `python -m tests.fuzz.headers [--cases 100000]`.

Each case is read whole, values included. It has to end within its time and memory, either read or
refused with a code that has words; anything else is a bug, and its file is kept. Not part of the
suite, which runs a smaller number through the same strategies.
"""

import argparse
import gc
import random
import sys
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

from app.words.wording import codes
from inspector.errors import InspectorError
from inspector.gguf.model import GgufModel
from tests.fuzz.run import Run, mutate
from tests.inspector.gguf.corpus import cases
from tests.inspector.gguf.memory import Memory
from tests.inspector.gguf.strategies import ggufs


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


def main() -> int:
    """Runs; returns 1 where any case ended badly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", type=Path, default=Path("tests/artefacts/headers"))
    asked = parser.parse_args()
    run = Run(asked.kept, read, ".gguf")

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
    while run.total < asked.cases:
        run.take(mutate(chance.choice(originals), chance))
        if run.total % 10_000 == 0:
            gc.collect()
    return run.tell()


if __name__ == "__main__":
    sys.exit(main())
