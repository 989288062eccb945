"""Whether the walls cost decode speed: the same answers with every wall and with none, in turn.

Run by hand on a quiet machine; see `--help`. The bar: the interval of the ratio includes 1.00 and
is less than 2 % wide on either side.
"""

from pathlib import Path

from runner.library.starter import starter
from tests.benchmarks import pairs
from tests.support.porter import running_porter
from tests.support.sessions import Driver

QUESTION = "Tell me a long story about a lighthouse keeper and the sea."


def tokens_per_second(driver: Driver, tokens: int) -> float:
    """Answers once and returns the speed from the first token on."""
    _, done = driver.answer(QUESTION, max_tokens=tokens)
    return done.decode_tps


def main() -> None:
    parser = pairs.arguments(__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, default=100)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--model", type=Path, default=None)
    options = parser.parse_args()
    model = options.model or starter().path()
    if model is None:
        parser.error("the starter model is not installed; name a file with --model")
    with running_porter() as sealed, running_porter(walls=[]) as bare:
        drivers = [Driver(porter, "engine") for porter in (sealed, bare)]
        for driver in drivers:
            driver.load(model, context=512, threads=options.threads)
            tokens_per_second(driver, options.tokens)  # warm
        result = pairs.compare(
            "decode with every wall, against none",
            lambda: tokens_per_second(drivers[0], options.tokens),
            lambda: tokens_per_second(drivers[1], options.tokens),
            pairs=options.pairs,
        )
    pairs.report([result], options.json)


if __name__ == "__main__":
    main()
