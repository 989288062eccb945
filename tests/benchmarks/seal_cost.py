"""What it costs to start a sealed child instead of one without walls; run by hand, see `--help`.

Pairs in turn: the time from asking the porter for an echo engine to its `ready`, with every wall
and with none.
"""

import os
import statistics
import threading
import time

from runner.porter.client import PorterClient
from runner.protocol.common import Ready
from tests.benchmarks import pairs
from tests.support.porter import running_porter

MOST_MS = 15


def seconds_to_ready(porter: PorterClient) -> float:
    """Starts a child, waits until it is ready, and ends it."""
    ready = threading.Event()
    begun = time.perf_counter()
    child = porter.start(
        "echo", on_event=lambda message: ready.set() if isinstance(message, Ready) else None
    )
    if not ready.wait(30):
        raise TimeoutError("the child was never ready")
    spent = time.perf_counter() - begun
    child.kill()
    child.wait(10)
    return spent


def main() -> None:
    options = pairs.arguments(__doc__.splitlines()[0]).parse_args()
    with running_porter() as sealed, running_porter(walls=[]) as bare:
        for porter in (sealed, bare):
            seconds_to_ready(porter)  # warm disk
        load = os.getloadavg()[0]
        found = pairs.in_turn(
            lambda: seconds_to_ready(sealed), lambda: seconds_to_ready(bare), options.pairs
        )
    name = "start of a sealed child, against one without walls"
    pairs.report([pairs.ratio_of(name, found, load_before=load, unit="s")], options.json)
    more = [1000 * (ours - theirs) for ours, theirs in found]
    low, high = pairs.interval(more)
    said = (
        "within the bar" if high <= MOST_MS else "beyond it" if low > MOST_MS else "too wide to say"
    )
    print(f"    more: {statistics.median(more):.2f} ms (95 % {low:.2f} to {high:.2f}),", end=" ")
    print(f"{MOST_MS} ms allowed: {said}")


if __name__ == "__main__":
    main()
