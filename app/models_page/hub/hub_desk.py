"""Asks the Hub for the page: through the door to the network, one wish at a time, and remembers."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.dossier.remote_look import RemoteLook
from app.models_page.find.addresses import Kind, Wish
from app.models_page.here.shelf import ShelfItem
from app.models_page.hub.hub_memory import HubMemory, Listed
from app.models_page.hub.listing import Listing
from app.models_page.hub.upstream import Upstream, compare
from app.models_page.repository.grouping import Choice
from app.network.door import Visit
from app.network.purposes import Purpose, purpose
from inspector.gguf.ranges import NOT_FETCHED
from runner.errors import RunnerError
from runner.library.paths import cache_folder
from runner.protocol.courier import Find, FoundPage, RemoteFile, Repository

LOOKS = "looks"
"""The folder of headers that were fetched to look inside; it can be fetched again."""

FIRST, MORE = 25, 50
"""How many results are asked for: soon to be there at first, and then as one scrolls."""

MOST_REMEMBERED, MOST_FOUND = 100, 2_000
"""How many are shown of what is known without asking, and of one search."""


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
        after: leads to further ones; empty where the Hub says that there are no more.
    """

    wish: Wish
    finds: tuple[Find, ...]
    seen: float
    is_live: bool = True
    after: str = ""

    @property
    def may_be_more(self) -> bool:
        """Whether further results can be asked for."""
        return bool(self.after) and len(self.finds) < MOST_FOUND


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

    def search(self, wish: Wish, sort: Sort) -> None:
        """Asks for models; `found` or `failed` follows."""
        self._search(Answer(wish=wish, finds=(), seen=0.0), sort, FIRST)

    def search_on(self, answer: Answer, sort: Sort) -> None:
        """Asks for what comes after an answer; `found` brings it whole, the old results first."""
        self._search(answer, sort, MORE)

    def look(self, name: str, revision: str = "") -> None:
        """Asks for a repository's page; `listed` or `failed` follows."""

        def go(visit: Visit) -> None:
            self.began.emit(visit.why)
            Listing(
                visit,
                name,
                partial(self._on_listed, visit),
                partial(self._on_failed, visit),
                lambda: not self._is_over(visit),
            ).begin(revision or "main")

        self._use(purpose("look", repository=name), go)

    def look_inside(self, listed: Listed, choice: Choice) -> None:
        """Fetches the header of a choice; `looked` or `failed` follows.

        Of a split set it is every file's; the first says what the model is.
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
                others=choice.files[1:],
            )

        def without(error: RunnerError) -> None:
            if error.code == NOT_FETCHED:
                self._use(purpose("header", file=choice.name, repository=name), go)
            else:
                self.failed.emit(error)

        if self._inside.known(name, commit, file) is None:
            self._use(purpose("header", file=choice.name, repository=name), go)
        else:
            others = choice.files[1:]
            self._inside.look(None, name, commit, file, "", done, without, others=others)

    def compare(self, item: ShelfItem) -> None:
        """Asks what has become of a file since it was fetched; `compared` or `failed` follows."""

        def go(visit: Visit) -> None:
            self.began.emit(visit.why)
            compare(visit, item, partial(done, visit), partial(self._on_failed, visit))

        def done(visit: Visit, upstream: Upstream) -> None:
            if not self._is_over(visit):
                self.stop()
                self.compared.emit(upstream)

        self._use(purpose("changes", repository=item.repository), go)

    def remembered(self, wish: Wish) -> Answer | None:
        """Returns what is known of a wish without asking anybody; None where nothing is."""
        seen = self.memory.find(wish.words, wish.author)
        if not seen or wish.kind not in {Kind.WORDS, Kind.AUTHOR}:
            return None
        return Answer(
            wish=wish,
            finds=tuple(one.find for one in seen[:MOST_REMEMBERED]),
            seen=min(one.seen for one in seen[:MOST_REMEMBERED]),
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

    def _search(self, before: Answer, sort: Sort, most: int) -> None:
        wish = before.wish

        def go(visit: Visit) -> None:
            self.began.emit(visit.why)
            visit.courier.search_page(
                wish.words,
                visit.why,
                partial(self._on_found, visit, before),
                partial(self._on_failed, visit),
                most=most,
                sort=sort.value,
                author=wish.author,
                after=before.after,
            )

        self._use(purpose("search", words=wish.words or wish.author), go)

    def _on_found(self, visit: Visit, before: Answer, page: FoundPage) -> None:
        if self._is_over(visit):
            return
        now = self._context.clock()
        self.memory.note_found(page.finds, now)
        self.stop()
        # The Hub's order may change between two pages, which brings some a second time.
        known = {find.repository for find in before.finds}
        new = tuple(find for find in page.finds if find.repository not in known)
        self.found.emit(
            Answer(wish=before.wish, finds=(*before.finds, *new), seen=now, after=page.after)
        )

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
