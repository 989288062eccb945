"""One errand to the Hub: a repository's page, which is what it says, its files, and its texts."""

from collections.abc import Callable

from app.models_page.hub.hub_memory import CARD
from app.network.door import Visit
from inspector.licences.documents import is_licence_file
from runner.errors import RunnerError
from runner.protocol.courier import Card, RemoteFile, Repository

WENT_OFFLINE = frozenset({"network.stopped", "network.offline"})
MOST_LICENCES = 2

Done = Callable[[Repository, tuple[RemoteFile, ...], dict[str, str]], None]
Failed = Callable[[RunnerError], None]


class Listing:
    """Asks for one thing after the other; it goes without any of the texts.

    Args:
        visit: through which it asks.
        name: the repository, as `owner/name`.
        done: called with the repository, its files, and its texts by their paths.
        failed: called instead where the page can't be had.
        is_wanted: asked before each further question.
    """

    def __init__(
        self, visit: Visit, name: str, done: Done, failed: Failed, is_wanted: Callable[[], bool]
    ) -> None:
        self._visit = visit
        self._name = name
        self._done = done
        self._failed = failed
        self._is_wanted = is_wanted

    def begin(self, revision: str) -> None:
        """Asks for the repository, and then for the rest."""
        self._visit.courier.repository(
            self._name, revision, self._visit.why, self._ask_for_files, self._failed
        )

    def _ask_for_files(self, said: Repository) -> None:
        self._visit.courier.files(
            self._name,
            said.commit,
            self._visit.why,
            lambda found: self._ask_for_texts(said, tuple(found)),
            self._failed,
        )

    def _ask_for_texts(self, said: Repository, files: tuple[RemoteFile, ...]) -> None:
        paths = [file.path for file in files if file.path == CARD]
        paths += [file.path for file in files if is_licence_file(file.path)][:MOST_LICENCES]
        texts: dict[str, str] = {}

        def on() -> None:
            if not self._is_wanted():
                return
            if not paths:
                self._done(said, files, texts)
                return
            path = paths.pop(0)

            def done(card: Card) -> None:
                texts[path] = card.text
                on()

            def without(error: RunnerError) -> None:
                # A gated repository shows its files and keeps its texts to itself.
                if error.code in WENT_OFFLINE:
                    self._failed(error)
                else:
                    on()

            courier, why = self._visit.courier, self._visit.why
            courier.text(said.repository, said.commit, path, why, done, without)

        on()
