"""What is told of fetches: each as it is now, to whoever listens and whoever asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from runner.fetch.speed import STALLED_S, Speed
from runner.reader_client import Deliver
from runner.store.fetches import Fetch, FetchId, FetchState


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchProgress:
    """A fetch as it is now.

    Attributes:
        preparing: gate and courier start, and card and terms are fetched.
        checking: what came earlier is being read, to go on from there.
        seconds_left: None where that can't be told.
        silent_s: since the last byte; 0 while nothing is awaited.
        retry_in_s: it waits so long and then tries again by itself; None where it does not.
    """

    fetch: Fetch
    preparing: bool = False
    checking: bool = False
    bytes_per_s: float = 0.0
    seconds_left: float | None = None
    silent_s: float = 0.0
    retry_in_s: float | None = None


OnChange = Callable[[FetchProgress], None]


class Board:
    """Shows what the queue tells it.

    Thread: `show` on the queue's; the others on any.
    """

    def __init__(self, deliver: Deliver, fetches: Iterable[Fetch]) -> None:
        self._deliver = deliver
        self._listeners: list[OnChange] = []
        # Replaced whole, so that whoever reads it sees one moment.
        self._shown = tuple(FetchProgress(fetch=fetch) for fetch in fetches)

    def listen(self, on_change: OnChange) -> None:
        """Calls `on_change` with what is told from now on."""
        self._listeners.append(on_change)

    def now(self) -> list[FetchProgress]:
        """Returns what was last told of each, oldest first."""
        return list(self._shown)

    def show(self, all_of_them: Iterable[FetchProgress], changed: FetchId | None) -> None:
        """Shows all fetches as they are now, and tells of the one that has changed."""
        self._shown = tuple(all_of_them)
        for progress in self._shown:
            if progress.fetch.id == changed:
                for listener in list(self._listeners):
                    self._deliver(_call(listener, progress))


def at_rest(fetch: Fetch, retry_in_s: float | None) -> FetchProgress:
    """Returns what is told of a fetch that does not move."""
    left = None if retry_in_s is None else max(0.0, retry_in_s)
    return FetchProgress(fetch=fetch, retry_in_s=left)


def under_way(fetch: Fetch, speed: Speed, now: float) -> FetchProgress:
    """Returns what is told of a fetch whose bytes are awaited."""
    fast, silent = speed.bytes_per_s(now), speed.silent_s(now)
    if silent > STALLED_S and fetch.state is FetchState.RUNNING:
        fetch = msgspec.structs.replace(fetch, state=FetchState.STALLED)
    return FetchProgress(
        fetch=fetch,
        bytes_per_s=fast,
        seconds_left=(fetch.size - fetch.done) / fast if fast > 1 else None,
        silent_s=silent,
    )


def _call(listener: OnChange, progress: FetchProgress) -> Callable[[], None]:
    return lambda: listener(progress)
