"""Joins the queue of fetches to the window: the door's word, the models folder, and signals."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.context import AppContext
from app.model.files import models_folder_in
from app.models_page.hub.hub_memory import Listed
from app.models_page.repository.grouping import Choice
from app.network import mirror
from app.network.door import DoorState, Visit
from app.network.purposes import Purpose, purpose
from app.words.quantities import bytes_in_words
from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.fetch.queue import Fetches, FetchProgress
from runner.reader_client import at_once
from runner.store.fetches import UNFINISHED, Fetch, FetchId, FetchState

SECOND_THOUGHTS_MS = 30_000
"""How long what came of a download that was given up stays on the disk."""

AT_REST = frozenset({FetchState.DONE, FetchState.FAILED, FetchState.PAUSED})


class Downloads(QObject):
    """The fetches of this window.

    What a person allowed once stays allowed until that fetch rests.

    Owned by: the Models page. Thread: GUI.
    """

    changed = Signal(object)
    """A fetch is another now: its `FetchProgress`."""
    dropped = Signal()
    """A fetch is no longer in the list."""
    arrived = Signal(object)
    """A model is there, whole and checked: its `Fetch`."""
    given_up = Signal(object)
    """A fetch of which something had come is off the list: its `FetchProgress`."""
    refused = Signal(RunnerError)
    """A wish did not come into the queue."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._visits: dict[FetchId, Visit] = {}
        self._asking: list[Visit] = []
        self._told: dict[FetchId, FetchState] = {}
        self._gone: set[FetchId] = set()
        self._given_up: set[FetchId] = set()
        self._fetches = Fetches(context.store, self._courier, context.mailbox.post, rate=self._rate)
        self._fetches.listen(self._on_change)
        context.network.listen(self._on_door)
        if context.network.is_online and self.unfinished():
            self._fetches.start()

    @property
    def queue(self) -> Fetches:
        """The queue itself, for who brings a visit of their own."""
        return self._fetches

    @property
    def goes_on(self) -> bool:
        """Whether the queue may run: online, or for what a person let out once."""
        return self._context.network.is_online or bool(self._visits)

    # ---- what there is ---------------------------------------------------------------------------

    def every(self) -> list[FetchProgress]:
        """Returns the fetches, oldest first."""
        return [one for one in self._fetches.list() if one.fetch.id not in self._gone]

    def unfinished(self) -> list[FetchProgress]:
        """Returns those that are not there yet."""
        return [one for one in self.every() if one.fetch.state is not FetchState.DONE]

    def of(self, repository: str, path: str) -> FetchProgress | None:
        """Returns the fetch of a file of a repository."""
        for one in self.every():
            fetch = one.fetch
            if fetch.repository == repository and any(file.path == path for file in fetch.files):
                return one
        return None

    # ---- what can be done ------------------------------------------------------------------------

    def add(self, listed: Listed, choice: Choice, revision: str = "main") -> None:
        """Puts a choice of a repository into the queue, once a person has let it out."""
        repository = listed.repository

        def go(visit: Visit) -> None:
            added = self._fetches.add(
                repository.repository,
                repository.commit,
                choice.files,
                visit.why,
                folder=self.folder(),
                revision=revision or "main",
            )
            self._context.mailbox.when(added, lambda done: self._on_added(visit, done))

        # Card and terms come with it, and those of the models that it was made of.
        name = f"{choice.name} ({bytes_in_words(choice.size)})"
        wanted = purpose("pull", file=name, repository=repository.repository)
        self._use(wanted, go)

    def resume(self, progress: FetchProgress) -> None:
        """Goes on with a fetch that is held, waits or has failed."""
        fetch = progress.fetch

        def go(visit: Visit) -> None:
            self._visits[fetch.id] = visit
            self._told.pop(fetch.id, None)
            self._fetches.resume(fetch.id)

        wanted = purpose(
            "download",
            file=Path(fetch.files[0].path).name,
            repository=fetch.repository,
            size=bytes_in_words(fetch.size),
        )
        self._use(wanted, go)

    def pause(self, number: FetchId) -> None:
        """Holds a fetch; what has come stays."""
        self._fetches.pause(number)

    def give_up(self, number: FetchId) -> None:
        """Takes a fetch off the list; what has come of it goes too, after a while for second thoughts.

        Who kills the app meanwhile finds it paused.
        """
        progress = next((one for one in self.every() if one.fetch.id == number), None)
        if progress is None or progress.fetch.state is FetchState.DONE or not progress.fetch.done:
            self.cancel(number)
            return
        self._given_up.add(number)
        self._gone.add(number)
        self._fetches.pause(number)
        self._leave(number)
        QTimer.singleShot(SECOND_THOUGHTS_MS, self, lambda: self._cancel_for_good(number))
        self.dropped.emit()
        self.given_up.emit(progress)

    def take_back(self, progress: FetchProgress) -> None:
        """Puts a fetch that was given up on the list again, and goes on with it."""
        number = progress.fetch.id
        if number in self._given_up:
            self._given_up.discard(number)
            self._gone.discard(number)
            self.dropped.emit()
            self.resume(progress)

    def cancel(self, number: FetchId) -> None:
        """Takes a fetch off the list, and the part that has come at once."""
        # The queue has a thread of its own and takes its time; the list need not wait for it.
        self._gone.add(number)
        self._fetches.cancel(number)
        self._leave(number)
        self.dropped.emit()

    def clear(self) -> None:
        """Forgets those that are done."""
        done = [one.fetch.id for one in self.every() if one.fetch.state is FetchState.DONE]
        self._gone.update(done)
        self._fetches.clear()
        self.dropped.emit()

    def folder(self) -> Path:
        """Returns where downloads go."""
        return models_folder_in(self._context.settings.current)

    def close(self) -> None:
        """Ends the work; it goes on with the next start."""
        for number in list(self._given_up):
            self._cancel_for_good(number)
        for visit in (*self._visits.values(), *self._asking):
            visit.close()
        self._fetches.close()

    def _rate(self) -> int:
        """Returns the most bytes a second that a person lets downloads take; 0 for no limit."""
        return self._context.settings.current.models.rate_kb * 1_000

    # ---- the door --------------------------------------------------------------------------------

    def _courier(self, folder: Path) -> CourierClient:
        context = self._context
        # Not through the mailbox: the queue has a thread of its own, which must not wait for Qt.
        client = CourierClient(
            context.porter,
            context.store.ledger,
            at_once,
            context.network.allows,
            token=mirror.token,
            asked=mirror.to_ask_the_porter,
            writable=[folder],
        )
        return context.network.join(client)

    def _use(self, wanted: Purpose, go: Callable[[Visit], None]) -> None:
        def let_in(visit: Visit) -> None:
            if visit in self._asking:
                self._asking.remove(visit)
            go(visit)

        def refused(error: RunnerError) -> None:
            self.refused.emit(error)

        visit = self._context.network.use(wanted, let_in, refused)
        if not visit.is_open:
            self._asking = [one for one in self._asking if one is not visit] + [visit]

    def _on_door(self, state: DoorState) -> None:
        if state is DoorState.ONLINE:
            self._fetches.start()
        elif state is DoorState.OFFLINE:
            self._fetches.stop()
        # Who waits does so for something else now.
        for progress in self.unfinished():
            self.changed.emit(progress)

    # ---- the queue -------------------------------------------------------------------------------

    def _on_added(self, visit: Visit, done: "Future[Fetch]") -> None:
        error = done.exception()
        if error is None:
            fetch = done.result()
            self._visits[fetch.id] = visit
            known = next((one for one in self.every() if one.fetch.id == fetch.id), None)
            if known is not None:
                self._on_change(known)
            return
        visit.close()
        if isinstance(error, RunnerError):
            self.refused.emit(error)

    def _on_change(self, progress: FetchProgress) -> None:
        fetch = progress.fetch
        if fetch.id in self._gone:
            return
        before = self._told.get(fetch.id)
        self._told[fetch.id] = fetch.state
        self.changed.emit(progress)
        if fetch.state in AT_REST:
            self._leave(fetch.id)
        if fetch.state is FetchState.DONE and before in {None, *UNFINISHED}:
            self.arrived.emit(fetch)

    def _cancel_for_good(self, number: FetchId) -> None:
        """Has a fetch that was given up go, unless it was taken back."""
        if number in self._given_up:
            self._given_up.discard(number)
            self.cancel(number)

    def _leave(self, number: FetchId) -> None:
        visit = self._visits.pop(number, None)
        if visit is not None:
            visit.close()
