"""A front end without a window that downloads one model, and can be killed at any moment."""

import sys
import threading
from pathlib import Path

import msgspec

from runner.child.begin import begin_front_end


def main() -> int:
    begin_front_end()
    from runner.courier.client import CourierClient
    from runner.fetch.queue import Fetches, FetchProgress
    from runner.porter.client import PorterClient
    from runner.protocol.courier import RemoteFile
    from runner.store import Store
    from runner.store.fetches import FetchState

    database, folder, rate = Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    repository, commit = sys.argv[5], sys.argv[6]
    file = msgspec.json.decode(sys.argv[7], type=RemoteFile)
    ended = threading.Event()
    last: list[FetchProgress] = []

    def hear(progress: FetchProgress) -> None:
        if progress.fetch.state in (FetchState.DONE, FetchState.FAILED):
            last.append(progress)
            ended.set()

    with Store.open(database) as store:
        porter = PorterClient.from_environment()
        fetches = Fetches(
            store,
            lambda incoming: CourierClient(porter, store.ledger, writable=(incoming,)),
            rate=lambda: rate,
            keep_free=0,
        )
        fetches.listen(hear)
        if fetches.list():
            fetches.start()
        else:
            fetches.add(repository, commit, [file], "a test of kills", folder=folder).result()
        ended.wait(120)
        fetches.close()
        porter.close()
    fetch = last[0].fetch if last else None
    print(fetch, flush=True)
    return 0 if fetch is not None and fetch.state is FetchState.DONE else 1


if __name__ == "__main__":
    sys.exit(main())
