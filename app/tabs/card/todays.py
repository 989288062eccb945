"""How the card of the download differs from today's on the Hub, or from the one beside the file.

The Hub is asked only when a person wants it.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.network.door import Visit
from app.network.purposes import purpose
from app.reader import arguments
from app.reader.card_difference import CardDifference
from runner.errors import RunnerError
from runner.protocol.courier import Card, Repository
from runner.reader_client import Ticket
from runner.store.papers import Paper

MAIN = "main"
DEADLINE_S = 10.0


class TodaysCard(QObject):
    """One question at a time.

    Owned by: CardTab. Thread: GUI.
    """

    answered = Signal(object, object, bool)
    """The `Paper` that was kept, the `CardDifference`, and whether it is of the card beside the file."""

    failed = Signal(object)
    """A `RunnerError`: the answer was no, or nothing came."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._visit: Visit | None = None
        self._ticket: Ticket | None = None

    @property
    def is_asking(self) -> bool:
        """Whether an answer is still to come."""
        return self._visit is not None or self._ticket is not None

    def ask(self, kept: Paper) -> None:
        """Asks for the card of `kept`'s repository as it is now; a person is asked first."""
        if self.is_asking:
            return
        about = purpose("changes", repository=kept.repository)
        visit = self._context.network.use(about, partial(self._go, kept), self._on_failed)
        self._visit = None if visit.is_over else visit

    def ask_beside(self, kept: Paper, card: Path, readable: tuple[Path, ...]) -> None:
        """Asks how the card beside the file differs from `kept`; nothing is fetched.

        Args:
            kept: the card as it was at the download.
            card: the one beside the file.
            readable: what the reader may read for this model.
        """
        if not self.is_asking:
            self._compare(kept, arguments.CardTexts(before=kept.text, path=str(card)), readable)

    def _compare(
        self, kept: Paper, texts: arguments.CardTexts, readable: tuple[Path, ...] = ()
    ) -> None:
        self._ticket = self._context.reader.ask(
            "card_difference",
            texts,
            CardDifference,
            partial(self._on_difference, kept, bool(texts.path)),
            self._on_failed,
            deadline_s=DEADLINE_S,
            readable=readable,
        )

    def _go(self, kept: Paper, visit: Visit) -> None:
        """Asks for today's commit first: a name of a branch may mean another one a moment later."""
        self._visit = visit
        visit.courier.repository(
            kept.repository,
            MAIN,
            visit.why,
            partial(self._on_repository, kept, visit),
            partial(self._on_courier_failed, visit),
        )

    def _on_repository(self, kept: Paper, visit: Visit, said: Repository) -> None:
        visit.courier.card(
            kept.repository,
            said.commit,
            visit.why,
            partial(self._on_card, kept, visit),
            partial(self._on_courier_failed, visit),
        )

    def _on_card(self, kept: Paper, visit: Visit, card: Card) -> None:
        self._end(visit)
        self._compare(kept, arguments.CardTexts(before=kept.text, after=card.text))

    def _on_courier_failed(self, visit: Visit, error: RunnerError) -> None:
        self._end(visit)
        self._on_failed(error)

    def _end(self, visit: Visit) -> None:
        self._visit = None
        visit.close()

    def _on_difference(self, kept: Paper, is_beside: bool, found: CardDifference) -> None:
        self._ticket = None
        self.answered.emit(kept, found, is_beside)

    def _on_failed(self, error: RunnerError) -> None:
        self._visit = self._ticket = None
        self.failed.emit(error)
