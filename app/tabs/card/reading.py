"""Has a chosen card read: a file, or a text that was kept."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.dossier.claims import readable_for
from app.reader import arguments
from app.reader.card import CardSheet
from app.tabs.card.choice import ChosenCard
from runner.errors import RunnerError
from runner.reader_client import Ticket

DEADLINE_S = 10.0


class CardReading(QObject):
    """Asks the reader for one card at a time.

    Owned by: CardTab. Thread: GUI.
    """

    read = Signal(object, object)
    """A `ChosenCard`, and the `CardSheet` that was made of it."""

    failed = Signal(object)
    """A `RunnerError`."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._ticket: Ticket | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether an answer is still to come."""
        return self._ticket is not None

    def cancel(self) -> None:
        """Gives up what was asked for."""
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None

    def begin(self, card: ChosenCard, model: Path) -> None:
        """Asks for a card of the model at `model`."""
        self.cancel()
        readable: list[Path] = []
        asked: object
        if card.path is not None:
            job = "card"
            asked = arguments.CardFile(path=str(card.path))
            # What the other jobs on this model may read, too: a reader stays warm for them.
            readable = list(readable_for(model)) if card.is_own else [card.path]
        elif card.paper is not None:
            paper = card.paper
            job = "card_text"
            asked = arguments.CardText(
                name=paper.name, text=paper.text, commit=paper.commit, fetched=paper.fetched
            )
        else:
            return
        self._ticket = self._context.reader.ask(
            job,
            asked,
            CardSheet,
            partial(self._on_read, card),
            self._on_failed,
            deadline_s=DEADLINE_S,
            readable=readable,
        )

    def _on_read(self, card: ChosenCard, sheet: CardSheet) -> None:
        self._ticket = None
        self.read.emit(card, sheet)

    def _on_failed(self, error: RunnerError) -> None:
        self._ticket = None
        self.failed.emit(error)
