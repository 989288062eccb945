"""What every fuzz run shares: cases are changed from good ones, timed, counted, and kept where bad."""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

LONGEST_S = 0.2
EDGES = (0, 1, 2**31, 2**32 - 1, 2**61, 2**63, 2**64 - 1)


class Run:
    """Counts how cases end and keeps those that end badly.

    Args:
        kept: the folder for bad cases.
        read: takes one case and says how it ended; what it raises is a bug.
        suffix: of the files that are kept.
        longest_s: processor time after which a case counts as bad.
    """

    def __init__(
        self, kept: Path, read: Callable[[bytes], str], suffix: str, longest_s: float = LONGEST_S
    ) -> None:
        self.kept = kept
        self.read = read
        self.suffix = suffix
        self.longest_s = longest_s
        self.ends: Counter[str] = Counter()
        self.slowest_s = 0.0
        self.bad = 0
        self.began = time.monotonic()

    @property
    def total(self) -> int:
        """How many cases there were."""
        return sum(self.ends.values())

    def take(self, data: bytes) -> None:
        """Reads one case."""
        started = time.process_time()
        try:
            end = self.read(data)
        except Exception as error:
            end = f"BUG {type(error).__name__}: {error}"[:120]
            self._keep(data, end)
        took = time.process_time() - started
        if took > self.longest_s:
            self._keep(data, f"SLOW {took:.2f} s")
        self.slowest_s = max(self.slowest_s, took)
        self.ends[end] += 1

    def tell(self) -> int:
        """Prints the counts; returns 1 where any case ended badly."""
        for end, number in self.ends.most_common():
            print(f"{number:8}  {end}")
        print(
            f"{self.total} cases in {time.monotonic() - self.began:.0f} s; {self.bad} ended badly; "
            f"slowest {1000 * self.slowest_s:.0f} ms"
        )
        return 1 if self.bad else 0

    def _keep(self, data: bytes, why: str) -> None:
        self.bad += 1
        self.kept.mkdir(parents=True, exist_ok=True)
        (self.kept / f"case-{self.bad:04}{self.suffix}").write_bytes(data)
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
                changed[at : at + 8] = chance.choice(EDGES).to_bytes(8, "little")
            case 2:
                del changed[at : at + chance.randint(1, 40)]
            case 3:
                changed[at:at] = changed[at : at + chance.randint(1, 40)]
            case _:
                del changed[at:]
    return bytes(changed)
