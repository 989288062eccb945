"""Asks the Hub for the page: through the door to the network, one wish at a time, and remembers."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.dossier.remote_look import RemoteLook
from app.models_page.addresses import Kind, Wish
from app.models_page.grouping import Choice
from app.models_page.hub_memory import CARD, HubMemory, Listed
from app.network.door import Visit
from app.network.purposes import Purpose, purpose
from inspector.gguf.ranges import NOT_FETCHED
from inspector.licences.documents import is_licence_file
from runner.errors import RunnerError
from runner.library.paths import cache_folder
from runner.protocol.courier import Card, Find, RemoteFile, Repository

WENT_OFFLINE = frozenset({"network.stopped", "network.offline"})
LOOKS = "looks"
"""The folder of headers that were fetched to look inside; it can be fetched again."""

MOST_LICENCES = 2
FIRST, MORE = 20, 100
"""How many results are asked for: soon to be there at first, and all that one answer may have."""


class Sort(StrEnum):
    """Orders that the Hub itself can give."""

    DOWNLOADS = "downloads"
    LIKES = "likes"
    CHANGED = "last_modified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Results of a search.

    Attributes:
        seen: when the Hub said so; of remembered results the oldest.
        is_live: whether the Hub was asked now.
        may_be_more: whether the Hub may have more of them.
    """

    wish: Wish
    finds: tuple[Find, ...]
    seen: float
    is_live: bool = True
    may_be_more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """A file of this computer beside what its repository holds now.

    Attributes:
        commit: the newest one of the revision that was fetched.
        changed: when the repository changed last, as the Hub writes it.
        is_there: whether the file is still in the repository.
        is_same: whether its bytes are still those that were fetched.
    """

    repository: str
    path: str
    commit: str
    changed: str
    is_moved: bool
    is_there: bool
    is_same: bool


