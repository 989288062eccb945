"""All evaluators on 1,000 models: `python -m tests.benchmarks.openness`.

The bar is one second. Times of this process alone are given beside the wall clock, because the
machine may have other work; the load average says how much.
"""

import argparse
import os
import random
import statistics
import time

from inspector.findings.stack import stack
from inspector.findings.values import Availability, Finding, Findings, Link
from inspector.frameworks.evaluate import evaluate
from inspector.frameworks.licences import licences
from inspector.frameworks.load import frameworks

MODELS = 1_000
ROUNDS = 7
LICENCES = ("apache-2.0", "mit", "llama3.1", "cc-by-4.0", "bigcode-openrail-m", "other", "")


def models(count: int) -> list[Findings]:
    """Makes models whose parts are in every state, some known and some not."""
    chance = random.Random(1)
    return [Findings(f"model {number}", _findings(chance)) for number in range(count)]


def _findings(chance: random.Random) -> list[Finding]:
    made = []
    for part in sorted(stack().keys):
        if chance.random() < 0.5:
            continue
        licence = chance.choice(LICENCES)
        made.append(
            Finding(
                part=part,
                availability=chance.choice(list(Availability)),
                terms=licences().terms(licence),
                licence=licence,
                link=Link.END_MODEL,
            )
        )
    return made


def run_once() -> tuple[float, float]:
    """Returns the seconds for all models, by the wall clock and of this process."""
    some = models(MODELS)
    rule_sets = frameworks()
    wall, own = time.perf_counter(), time.process_time()
    for found in some:
        for framework in rule_sets:
            evaluate(framework, found)
    return time.perf_counter() - wall, time.process_time() - own


def main() -> None:
    """Prints the table's row."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    run_once()
    rounds = [run_once() for _ in range(ROUNDS)]
    wall, own = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(
        f"{MODELS} models, {len(frameworks())} frameworks: median of {ROUNDS} rounds "
        f"{wall:.2f} s by the clock, {own:.2f} s of this process; "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )


if __name__ == "__main__":
    main()
