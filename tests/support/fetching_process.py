"""A front end without a window that fetches, keeps the ledger, and can be killed at any moment."""

import sys
import threading
from pathlib import Path

from runner.child.begin import begin_front_end


def main() -> int:
    begin_front_end()
    from runner.courier.client import CourierClient
    from runner.porter.client import PorterClient
    from runner.store import Store
    from tests.support.hub_server import COMMIT, REPOSITORY

    path, rounds = Path(sys.argv[2]), int(sys.argv[3])
    failures: list[object] = []
    with Store.open(path) as store:
        porter = PorterClient.from_environment()
        courier = CourierClient(porter, store.ledger)
        for _ in range(rounds):
            done = threading.Event()

            def answered(answer: object, done: threading.Event = done) -> None:
                if isinstance(answer, Exception):
                    failures.append(answer)
                done.set()

            jobs = (
                lambda: courier.search("small", "a search", answered, answered),
                lambda: courier.repository(REPOSITORY, "main", "a look", answered, answered),
                lambda: courier.range(
                    REPOSITORY, COMMIT, "small.gguf", 0, 1000, "a header", answered, answered
                ),
            )
            for job in jobs:
                done.clear()
                job()
                done.wait(60)
        courier.close()
        porter.close()
    print(len(failures), *failures, flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
