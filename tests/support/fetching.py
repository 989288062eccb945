"""A queue of fetches with its own porter, store and folder, that a test waits on."""

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from runner.courier.client import CourierClient
from runner.fetch.names import INCOMING
from runner.fetch.queue import Fetches, FetchProgress
from runner.porter.client import PorterClient
from runner.protocol.courier import RemoteFile
from runner.store import Store
from runner.store.fetches import Fetch, FetchState
from tests.support.hub import Blob, Repo

WAIT_S = 60
SETTLED = frozenset({FetchState.DONE, FetchState.FAILED, FetchState.PAUSED})


def remote(path: str, blob: Blob) -> RemoteFile:
    """Returns a file as the Hub lists it."""
    return RemoteFile(
        path=path,
        size=blob.size,
        blob=blob.git_name,
        sha256=blob.sha256 if blob.is_large else "",
        xet=blob.xet,
    )


class FetchingQueue:
    """The queue, what it told, and waiting for it."""

    def __init__(
        self,
        porter: PorterClient,
        store: Store,
        folder: Path,
        *,
        token: str = "",
        rate: int = 0,
        keep_free: int = 1024 * 1024,
        with_papers: bool = False,
    ) -> None:
        self.store = store
        self.folder = folder
        self.allowed = True
        self.rate = rate
        self.token = token
        self.told: list[FetchProgress] = []
        self._news = threading.Condition()

        def make_courier(incoming: Path) -> CourierClient:
            return CourierClient(
                porter,
                store.ledger,
                allowed=lambda: self.allowed,
                token=lambda: self.token,
                writable=(incoming,),
            )

        self.fetches = Fetches(
            store,
            make_courier,
            rate=lambda: self.rate,
            keep_free=keep_free,
            with_papers=with_papers,
        )
        self.fetches.listen(self._hear)

    def empty(self) -> None:
        """Forgets every fetch and removes every file, as if nothing had been before."""
        self.allowed, self.rate, self.token = True, 0, ""
        for progress in self.fetches.list():
            self.fetches.cancel(progress.fetch.id)
        self.settle()
        self.told.clear()
        for path in self.folder.glob("*"):
            # The folder that files arrive in stays: a courier may write into that one, not into
            # another of its name.
            if path.name != INCOMING:
                shutil.rmtree(path)
        for path in self.folder.glob(f"{INCOMING}/*"):
            path.unlink()

    def settle(self) -> None:
        """Waits until the queue has done whatever it was asked before."""
        done = threading.Event()
        self.fetches._ask(done.set)
        assert done.wait(WAIT_S)

    def _hear(self, progress: FetchProgress) -> None:
        with self._news:
            self.told.append(progress)
            self._news.notify_all()

    def add(self, repo: Repo, *paths: str) -> Fetch:
        """Puts files of a repository's newest revision into the queue."""
        files = [remote(path, repo.revisions[repo.head][path]) for path in paths]
        added = self.fetches.add(repo.name, repo.head, files, "a test", folder=self.folder)
        return added.result(WAIT_S)

    def wait(self, wanted: Callable[[FetchProgress], bool], *, after: int = 0) -> FetchProgress:
        """Waits until something like this is told, and returns it."""
        until = time.monotonic() + WAIT_S
        seen = after
        with self._news:
            while True:
                for progress in self.told[seen:]:
                    seen += 1
                    if wanted(progress):
                        return progress
                left = until - time.monotonic()
                assert left > 0, self.told[-1:]
                self._news.wait(left)

    def settled(self, fetch: Fetch, *, after: int = 0) -> Fetch:
        """Waits until a fetch is done, has failed or is held."""
        return self.wait(
            lambda told: told.fetch.id == fetch.id and told.fetch.state in SETTLED, after=after
        ).fetch

    def under_way(self, fetch: Fetch, least: int = 1) -> FetchProgress:
        """Waits until so many bytes of a fetch have come."""
        return self.wait(lambda told: told.fetch.id == fetch.id and told.fetch.done >= least)
