"""One reading of the inspected model's dossier, shared by the tabs that need it."""

from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.dossier.claims import readable_for
from app.model.files import card_file_of
from app.model.ref import ModelRef
from app.reader import arguments
from inspector.dossier import Dossier
from runner.errors import RunnerError
from runner.reader_client import Ticket

DEADLINE_S = 20.0


class DossierLook(QObject):
    """Lineage, template checks and card of the inspected model, or why there are none.

    Owned by: the tabs. Thread: GUI.

    Attributes:
        ref: the model looked at; None where there is none.
        dossier: what was found; None while it is read, and where it failed.
        error: why nothing was found.
    """

    changed = Signal()
    """Another model, or something new about this one."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._ticket: Ticket | None = None
        self.ref: ModelRef | None = None
        self.dossier: Dossier | None = None
        self.error: RunnerError | None = None

    @property
    def is_reading(self) -> bool:
        """Whether an answer is still to come."""
        return self._ticket is not None

    def show(self, ref: ModelRef | None) -> None:
        """Looks at a model; nothing happens where it is looked at already."""
        if ref == self.ref and (self.dossier is not None or self._ticket is not None):
            return
        self.ref = ref
        self.read_again()

    def read_again(self) -> None:
        """Reads it once more."""
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket, self.dossier, self.error = None, None, None
        if self.ref is not None:
            path = self.ref.path
            card = card_file_of(path)
            self._ticket = self._context.reader.ask(
                "dossier",
                arguments.DossierOf(path=str(path), card=str(card) if card else ""),
                Dossier,
                self._on_read,
                self._on_failed,
                deadline_s=DEADLINE_S,
                readable=readable_for(path),
            )
        self.changed.emit()

    def _on_read(self, dossier: Dossier) -> None:
        self._ticket, self.dossier = None, dossier
        self.changed.emit()

    def _on_failed(self, error: RunnerError) -> None:
        self._ticket, self.error = None, error
        self.changed.emit()
