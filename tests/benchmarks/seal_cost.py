"""What it costs to start a sealed child instead of one without walls; run by hand, see `--help`.

Pairs in turn: the time from asking the porter for an echo engine to its `ready`, with every wall
and with none.
"""

import argparse
import json
import statistics
import threading
import time

from runner.porter.client import PorterClient
from runner.protocol.common import Ready
from tests.benchmarks.ratio import Pairs
from tests.support.porter import running_porter


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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=40)
    pairs = parser.parse_args().pairs
    with running_porter() as sealed, running_porter(walls=[]) as bare:
        for porter in (sealed, bare):
            seconds_to_ready(porter)  # warm disk
        with_walls, without = [], []
        for _ in range(pairs):
            with_walls.append(seconds_to_ready(sealed))
            without.append(seconds_to_ready(bare))
    differences = [one - other for one, other in zip(with_walls, without, strict=True)]
    result = Pairs(with_walls, without).summary()
    result["more_ms_median"] = round(1000 * statistics.median(differences), 2)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
