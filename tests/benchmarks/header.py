"""The header of a large vocabulary against `gguf.GGUFReader`: `python -m tests.benchmarks.header`.

Pairs are interleaved; the ratio is the median of theirs over ours, with its 95 % interval by
resampling. The library takes seconds a reading, so a smaller number of pairs may be asked for; the
table says how many there were. Extra memory is the growth of this process's peak while our reader
runs alone in a fresh child.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

CHILD = """
import json, re, sys
from pathlib import Path
import inspector.inspection
from inspector.gguf.model import GgufModel
def peak():
    # Not getrusage: its figure survives exec, so it would be the parent's.
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = peak()
with GgufModel.open(Path(sys.argv[1])) as model:
    keys = len(model.metadata)
after = peak()
print(json.dumps({"keys": keys, "extra_kib": after - before}))
"""


def ours_s(path: Path) -> float:
    """Times our reader: header, all checks, the index of every 1,024th string."""
    from inspector.gguf.model import GgufModel

    started = time.perf_counter()
    with GgufModel.open(path) as model:
        assert len(model.metadata)
    return time.perf_counter() - started


def theirs_s(path: Path) -> float:
    """Times the library."""
    import gguf

    started = time.perf_counter()
    assert gguf.GGUFReader(path).fields
    return time.perf_counter() - started


def interval(ratios: list[float]) -> tuple[float, float]:
    """Returns the 95 % interval of the median, by resampling."""
    chance = random.Random(1)
    medians = sorted(statistics.median(chance.choices(ratios, k=len(ratios))) for _ in range(2000))
    return medians[50], medians[1949]


def main() -> int:
    """Measures and prints one JSON object."""
    folder = Path(sys.prefix) / "share/lightwell/llama.cpp-models"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, default=folder / "ggml-vocab-gemma-4.gguf")
    parser.add_argument("--pairs", type=int, default=20)
    asked = parser.parse_args()
    ours_s(asked.file), theirs_s(asked.file)
    pairs = [(ours_s(asked.file), theirs_s(asked.file)) for _ in range(asked.pairs)]
    ratios = [theirs / ours for ours, theirs in pairs]
    memory = subprocess.run(
        [sys.executable, "-c", CHILD, str(asked.file)], capture_output=True, check=True, text=True
    )
    low, high = interval(ratios)
    told = {
        "file": asked.file.name,
        "pairs": asked.pairs,
        "ours_ms": round(1000 * statistics.median(ours for ours, _ in pairs), 1),
        "theirs_ms": round(1000 * statistics.median(theirs for _, theirs in pairs), 1),
        "ratio": round(statistics.median(ratios), 1),
        "interval_95": [round(low, 1), round(high, 1)],
        "bar": 200,
        "extra_kib": json.loads(memory.stdout)["extra_kib"],
        "bar_extra_kib": 10_000,
        "load_average": os.getloadavg()[0],
    }
    print(json.dumps(told, indent=2))
    return 0 if low * 1.02 >= told["bar"] and told["extra_kib"] < told["bar_extra_kib"] else 1


if __name__ == "__main__":
    sys.exit(main())
