"""One fetch under way: its files in their order, each read, fetched, verified and named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.fetch.names import part_of
from runner.fetch.papers import PaperRound
from runner.fetch.place import give_name, take_back_name
from runner.protocol.courier import Check, Checked, Fetched
from runner.protocol.courier import Fetch as Asked
from runner.reader_client import Ticket
from runner.store import Store
from runner.store.fetches import Fetch, FetchFile
from runner.store.files import FileState

Post = Callable[[Callable[[], None]], None]


class Queue(Protocol):
    """Who hears how a fetch gets on, on the queue's own thread."""

    def on_progress(self, moving: "Moving", done: int) -> None:
        """So many bytes of all files are there."""

    def on_awaited(self, moving: "Moving") -> None:
        """Bytes are awaited from now on."""

    def on_verified(self, moving: "Moving") -> None:
        """A file has the hash that it must have; returns once that is kept."""

    def on_named(self, moving: "Moving", file: int) -> None:
        """A file lies under its name."""

    def on_done(self, moving: "Moving") -> None:
        """All files do."""

    def on_failed(self, moving: "Moving", error: RunnerError) -> None:
        """It goes no further by itself."""


class Moving:
    """A fetch under way.

    Thread: the queue's; what the courier tells is posted there.

    Args:
        fetch: as it was when this began.
        post: puts something to do on the queue's thread.
        unnamed: a file may have got its name just before a kill, which nobody could note.
        with_papers: card, licence and listing are fetched first.

    Attributes:
        checking: what came earlier is being read.
        awaiting: bytes of a file are; before that, papers are fetched.
    """

    def __init__(
        self,
        fetch: Fetch,
        courier: CourierClient,
        store: Store,
        queue: Queue,
        post: Post,
        *,
        rate: int,
        keep_free: int,
        connections: int,
        unnamed: bool,
        with_papers: bool,
    ) -> None:
        self.fetch = fetch
        self.checking = False
        self.awaiting = False
        self._courier = courier = courier.on_behalf_of(fetch.who)
        self._store = store
        self._queue = queue
        self._post = post
        self._rate = rate
        self._keep_free = keep_free
        self._connections = connections
        self._unnamed = unnamed
        self._at = 0
        self._before = 0
        self._ticket: Ticket | None = None
        self._wanted = True
        self._with_papers = with_papers
        self._papers = PaperRound(courier, store.papers, fetch.why, post, self._go_on)

    def begin(self) -> None:
        """Fetches the papers, then the first file that is not there yet, and so on."""
        if self._with_papers:
            self._papers.begin(self.fetch.repository, self.fetch.commit)
        else:
            self._go_on()

    def _go_on(self) -> None:
        with self._failures_told():
            while self._at < len(self.fetch.files) and self._is_there():
                self._next()
            if self._at == len(self.fetch.files):
                self._queue.on_done(self)
                return
            part = part_of(Path(self.fetch.folder), self._file)
            if part.exists():
                self._check(part)
            else:
                self._fetch(part)

    def cancel(self) -> None:
        """Stops; nothing more is told."""
        self._wanted = False
        self._papers.cancel()
        if self._ticket is not None:
            self._ticket.cancel()

    @property
    def _file(self) -> FetchFile:
        return self.fetch.files[self._at]

    @property
    def _place(self) -> Path:
        return self.fetch.paths[self._at]

    def _next(self) -> None:
        self._before += self._file.size
        self._at += 1

    def _is_there(self) -> bool:
        """Says whether the present file needs nothing more.

        Raises:
            RunnerError: `fetch.there_already`, where something else has its name.
        """
        file, place = self._file, self._place
        is_file = place.is_file()
        if file.there and is_file and place.stat().st_size == file.size:
            return True
        # Only the first file that is not noted can be the one that just got its name.
        unnamed, self._unnamed = self._unnamed, False
        if not is_file:
            return False
        known = self._store.files.at(place)
        if known is not None and known.sha256 == file.sha256 and known.state() is FileState.SAME:
            return bool(file.sha256)
        if unnamed:
            take_back_name(self.fetch, file, place)
            return False
        raise RunnerError("fetch.there_already", path=str(place))

    # ---- one file -------------------------------------------------------------------------------

    def _check(self, part: Path) -> None:
        self.checking = True
        file = self._file
        self._ticket = self._courier.check(
            Check(part=str(part), size=file.size, sha256=file.sha256, blob=file.blob),
            self.fetch.why,
            lambda checked: self._later(lambda: self._checked(part, checked)),
            self._failed,
            self._progress,
        )

    def _checked(self, part: Path, checked: Checked) -> None:
        self.checking = False
        self._queue.on_progress(self, self._before + checked.length)
        self._fetch(part)

    def _fetch(self, part: Path) -> None:
        file = self._file
        self.awaiting = True
        self._queue.on_awaited(self)
        self._ticket = self._courier.fetch(
            Asked(
                errand=0,
                repository=self.fetch.repository,
                commit=self.fetch.commit,
                path=file.path,
                size=file.size,
                sha256=file.sha256,
                blob=file.blob,
                part=str(part),
                rate=self._rate,
                keep_free=self._keep_free,
                connections=self._connections,
            ),
            self.fetch.why,
            lambda fetched: self._later(lambda: self._fetched(fetched)),
            self._failed,
            self._progress,
        )

    def _fetched(self, fetched: Fetched) -> None:
        with self._failures_told():
            self._queue.on_progress(self, self._before + fetched.size)
            self._queue.on_verified(self)
            give_name(self.fetch, self._file, self._place)
            self._queue.on_named(self, self._at)
            self._next()
            self._go_on()

    @contextmanager
    def _failures_told(self) -> Iterator[None]:
        """Tells the queue what went wrong here: with the store, or with the folder."""
        try:
            yield
        except RunnerError as error:
            self._queue.on_failed(self, error)
        except OSError as error:
            folder = self.fetch.folder
            self._queue.on_failed(
                self, RunnerError("fetch.cannot_write", str(error), folder=folder)
            )

    # ---- on the courier's threads ---------------------------------------------------------------

    def _progress(self, done: int, total: int) -> None:
        self._later(lambda: self._queue.on_progress(self, self._before + done))

    def _failed(self, error: RunnerError) -> None:
        self._later(lambda: self._queue.on_failed(self, error))

    def _later(self, action: Callable[[], None]) -> None:
        def unless_cancelled() -> None:
            if self._wanted:
                action()

        self._post(unless_cancelled)


def with_named(fetch: Fetch, number: int) -> Fetch:
    """Returns the fetch with one of its files noted as being in its place."""
    files = tuple(
        msgspec.structs.replace(file, there=True) if at == number else file
        for at, file in enumerate(fetch.files)
    )
    return msgspec.structs.replace(fetch, files=files)
