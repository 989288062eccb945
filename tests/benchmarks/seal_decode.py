"""Whether the walls cost decode speed: the same answers with every wall and with none, in turn.

Run by hand on a quiet machine; see `--help`. The bar: the interval of the ratio includes 1.00 and
is less than 2 % wide on either side.
"""

import argparse
import json
from contextlib import ExitStack
from pathlib import Path

from runner.library.starter import starter
from tests.benchmarks.ratio import Pairs
from tests.support.porter import running_porter
from tests.support.sessions import Driver

QUESTION = "Tell me a long story about a lighthouse keeper and the sea."


def tokens_per_second(driver: Driver, tokens: int) -> float:
    """Answers once and returns the speed from the first token on."""
    _, done = driver.answer(QUESTION, max_tokens=tokens)
    return done.decode_tps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--tokens", type=int, default=100)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--model", type=Path, default=None)
    given = parser.parse_args()
    model = given.model or starter().path()
    if model is None:
        parser.error("the starter model is not installed; name a file with --model")
    with ExitStack() as stack:
        drivers = []
        for settings in ({}, {"walls": []}):
            porter = stack.enter_context(running_porter(**settings))
            driver = Driver(porter, "engine")
            driver.load(model, context=512, threads=given.threads)
            tokens_per_second(driver, given.tokens)  # warm
            drivers.append(driver)
        speeds: tuple[list[float], list[float]] = ([], [])
        for _ in range(given.pairs):
            for driver, measured in zip(drivers, speeds, strict=True):
                measured.append(tokens_per_second(driver, given.tokens))
    print(json.dumps(Pairs(*speeds).summary(), indent=2))


if __name__ == "__main__":
    main()
