"""Tells, beside the page, of what came of what was asked or begun there."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject

from app.context import AppContext
from app.models_page.find.addresses import Kind, Wish
from app.models_page.hub.upstream import Upstream, upstream_words
from app.notices import Action, Level, Notice
from app.words.quantities import bytes_in_words
from app.words.wording import Words
from runner.fetch.queue import FetchProgress
from runner.store.fetches import UNFINISHED, Fetch

NEWER = "models-newer"


class News(QObject):
    """Puts what happened into words and hands it to the window. Owned by: the Models page."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def compared(self, upstream: Upstream, open_page: Callable[[Wish], None]) -> None:
        """Says what has become of a file upstream."""
        said = upstream_words(upstream, self._context.clock())
        if not upstream.is_moved:
            self._context.notices.toast(said)
            return
        wish = Wish(kind=Kind.FILE, repository=upstream.repository, file=upstream.path)
        opens = Action(self.tr("Open its page"), lambda: open_page(wish))
        self._context.notices.tell(
            Notice(level=Level.NOTE, said=Words(said, ""), key=NEWER, actions=(opens,))
        )

    def arrived(self, fetch: Fetch, load: Callable[[], None]) -> None:
        """Says that a model is there."""
        text = self.tr("{name} is here: whole, and checked.").format(name=_name(fetch))
        self._context.notices.toast(text, Action(self.tr("Load and chat"), load))

    def given_up(self, progress: FetchProgress, take_back: Callable[[], None]) -> None:
        """Says that a download goes, and what had come of it, and offers it back."""
        text = self.tr("{name} is given up, and the {size} that had come of it.")
        said = text.format(name=_name(progress.fetch), size=bytes_in_words(progress.fetch.done))
        self._context.notices.toast(said, Action(self.tr("Take that back"), take_back))

    def left_over(self, fetches: Iterable[FetchProgress], show: Callable[[], None]) -> None:
        """Says at a start that there is something from the last time, which is easily missed."""
        left = [one.fetch for one in fetches if one.fetch.state in UNFINISHED]
        if not left:
            return
        text = self.tr("{name} goes on once Lightwell is online.")
        if self._context.network.is_online:
            text = self.tr("Going on with {name}.")
        shows = Action(self.tr("Show"), show)
        self._context.notices.toast(text.format(name=_name(left[0])), shows)


def _name(fetch: Fetch) -> str:
    return Path(fetch.files[0].path).name
