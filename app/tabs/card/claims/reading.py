"""Has the claims of a model compared: at once, and again where more is known."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from app.context import AppContext
from app.dossier.claims import CardAsked, claims_of, known_beside, parents_here, readable_for
from app.dossier.fingerprints import FingerprintsKept
from app.model.ref import ModelRef
from inspector.claims.inputs import Beside
from inspector.claims.values import ClaimReport
from runner.errors import RunnerError
from runner.library.splits import first_of_split
from runner.reader_client import Ticket

DEADLINE_S = 20.0


class ClaimsReading(QObject):
    """Asks the reader for the claims of one model at a time.

    Owned by: ClaimsPanel. Thread: GUI.
    """

    read = Signal(object)
    """A `ClaimReport`; another one follows where that names files of parents that lie here."""

    failed = Signal(object)
    """A `RunnerError`."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._ref: ModelRef | None = None
        self._card: CardAsked | None = None
        self._ticket: Ticket | None = None
        self._parents: tuple[Path, ...] = ()
        context.mailbox.arrived.connect(self._on_arrived)

    @property
    def is_under_way(self) -> bool:
        """Whether an answer is still to come."""
        return self._ticket is not None

    def begin(self, ref: ModelRef | None, card: CardAsked | None) -> None:
        """Asks for the claims of a model, by the card beside it or by another; None asks nothing."""
        self._ref, self._card, self._parents = ref, card, ()
        self.again()

    def again(self) -> None:
        """Asks once more: the rules may know more now."""
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
        ref = self._ref
        if ref is None:
            return
        self._ticket = self._context.reader.ask(
            "claims",
            claims_of(ref.path, self._beside(ref), self._card),
            ClaimReport,
            self._on_read,
            self._on_failed,
            deadline_s=DEADLINE_S,
            readable=(*readable_for(ref.path, self._card), *self._parents),
        )

    def _beside(self, ref: ModelRef) -> Beside:
        try:
            known = known_beside(self._context.store, self._context.library, ref.path)
        except RunnerError:
            # The rules that need it say so; the others still have their say.
            known = Beside()
        return msgspec.structs.replace(known, parent_files=tuple(map(str, self._parents)))

    @Slot(list)
    def _on_arrived(self, events: list[object]) -> None:
        """Compares again once the file's fingerprints are known."""
        kept = {one.path for one in events if isinstance(one, FingerprintsKept)}
        if self._ref is not None and first_of_split(self._ref.path) in kept:
            self.again()

    def _on_read(self, report: ClaimReport) -> None:
        self._ticket = None
        self.read.emit(report)
        if self._ref is None or self._parents or report.about is not None:
            return
        # Whose files to open as well is known only now; most models have none here.
        self._parents = parents_here(report, self._context.library, self._ref.path)
        if self._parents:
            self.again()

    def _on_failed(self, error: RunnerError) -> None:
        self._ticket = None
        self.failed.emit(error)
