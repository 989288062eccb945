"""What it costs to start a sealed child instead of one without walls; run by hand, see `--help`.

Pairs in turn: the time from asking the porter for an echo engine to its `ready`, with every wall
and with none.
"""

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
        result = pairs.compare(
            "start of a sealed child, against one without walls",
            lambda: seconds_to_ready(sealed),
            lambda: seconds_to_ready(bare),
            pairs=options.pairs,
            unit="s",
        )
    pairs.report([result], options.json)
    more_ms = 1000 * (result.ours - result.theirs)
    print(f"    more: {more_ms:.2f} ms of {MOST_MS} ms allowed")


if __name__ == "__main__":
    main()
