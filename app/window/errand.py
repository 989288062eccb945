"""One thing that a terminal wants of this window: asked for, chosen, fetched, and told of as it comes."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject

from app.context import AppContext
from app.dossier.looked_file import put_looked
from app.dossier.remote_look import RemoteLook
from app.dossier.repository_look import Looked, RepositoryLook
from app.model import look_ahead
from app.model.files import models_folder_in
from app.model.look_ahead import LOOKS, Look
from app.model.pull import Pull, as_json, purpose_of, wished
from app.models_page.find.addresses import Wish
from app.network.door import Visit
from app.network.errands import (
    Done,
    Line,
    LookWanted,
    OpennessWanted,
    PullWanted,
    Refused,
    Told,
    Wanted,
)
from app.network.purposes import Purpose, purpose
from app.own_socket import Connection
from app.window.notifier import notifier
from inspector.repository.read import is_repository
from runner.channel.packets import Outbox
from runner.errors import RunnerError
from runner.fetch.queue import Fetches
from runner.library.paths import cache_folder
from runner.store.fetches import Fetch

log = logging.getLogger(__name__)

TERMINAL = "terminal"
"""Who asked, for the ledger."""

ASKS = "The open window asks whether it may go online for this; answer there."


class Errand:
    """One model that a terminal wants.

    Where the terminal goes away, a question that is open is taken back; a download that is under
    way goes on.

    Args:
        terminal: the connection to it.
        over: called at the end.
        parent: lives as long as errands are taken.
    """

    def __init__(
        self,
        context: AppContext,
        terminal: Connection,
        over: Callable[["Errand"], None],
        parent: QObject,
    ) -> None:
        self._context = context
        self._terminal = terminal
        self._outbox = Outbox(terminal)
        self._over = over
        self._visit: Visit | None = None
        self._goes_on_alone = False
        self._has_ended = False
        self._gone = notifier(terminal, parent)
        self._gone.activated.connect(self._on_gone)

    def begin(self, wanted: Wanted, fetches: Callable[[], Fetches]) -> None:
        """Asks the person where the window is offline, then does what is wanted."""
        try:
            match wanted:
                case PullWanted(wish, online):
                    self._pull(wished(wish), fetches(), allowed=online)
                case LookWanted(wish, online):
                    self._look(wished(wish), allowed=online)
                case OpennessWanted(repository, online):
                    self._openness(repository, allowed=online)
        except RunnerError as error:
            self._failed(error)

    def _look(self, wish: Wish, *, allowed: bool) -> None:
        inside = RemoteLook(self._context.reader, cache_folder() / LOOKS)
        look = Look(wish, inside, lambda text: self._tell(Line(text)))

        def came(path: Path) -> None:
            self._came({"path": str(path)})

        self._use(
            look_ahead.purpose_of(wish),
            lambda visit: look.begin(visit, came, self._failed),
            allowed=allowed,
        )

    def _openness(self, repository: str, *, allowed: bool) -> None:
        if not is_repository(repository):
            raise RunnerError("courier.bad_name", repository)

        def came(looked: Looked) -> None:
            try:
                self._came({"path": str(put_looked(cache_folder() / LOOKS, looked))})
            except RunnerError as error:
                self._failed(error)

        def begin(visit: Visit) -> None:
            reader = self._context.reader
            RepositoryLook(visit.courier, reader, visit.why, came, self._failed).start(repository)

        self._use(purpose("openness", repository=repository), begin, allowed=allowed)

    def _pull(self, wish: Wish, fetches: Fetches, *, allowed: bool) -> None:
        pull = Pull(
            wish,
            fetches,
            models_folder_in(self._context.settings.current),
            lambda text: self._tell(Line(text, passes=False)),
            lambda text: self._tell(Line(text)),
            self._context.mailbox.post,
        )

        def came(fetch: Fetch) -> None:
            self._came(as_json(fetch))

        self._use(
            purpose_of(wish),
            lambda visit: pull.begin(visit, came, self._failed),
            allowed=allowed,
            goes_on_alone=True,
        )

    def _use(
        self,
        purpose: Purpose,
        begin: Callable[[Visit], None],
        *,
        allowed: bool,
        goes_on_alone: bool = False,
    ) -> None:
        def go(visit: Visit) -> None:
            self._visit = visit
            self._goes_on_alone = goes_on_alone
            begin(visit)

        asked = replace(purpose, who=TERMINAL)
        visit = self._context.network.use(asked, go, self._failed, allowed=allowed)
        if not visit.is_open and not visit.is_over:
            self._visit = visit
            self._tell(Line(ASKS, passes=False))

    def end(self) -> None:
        """Closes what was opened for it; a fetch that is under way goes on with the window's own word.

        Called again where the courier, ended with the visit, says that it was.
        """
        if self._has_ended:
            return
        self._has_ended = True
        visit, self._visit = self._visit, None
        if visit is not None:
            visit.close()
        self._gone.setEnabled(False)
        self._gone.deleteLater()
        self._terminal.close()
        self._over(self)

    def _on_gone(self) -> None:
        """The terminal says nothing more: what is readable is its end."""
        self._gone.setEnabled(False)
        if not self._goes_on_alone:
            self.end()

    def _came(self, told: dict[str, Any]) -> None:
        self._tell(Done(told))
        self.end()

    def _failed(self, error: RunnerError) -> None:
        self._tell(Refused(error.code, error.detail, dict(error.context)))
        self.end()

    def _tell(self, told: Told) -> None:
        """Says something to the terminal; one that went away, or does not read, misses it."""
        try:
            self._outbox.flush()
            if len(self._outbox) == 0:
                self._outbox.put(msgspec.json.encode(told))
                self._outbox.flush()
        except OSError as error:
            log.debug("the terminal is gone: %s", error)
