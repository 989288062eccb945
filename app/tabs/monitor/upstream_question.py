"""Asks the Hub what it has now of a repository: what it says of it, its files, its card."""

from collections.abc import Callable, Sequence

from app.network.door import Visit
from app.tabs.monitor.upstream import Answered
from runner.errors import RunnerError
from runner.protocol.courier import Card, RemoteFile, Repository
from runner.store.sources import Source

MAIN = "main"
"""The branch that a repository shows; what was downloaded is a commit of some time."""


class UpstreamQuestion:
    """Three errands of one visit, one after the other; what came until a failure is told too.

    Thread: the one that the courier's answers come on.

    Args:
        visit: open; whoever hears the answer closes it.
        source: where the file came from.
        at: when it was asked, in seconds since the epoch.
        answered: called once, with what was said.
    """

    def __init__(
        self, visit: Visit, source: Source, at: float, answered: Callable[[Answered], None]
    ) -> None:
        self._visit = visit
        self._source = source
        self._at = at
        self._answered = answered
        self._said: Repository | None = None
        self._files: Sequence[RemoteFile] = ()

    def ask(self) -> None:
        """Begins with what the Hub says of the repository."""
        self._visit.courier.repository(
            self._source.repository, MAIN, self._visit.why, self._on_said, self._on_failed
        )

    def _on_said(self, said: Repository) -> None:
        self._said = said
        self._visit.courier.files(
            self._source.repository, said.commit, self._visit.why, self._on_files, self._on_failed
        )

    def _on_files(self, files: list[RemoteFile]) -> None:
        assert self._said is not None  # noqa: S101 - asked only after it was said
        self._files = files
        self._visit.courier.card(
            self._source.repository,
            self._said.commit,
            self._visit.why,
            self._on_card,
            self._on_failed,
        )

    def _on_card(self, card: Card) -> None:
        self._tell(None if card.cut else card.text)

    def _on_failed(self, error: RunnerError) -> None:
        self._tell(None, error)

    def _tell(self, card: str | None, error: RunnerError | None = None) -> None:
        self._answered(
            Answered(at=self._at, said=self._said, files=self._files, card=card, error=error)
        )
