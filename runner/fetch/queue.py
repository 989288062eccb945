"""The queue of fetches: one file moves at a time, in order, until all are there or failed.

Everything happens on one thread of its own. Others put wishes in and read what was last told;
what has come of a file is on the disk, how far a fetch is stands in the store, and nothing else
must survive a kill.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from runner.fetch.board import FetchProgress, OnChange
from runner.fetch.mover import How, MakeCourier, Mover
from runner.fetch.place import KEEP_FREE
from runner.porter.handle import outlive
from runner.protocol.courier import MOST_CONNECTIONS, RemoteFile
from runner.reader_client import Deliver, at_once
from runner.store import Store
from runner.store.fetches import Fetch, FetchFile, FetchId

__all__ = ["FetchProgress", "Fetches"]

TICK_S = 0.25


class Fetches:
    """The models that are on their way.

    Owned by: the front end's context. Thread: any; listeners are called through `deliver`.

    Args:
        store: keeps the queue, the files and where they came from.
        make_courier: makes a client of a courier that may write in the folder it is given.
        deliver: takes each call to make; the window passes its mailbox's `post`.
        rate: returns the most bytes a second, 0 for as many as come.
        keep_free: how many bytes a fetch leaves of the disk.
        with_papers: card, licence and listing come along, those of base models too.
        connections: at once for one large file, where several make it come faster.
    """

    def __init__(
        self,
        store: Store,
        make_courier: MakeCourier,
        deliver: Deliver = at_once,
        *,
        rate: Callable[[], int] = int,
        keep_free: int = KEEP_FREE,
        with_papers: bool = True,
        connections: int = MOST_CONNECTIONS,
    ) -> None:
        self._wishes: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        how = How(rate=rate, keep_free=keep_free, with_papers=with_papers, connections=connections)
        self._mover = Mover(store, make_courier, deliver, self._wishes.put, how)

    def listen(self, on_change: OnChange) -> None:
        """Calls `on_change` after each change, and several times a second while bytes come."""
        self._mover.board.listen(on_change)

    def list(self) -> list[FetchProgress]:
        """Returns the fetches, oldest first; those that are done stay until `clear`."""
        return self._mover.board.now()

    def add(
        self,
        repository: str,
        commit: str,
        files: Sequence[RemoteFile],
        why: str,
        *,
        folder: Path,
        revision: str = "main",
        who: str = "",
    ) -> "Future[Fetch]":
        """Puts a model into the queue, which goes on at once where it may.

        Args:
            repository: as `owner/name`.
            commit: that the files were listed at; nothing else is fetched.
            files: one, or all of a split set, the first of them first.
            why: the reason in words, for the ledger.
            folder: the models folder.
            revision: the branch that a person chose.
            who: asked for it, where that is not who fetches it.

        Raises:
            RunnerError: with the future: `fetch.bad_name`, `fetch.no_hash`, `fetch.no_space`,
                `fetch.cannot_write`, `courier.no_ledger`.
        """
        wanted = tuple(
            FetchFile(path=file.path, size=file.size, sha256=file.sha256, blob=file.blob)
            for file in files
        )
        fetch = Fetch(
            id=FetchId(0),
            repository=repository,
            revision=revision,
            commit=commit,
            files=wanted,
            folder=str(folder.absolute()),
            why=why,
            who=who,
        )
        added: Future[Fetch] = Future()

        self._ask(lambda: self._mover.add(fetch, added))
        return added

    def start(self) -> None:
        """Goes on with whatever waits, and removes what belongs to no fetch.

        Called when the front end is up, and whenever the person has gone online.
        """
        self._ask(self._mover.start)

    def stop(self) -> None:
        """Lets everything wait until `start`: the person has gone offline."""
        self._ask(self._mover.stop)

    def pause(self, number: FetchId) -> None:
        """Holds a fetch; what has come stays."""
        self._ask(lambda: self._mover.pause(number))

    def resume(self, number: FetchId) -> None:
        """Goes on with a fetch that is held, waits for its next try, or has failed."""
        self._ask(lambda: self._mover.resume(number))

    def cancel(self, number: FetchId) -> None:
        """Gives a fetch up: its record and the part that has come go. Whole files stay."""
        self._ask(lambda: self._mover.cancel(number))

    def clear(self) -> None:
        """Forgets the fetches that are done; their files stay."""
        self._ask(self._mover.clear)

    def close(self) -> None:
        """Ends the courier; what was under way goes on with the next start of the app."""
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._wishes.put(None)
            thread.join()
        self._mover.close()

    def _ask(self, work: Callable[[], None]) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._live, name="fetches", daemon=True)
                self._thread.start()
        self._wishes.put(work)

    def _live(self) -> None:
        mover = self._mover
        while True:
            try:
                work = self._wishes.get(timeout=TICK_S if mover.is_awaiting else None)
            except queue.Empty:
                outlive(mover.tick)
            else:
                if work is None:
                    return
                outlive(work)
            outlive(mover.advance)