class HubDesk(QObject):
    """The page's wishes to the Hub. A new wish takes the place of the one before.

    Owned by: the Models page. Thread: GUI.
    """

    began = Signal(str)
    """The Hub is being asked; why, in words."""
    found = Signal(object)
    """An `Answer`."""
    listed = Signal(object)
    """A repository's page: a `Listed`."""
    came = Signal(int)
    """So many bytes of a header have come."""
    looked = Signal(object, object, object)
    """A header is here: the `Listed`, the `Choice`, and the path of the file's beginning."""
    compared = Signal(object)
    """What has become of a file upstream: an `Upstream`."""
    failed = Signal(RunnerError)

    def __init__(
        self, context: AppContext, memory: HubMemory, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._inside = RemoteLook(context.reader, cache_folder() / LOOKS)
        self._visit: Visit | None = None
        self.memory = memory

    @property
    def is_asking(self) -> bool:
        """Whether the Hub is being asked now, or a person whether it may be."""
        return self._visit is not None

    def search(self, wish: Wish, sort: Sort, most: int = FIRST) -> None:
        """Asks for models; `found` or `failed` follows."""
        words = wish.words or wish.author

        def go(visit: Visit) -> None:
            self.began.emit(visit.why)
            visit.courier.search(
                wish.words,
                visit.why,
                lambda finds: self._on_found(visit, wish, finds, most),
                lambda error: self._on_failed(visit, error),
                most=most,
                sort=sort.value,
                author=wish.author,
            )

        self._use(purpose("search", words=words), go)

    def look(self, name: str, revision: str = "") -> None:
        """Asks for a repository's page; `listed` or `failed` follows."""

        def go(visit: Visit) -> None:
            self.began.emit(visit.why)
            visit.courier.repository(
                name,
                revision or "main",
                visit.why,
                lambda said: files(visit, said),
                lambda error: self._on_failed(visit, error),
            )

        def files(visit: Visit, said: Repository) -> None:
            visit.courier.files(
                name,
                said.commit,
                visit.why,
                lambda found: self._read_texts(visit, said, tuple(found)),
                lambda error: self._on_failed(visit, error),
            )

        self._use(purpose("look", repository=name), go)

    def look_inside(self, listed: Listed, choice: Choice) -> None:
        """Fetches the header of a choice; `looked` or `failed` follows.

        Of a split set it is the first file's, which says what the model is.
        """
        self.stop()
        repository, file = listed.repository, choice.files[0]
        name, commit = repository.repository, repository.commit

        def done(path: Path) -> None:
            self.stop()
            self._inside.keep_texts(name, commit, listed.texts)
            self.looked.emit(listed, choice, path)

        def go(visit: Visit) -> None:
            self.began.emit(visit.why)
            self._inside.look(
                visit.courier,
                name,
                commit,
                file,
                visit.why,
                done,
                lambda error: self._on_failed(visit, error),
                progress=self.came.emit,
            )

        def without(error: RunnerError) -> None:
            if error.code == NOT_FETCHED:
                self._use(purpose("header", file=choice.name, repository=name), go)
            else:
                self.failed.emit(error)

        if self._inside.known(name, commit, file) is None:
            self._use(purpose("header", file=choice.name, repository=name), go)
        else:
            self._inside.look(None, name, commit, file, "", done, without)

    def compare(self, repository: str, revision: str, commit: str, path: str, sha256: str) -> None:
        """Asks what has become of a file since it was fetched; `compared` or `failed` follows."""

        def go(visit: Visit) -> None:
            self.began.emit(visit.why)
            visit.courier.repository(
                repository,
                revision or "main",
                visit.why,
                lambda said: files(visit, said),
                lambda error: self._on_failed(visit, error),
            )

        def files(visit: Visit, said: Repository) -> None:
            if said.commit == commit:
                done(visit, said, [])
                return
            visit.courier.files(
                repository,
                said.commit,
                visit.why,
                lambda found: done(visit, said, found),
                lambda error: self._on_failed(visit, error),
            )

        def done(visit: Visit, said: Repository, found: list[RemoteFile]) -> None:
            if self._is_over(visit):
                return
            is_moved = said.commit != commit
            now = next((file for file in found if file.path == path), None)
            self.stop()
            self.compared.emit(
                Upstream(
                    repository=repository,
                    path=path,
                    commit=said.commit,
                    changed=said.changed,
                    is_moved=is_moved,
                    is_there=not is_moved or now is not None,
                    is_same=not is_moved or (now is not None and now.sha256 == sha256),
                )
            )

        self._use(purpose("changes", repository=repository), go)

    def remembered(self, wish: Wish) -> Answer | None:
        """Returns what is known of a wish without asking anybody; None where nothing is."""
        seen = self.memory.find(wish.words, wish.author)
        if not seen or wish.kind not in {Kind.WORDS, Kind.AUTHOR}:
            return None
        return Answer(
            wish=wish,
            finds=tuple(one.find for one in seen[:MORE]),
            seen=min(one.seen for one in seen[:MORE]),
            is_live=False,
        )

    def stop(self) -> None:
        """Gives the present wish up."""
        self._inside.stop()
        visit, self._visit = self._visit, None
        if visit is not None:
            visit.close()

    # ---- what comes back -------------------------------------------------------------------------

    def _use(self, wanted: Purpose, go: Callable[[Visit], None]) -> None:
        self.stop()
        refusals: list[RunnerError] = []

        def refused(error: RunnerError) -> None:
            refusals.append(error)
            self._visit = None
            self.failed.emit(error)

        def let_in(visit: Visit) -> None:
            self._visit = visit
            go(visit)

        visit = self._context.network.use(wanted, let_in, refused)
        if not refusals:
            # It may still wait for a person's answer, and be given up before that.
            self._visit = visit

    def _is_over(self, visit: Visit) -> bool:
        """Whether an answer is no longer wanted."""
        return visit is not self._visit

    def _on_found(self, visit: Visit, wish: Wish, finds: list[Find], most: int) -> None:
        if self._is_over(visit):
            return
        now = self._context.clock()
        self.memory.note_found(finds, now)
        self.stop()
        self.found.emit(
            Answer(
                wish=wish,
                finds=tuple(finds),
                seen=now,
                may_be_more=len(finds) >= most and most < MORE,
            )
        )

    def _read_texts(self, visit: Visit, said: Repository, files: tuple[RemoteFile, ...]) -> None:
        """Asks for card and licence texts, one after the other; the page goes without any of them."""
        paths = [file.path for file in files if file.path == CARD]
        paths += [file.path for file in files if is_licence_file(file.path)][:MOST_LICENCES]
        texts: dict[str, str] = {}

        def on() -> None:
            if self._is_over(visit):
                return
            if not paths:
                self._on_listed(visit, said, files, texts)
                return
            path = paths.pop(0)

            def done(card: Card) -> None:
                texts[path] = card.text
                on()

            def without(error: RunnerError) -> None:
                # A gated repository shows its files and keeps its texts to itself.
                if error.code in WENT_OFFLINE:
                    self._on_failed(visit, error)
                else:
                    on()

            visit.courier.text(said.repository, said.commit, path, visit.why, done, without)

        on()

    def _on_listed(
        self,
        visit: Visit,
        said: Repository,
        files: tuple[RemoteFile, ...],
        texts: dict[str, str],
    ) -> None:
        if self._is_over(visit):
            return
        listed = Listed(repository=said, files=files, seen=self._context.clock(), texts=texts)
        self.memory.note_listed(listed)
        self.stop()
        self.listed.emit(listed)

    def _on_failed(self, visit: Visit, error: RunnerError) -> None:
        if self._is_over(visit):
            return
        self.stop()
        self.failed.emit(error)
