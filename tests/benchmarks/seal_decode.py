"""Whether the walls cost decode speed: the same answers with every wall and with none, in turn.

Run by hand on a quiet machine; see `--help`. The bar: the interval of the ratio includes 1.00 and
is less than 2 % wide on either side. Many short answers, so that whatever else the machine does falls
on both; and beside the clock on the wall, the processor's time that the engine's threads took for a
token, which another program's turn does not lengthen.
"""

import os
from pathlib import Path

from runner.library.starter import starter
from tests.benchmarks import pairs
from tests.support.porter import running_porter
from tests.support.sessions import Driver

QUESTION = "Tell me a long story about a lighthouse keeper and the sea."
PAIRS, TOKENS = 150, 64
NARROW = 0.02


def processor_s(pid: int) -> float:
    """Returns the processor's time that all threads of a process have had."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def speeds(driver: Driver, tokens: int) -> tuple[float, float]:
    """Answers once; returns tokens a second from the first on, and tokens a second of processor."""
    child = driver.session.child
    assert child is not None
    before = processor_s(child.pid)
    _, done = driver.answer(QUESTION, max_tokens=tokens)
    return done.decode_tps, done.tokens / (processor_s(child.pid) - before)


def verdict(ratio: pairs.Ratio) -> str:
    """Says whether an interval is narrow enough to show anything, and what it shows."""
    wide = (ratio.high - ratio.low) / 2
    if wide >= NARROW:
        return f"too wide to show anything: {wide:.2%} on either side"
    shows = (
        "no loss" if ratio.low <= 1 <= ratio.high else f"a difference of {ratio.median - 1:+.2%}"
    )
    return f"{shows}: {wide:.2%} on either side"


def main() -> None:
    parser = pairs.arguments(__doc__.splitlines()[0])
    parser.set_defaults(pairs=PAIRS)
    parser.add_argument("--tokens", type=int, default=TOKENS)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--model", type=Path, default=None)
    options = parser.parse_args()
    model = options.model or starter().path()
    if model is None:
        parser.error("the starter model is not installed; name a file with --model")
    load = os.getloadavg()[0]
    with running_porter() as sealed, running_porter(walls=[]) as bare:
        drivers = [Driver(porter, "engine") for porter in (sealed, bare)]
        for driver in drivers:
            driver.load(model, context=512, threads=options.threads)
            for _ in range(3):
                speeds(driver, options.tokens)  # warm
        found = pairs.in_turn(
            lambda: speeds(drivers[0], options.tokens),
            lambda: speeds(drivers[1], options.tokens),
            options.pairs,
        )
    results = [
        pairs.ratio_of(
            f"decode with every wall, against none, by {clock}",
            [(ours[place], theirs[place]) for ours, theirs in found],
            load_before=load,
        )
        for place, clock in enumerate(("the wall's clock", "the processor's time"))
    ]
    pairs.report(results, options.json)
    for result in results:
        print(f"    {result.name}: {verdict(result)}")


if __name__ == "__main__":
    main()
