"""Ratios that can be trusted on a machine with other work: interleaved pairs and their interval.

Two things are measured in turn, each pair in the other order than the last, so that what the
machine does besides falls on both. The ratio of a run is the median of its pairs' ratios, with a
95 % interval from resampling the pairs, and the load average before and after.
"""

import argparse
import json
import os
import platform
import random
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from runner.hardware import usable_cores

T = TypeVar("T")

PAIRS = 20
_RESAMPLES = 5000
_TOLERANCE = 0.02


@dataclass(frozen=True)
class Ratio:
    """What a run of pairs found.

    Attributes:
        name: what was compared.
        median: of the pairs' ratios, ours to theirs.
        low: the 95 % interval's lower end.
        high: its upper end.
        ours: the median of our values; `theirs` of the other's.
        bar: what the ratio must reach, or 0 where nothing is asked.
        at_most: the bar is an upper one.
        pairs: how many.
        load_before: load average over a minute before the run; `load_after` after it.
        unit: of the values.
    """

    name: str
    median: float
    low: float
    high: float
    ours: float
    theirs: float
    bar: float
    at_most: bool
    pairs: int
    load_before: float
    load_after: float
    unit: str

    @property
    def met(self) -> bool:
        """The bar is met when the interval's worse end is within it, give or take 2 %."""
        if self.at_most:
            return self.high <= self.bar * (1 + _TOLERANCE)
        return self.low >= self.bar * (1 - _TOLERANCE)

    def __str__(self) -> str:
        verdict = f", bar {self.bar}: {'met' if self.met else 'NOT MET'}" if self.bar else ""
        return (
            f"{self.name}: {self.median:.3f} (95 % {self.low:.3f} to {self.high:.3f}, "
            f"{self.pairs} pairs, load {self.load_before:.2f} to {self.load_after:.2f}){verdict}\n"
            f"    ours {self.ours:.4g} {self.unit}, theirs {self.theirs:.4g} {self.unit}"
        )


def compare(
    name: str,
    ours: Callable[[], float],
    theirs: Callable[[], float],
    *,
    bar: float = 0.0,
    at_most: bool = False,
    pairs: int = PAIRS,
    unit: str = "tokens/s",
) -> Ratio:
    """Measures both in turn and returns the ratio of ours to theirs."""
    before = os.getloadavg()[0]
    values = in_turn(ours, theirs, pairs)
    return ratio_of(name, values, bar=bar, at_most=at_most, load_before=before, unit=unit)


def in_turn(ours: Callable[[], T], theirs: Callable[[], T], pairs: int) -> list[tuple[T, T]]:
    """Measures both so many times, each pair in the other order than the last."""
    values: list[tuple[T, T]] = []
    for index in range(pairs):
        if index % 2:
            other = theirs()
            values.append((ours(), other))
        else:
            values.append((ours(), theirs()))
        mine, other = values[-1]
        print(
            f"  {index + 1}/{pairs}: {_short(mine)} : {_short(other)}", file=sys.stderr, flush=True
        )
    return values


def ratio_of(
    name: str,
    values: Sequence[tuple[float, float]],
    *,
    bar: float = 0.0,
    at_most: bool = False,
    load_before: float = 0.0,
    unit: str = "tokens/s",
) -> Ratio:
    """Returns what pairs of values say, ours first in each."""
    ratios = [mine / other for mine, other in values]
    low, high = interval(ratios)
    return Ratio(
        name=name,
        median=statistics.median(ratios),
        low=low,
        high=high,
        ours=statistics.median(mine for mine, _ in values),
        theirs=statistics.median(other for _, other in values),
        bar=bar,
        at_most=at_most,
        pairs=len(values),
        load_before=load_before,
        load_after=os.getloadavg()[0],
        unit=unit,
    )


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def interval(values: list[float], share: float = 0.95) -> tuple[float, float]:
    """The interval of the median that resampling finds; its draws are the same every time."""
    chance = random.Random(1)
    medians = sorted(
        statistics.median(chance.choices(values, k=len(values))) for _ in range(_RESAMPLES)
    )
    edge = int(_RESAMPLES * (1 - share) / 2)
    return medians[edge], medians[-1 - edge]


def machine() -> dict[str, str | int | None]:
    """What it was measured on."""
    name = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {"processor": name, "cores": os.cpu_count(), "system": platform.platform()}


def arguments(description: str) -> argparse.ArgumentParser:
    """The options that every benchmark has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--pairs", type=int, default=PAIRS, help="how many; 20 or more to publish")
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    return parser


def report(results: list[Ratio], target: Path | None) -> None:
    """Prints the results, and writes them where asked."""
    for result in results:
        print(result)
    if target:
        rows = [asdict(result) | {"met": result.met} for result in results]
        target.write_text(json.dumps({"machine": machine(), "results": rows}, indent=2) + "\n")


def cores() -> int:
    """How many threads make sense here."""
    return usable_cores()
