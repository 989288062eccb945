"""One model that a terminal wants of this window: asked for, chosen, fetched, and told of as it comes."""

import logging
import socket
from collections.abc import Callable

import msgspec

from app.context import AppContext
from app.model.files import models_folder_in
from app.model.pull import Pull, as_json, purpose_of, wished
from app.network.door import Visit
from app.network.errands import Done, Line, PullWanted, Refused, Told
from runner.errors import RunnerError
from runner.fetch.queue import Fetches
from runner.store.fetches import Fetch

log = logging.getLogger(__name__)

ASKS = "The open window asks whether it may go online for this; answer there."


class Errand:
    """One model that a terminal wants."""

    def __init__(
        self, context: AppContext, terminal: socket.socket, over: Callable[["Errand"], None]
    ) -> None:
        self._context = context
        self._terminal = terminal
        self._over = over
        self._visit: Visit | None = None

    def begin(self, wanted: PullWanted, fetches: Fetches) -> None:
        """Asks the person where the window is offline, then fetches."""
        try:
            wish = wished(wanted.wish)
        except RunnerError as error:
            self._failed(error)
            return
        pull = Pull(
            wish,
            fetches,
            models_folder_in(self._context.settings.current),
            lambda text: self._tell(Line(text, passes=False)),
            lambda text: self._tell(Line(text)),
            self._context.mailbox.post,
        )

        def go(visit: Visit) -> None:
            self._visit = visit
            pull.begin(visit, self._came, self._failed)

        self._visit = self._context.network.use(
            purpose_of(wish), go, self._failed, allowed=wanted.online
        )
        if not self._visit.is_open and not self._visit.is_over:
            self._tell(Line(ASKS, passes=False))

    def end(self) -> None:
        """Closes what was opened for it; a fetch that is under way goes on with the window's own word."""
        visit, self._visit = self._visit, None
        if visit is not None:
            visit.close()
        self._terminal.close()
        self._over(self)

    def _came(self, fetch: Fetch) -> None:
        self._tell(Done(as_json(fetch)))
        self.end()

    def _failed(self, error: RunnerError) -> None:
        self._tell(Refused(error.code, error.detail, dict(error.context)))
        self.end()

    def _tell(self, told: Told) -> None:
        """Says something to the terminal; one that went away, or does not read, misses it."""
        try:
            self._terminal.send(msgspec.json.encode(told))
        except OSError as error:
            log.debug("the terminal is gone: %s", error)
