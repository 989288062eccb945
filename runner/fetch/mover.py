"""Moves one fetch after the other, and keeps what became of each: the inside of the queue.

Everything here happens on the queue's own thread.
"""

import concurrent.futures
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import msgspec

from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.fetch.board import Board, FetchProgress, at_rest, under_way
from runner.fetch.moving import Moving, with_named
from runner.fetch.patience import OFFLINE, Patience
from runner.fetch.place import arrived, prepare, sweep
from runner.fetch.speed import STALLED_S, Speed
from runner.fetch.wishes import check, take_in
from runner.reader_client import Deliver
from runner.store import Store
from runner.store.fetches import UNFINISHED, Fetch, FetchError, FetchId, FetchState

HUNG_S = 45.0
"""A courier that says nothing for so long is ended; its own limit for a silent connection is 6 s."""

MakeCourier = Callable[[Path], CourierClient]
Post = Callable[[Callable[[], None]], None]


class How(msgspec.Struct, frozen=True, kw_only=True):
    """How fetches are done, see `runner.fetch.queue.Fetches`."""

    rate: Callable[[], int]
    keep_free: int
    with_papers: bool
    connections: int


class Mover:
    """The fetches, of which one moves.

    Thread: the queue's.

    Args:
        post: puts something to do on that thread.
        deliver: takes each call that tells a listener.

    Attributes:
        board: what was last told; any thread may read it.
    """

    def __init__(
        self, store: Store, make_courier: MakeCourier, deliver: Deliver, post: Post, how: How
    ) -> None:
        self._store = store
        self._make_courier = make_courier
        self._post = post
        self._how = how
        self._fetches = {fetch.id: fetch for fetch in map(_at_rest, store.fetches.list())}
        self.board = Board(deliver, self._fetches.values())
        self._patience: dict[FetchId, Patience] = {}
        self._retry_at: dict[FetchId, float] = {}
        self._moving: Moving | None = None
        self._speed = Speed(0.0, 0)
        self._heard_at = 0.0
        self._began_with = 0
        self._courier: tuple[Path, CourierClient] | None = None
        self._may_run = False
        self._written: Future[None] | None = None

    # ---- wishes ---------------------------------------------------------------------------------

    def add(self, wish: Fetch, added: "Future[Fetch]") -> None:
        """Puts a model into the queue, or refuses it."""
        try:
            check(self._store, wish, self._fetches.values(), self._how.keep_free)
            kept = self._store.fetches.add(wish).result()
        except RunnerError as error:
            added.set_exception(error)
            return
        self._may_run = True
        self._change(kept)
        sweep(Path(wish.folder), self._fetches.values())
        added.set_result(kept)

    def start(self) -> None:
        """Goes on with whatever waits, and removes what belongs to no fetch."""
        self._may_run = True
        for folder in {fetch.folder for fetch in self._fetches.values()}:
            sweep(Path(folder), self._fetches.values())

    def stop(self) -> None:
        """Lets everything wait."""
        self._may_run = False
        if self._moving is not None:
            self._halt(FetchState.WAITING)

    def pause(self, number: FetchId) -> None:
        """Holds a fetch; what has come stays."""
        self._put(number, FetchState.PAUSED, UNFINISHED)

    def resume(self, number: FetchId) -> None:
        """Goes on with a fetch that is held, waits for its next try, or has failed."""
        self._may_run = True
        fetch = self._fetches.get(number)
        if fetch is not None and not self._is_moving(number):
            self._patience.pop(number, None)
            self._put(number, FetchState.WAITING, frozenset(FetchState) - {FetchState.DONE})

    def cancel(self, number: FetchId) -> None:
        """Gives a fetch up: its record and the part that has come go."""
        fetch = self._fetches.get(number)
        if fetch is None:
            return
        if self._is_moving(number):
            self._end_courier()
            self._moving = None
        del self._fetches[number]
        self._forget(number)
        # Another fetch may want the same bytes, whatever name they have there.
        sweep(Path(fetch.folder), self._fetches.values())
        self._store.fetches.remove(number)
        self._show()

    def clear(self) -> None:
        """Forgets the fetches that are done; their files stay."""
        for fetch in [*self._fetches.values()]:
            if fetch.state is FetchState.DONE:
                del self._fetches[fetch.id]
                self._store.fetches.remove(fetch.id)
        self._show()

    def close(self) -> None:
        """Ends the courier; called once the queue's thread has ended."""
        self._end_courier()
        if self._written is not None:
            concurrent.futures.wait([self._written])

    # ---- as time passes -------------------------------------------------------------------------

    @property
    def is_awaiting(self) -> bool:
        """Whether something moves, or will be tried again by itself."""
        return self._moving is not None or bool(self._retry_at)

    def tick(self) -> None:
        """Looks whether the courier hangs, and tells how long is left."""
        now = time.monotonic()
        if self._moving is not None:
            if now - self._heard_at > HUNG_S and self._courier is not None:
                self._heard_at = now
                self._courier[1].stop("courier.too_slow")
            self._show(self._moving.fetch.id)
        for number in list(self._retry_at):
            self._show(number)

    def advance(self) -> None:
        """Begins the next fetch where none moves."""
        if self._moving is not None or not self._may_run:
            return
        now = time.monotonic()
        for fetch in self._fetches.values():
            if fetch.state in UNFINISHED and now >= self._retry_at.get(fetch.id, 0.0):
                self._begin(fetch)
                return

    def _begin(self, fetch: Fetch) -> None:
        self._retry_at.pop(fetch.id, None)
        try:
            incoming = prepare(Path(fetch.folder))
            courier = self._courier_for(incoming)
        except RunnerError as error:
            self._fail(fetch, error)
            return
        done = self._began_with = arrived(fetch)
        self._heard_at = time.monotonic()
        self._speed = Speed(self._heard_at, done)
        self._moving = Moving(
            fetch,
            courier,
            self._store,
            self,
            self._post,
            rate=self._how.rate(),
            keep_free=self._how.keep_free,
            connections=self._how.connections,
            unnamed=fetch.state is FetchState.VERIFYING,
            with_papers=self._how.with_papers and fetch.id not in self._patience,
        )
        self._change(
            msgspec.structs.replace(fetch, state=FetchState.RUNNING, done=done, error=FetchError())
        )
        self._patience.setdefault(fetch.id, Patience())
        self._moving.begin()

    # ---- what a fetch under way tells -----------------------------------------------------------

    def on_progress(self, moving: Moving, done: int) -> None:
        """So many bytes are there."""
        if moving is not self._moving:
            return
        now = self._heard_at = time.monotonic()
        fetch = self._fetches[moving.fetch.id]
        if moving.checking:
            self._speed = Speed(now, done)
        elif self._speed.saw(now, done):
            self._patience[fetch.id].bytes_came()
        state = FetchState.STALLED if self._speed.silent_s(now) > STALLED_S else FetchState.RUNNING
        self._fetches[fetch.id] = msgspec.structs.replace(fetch, done=done, state=state)
        self._show(fetch.id)

    def on_awaited(self, moving: Moving) -> None:
        """From now on silence is one that a person is told of."""
        now = self._heard_at = time.monotonic()
        self._speed = Speed(now, self._fetches[moving.fetch.id].done)

    def on_verified(self, moving: Moving) -> None:
        """The hash is right; that is written down before the file gets its name."""
        fetch = self._fetches[moving.fetch.id]
        self._change(msgspec.structs.replace(fetch, state=FetchState.VERIFYING)).result()

    def on_named(self, moving: Moving, file: int) -> None:
        """A file lies under its name."""
        fetch = with_named(self._fetches[moving.fetch.id], file)
        moving.fetch = fetch
        self._change(msgspec.structs.replace(fetch, state=FetchState.RUNNING))

    def on_done(self, moving: Moving) -> None:
        """All files are there."""
        if moving is not self._moving:
            return
        self._moving = None
        fetch = self._fetches[moving.fetch.id]
        self._forget(fetch.id)
        try:
            take_in(self._store, fetch)
        except RunnerError as error:
            self._fail(fetch, error)
            return
        self._change(
            msgspec.structs.replace(
                fetch, state=FetchState.DONE, done=fetch.size, error=FetchError()
            )
        )

    def on_failed(self, moving: Moving, error: RunnerError) -> None:
        """It waits for its next try, or has failed."""
        if moving is not self._moving:
            return
        self._moving = None
        fetch = self._fetches[moving.fetch.id]
        fetch = msgspec.structs.replace(fetch, done=arrived(fetch))
        if error.code in OFFLINE:
            self._may_run = False
            self._change(msgspec.structs.replace(fetch, state=FetchState.WAITING))
            return
        if error.code == "fetch.cannot_write":
            self._end_courier()
        patience = self._patience.setdefault(fetch.id, Patience())
        if fetch.done > self._began_with:
            # A line that breaks off sooner than progress is told of brings something all the same.
            patience.bytes_came()
        wait_s = patience.wait(error)
        if wait_s is None:
            self._fail(fetch, error)
            return
        self._retry_at[fetch.id] = time.monotonic() + wait_s
        self._change(msgspec.structs.replace(fetch, state=FetchState.STALLED, error=_kept(error)))

    # ---- states ---------------------------------------------------------------------------------

    def _put(self, number: FetchId, state: FetchState, only_from: frozenset[FetchState]) -> None:
        fetch = self._fetches.get(number)
        if fetch is None or fetch.state not in only_from:
            return
        if self._is_moving(number):
            self._halt(state)
        else:
            self._retry_at.pop(number, None)
            self._change(
                msgspec.structs.replace(fetch, state=state, done=arrived(fetch), error=FetchError())
            )

    def _halt(self, state: FetchState) -> None:
        """Stops what moves."""
        moving, self._moving = self._moving, None
        if moving is not None:
            # Its process may be in the middle of a write: the part is looked at once it is gone.
            moving.cancel()
            fetch = self._fetches[moving.fetch.id]
            self._change(msgspec.structs.replace(fetch, state=state, error=FetchError()))

    def _fail(self, fetch: Fetch, error: RunnerError) -> None:
        self._change(msgspec.structs.replace(fetch, state=FetchState.FAILED, error=_kept(error)))

    def _change(self, fetch: Fetch) -> "Future[None]":
        """Tells a new state; the future is done once it is kept."""
        self._fetches[fetch.id] = fetch
        self._show(fetch.id)
        self._written = self._store.fetches.keep(fetch)
        return self._written

    def _forget(self, number: FetchId) -> None:
        self._patience.pop(number, None)
        self._retry_at.pop(number, None)

    def _is_moving(self, number: FetchId) -> bool:
        return self._moving is not None and self._moving.fetch.id == number

    # ---- the courier ----------------------------------------------------------------------------

    def _courier_for(self, incoming: Path) -> CourierClient:
        """Returns a courier that may write there; each folder has one of its own."""
        if self._courier is not None and self._courier[0] != incoming:
            self._end_courier()
        if self._courier is None:
            self._courier = (incoming, self._make_courier(incoming))
        return self._courier[1]

    def _end_courier(self) -> None:
        courier, self._courier = self._courier, None
        if courier is not None:
            courier[1].close()

    # ---- telling --------------------------------------------------------------------------------

    def _show(self, changed: FetchId | None = None) -> None:
        now = time.monotonic()
        self.board.show([self._progress(fetch, now) for fetch in self._fetches.values()], changed)

    def _progress(self, fetch: Fetch, now: float) -> FetchProgress:
        if self._moving is None or not self._is_moving(fetch.id):
            retry_at = self._retry_at.get(fetch.id)
            return at_rest(fetch, None if retry_at is None else retry_at - now)
        if self._moving.checking:
            return FetchProgress(fetch=fetch, checking=True)
        if not self._moving.awaiting:
            return FetchProgress(fetch=fetch, preparing=True)
        return under_way(fetch, self._speed, now)


def _kept(error: RunnerError) -> FetchError:
    return FetchError(code=error.code, detail=error.detail, context=dict(error.context))


def _at_rest(fetch: Fetch) -> Fetch:
    """Returns a fetch as it is after a start: nothing moves yet.

    One that was about to give a file its name stays marked: that file is read again first.
    """
    if fetch.state in UNFINISHED - {FetchState.VERIFYING}:
        return msgspec.structs.replace(fetch, state=FetchState.WAITING, done=arrived(fetch))
    return fetch
