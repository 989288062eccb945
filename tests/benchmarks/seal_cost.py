"""What it costs to start a sealed child instead of one without walls; run by hand, see `--help`.

Pairs in turn: the time from asking the porter for an echo engine to its `ready`, with every wall
and with none; and the processor's time that the child had until then, which other work on the machine
does not lengthen.
"""

import os
import statistics
import threading
import time

from runner.porter.client import PorterClient
from runner.protocol.common import Ready
from tests.benchmarks import pairs
from tests.benchmarks.seal_decode import processor_s
from tests.support.porter import running_porter

MOST_MS = 15


def seconds_to_ready(porter: PorterClient) -> tuple[float, float]:
    """Starts a child and ends it; returns how long it took to be ready, and its processor's time."""
    ready = threading.Event()
    begun = time.perf_counter()
    child = porter.start(
        "echo", on_event=lambda message: ready.set() if isinstance(message, Ready) else None
    )
    if not ready.wait(30):
        raise TimeoutError("the child was never ready")
    spent = time.perf_counter() - begun
    processor = processor_s(child.pid)
    child.kill()
    child.wait(10)
    return spent, processor


def verdict(more: list[float]) -> str:
    """Says how many milliseconds a seal costs, and whether that is within the bar."""
    low, high = pairs.interval(more)
    said = (
        "within" if high <= MOST_MS else "beyond" if low > MOST_MS else "too wide to compare with"
    )
    return (
        f"{statistics.median(more):.2f} ms more (95 % {low:.2f} to {high:.2f}), {said} {MOST_MS} ms"
    )


def main() -> None:
    options = pairs.arguments(__doc__.splitlines()[0]).parse_args()
    load = os.getloadavg()[0]
    with running_porter() as sealed, running_porter(walls=[]) as bare:
        for porter in (sealed, bare):
            seconds_to_ready(porter)  # warm disk
        found = pairs.in_turn(
            lambda: seconds_to_ready(sealed), lambda: seconds_to_ready(bare), options.pairs
        )
    clocks = ("the wall's clock", "the processor's time")
    each = [[(ours[place], theirs[place]) for ours, theirs in found] for place in (0, 1)]
    name = "start of a sealed child, against one without walls, by"
    pairs.report(
        [
            pairs.ratio_of(f"{name} {clock}", values, load_before=load, unit="s")
            for clock, values in zip(clocks, each, strict=True)
        ],
        options.json,
    )
    for clock, values in zip(clocks, each, strict=True):
        print(f"    by {clock}: {verdict([1000 * (ours - theirs) for ours, theirs in values])}")


if __name__ == "__main__":
    main()
