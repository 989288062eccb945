"""One reading of the inspected model's dossier, shared by the tabs that need it."""

from app.dossier.claims import readable_for
from app.dossier.papers import dossier_of
from app.model.ref import ModelRef
from app.tabs.one_look import DEADLINE_S, OneLook
from app.tabs.one_report import kept_texts_of
from inspector.dossier import Dossier
from runner.reader_client import Ticket


class DossierLook(OneLook[Dossier]):
    """Lineage, template checks and card of the inspected model, or why there are none."""

    @property
    def dossier(self) -> Dossier | None:
        """What was found; None while it is read, and where it failed."""
        return self.found

    def begin(self, ref: ModelRef) -> Ticket:
        """Asks for the dossier."""
        self.found = None
        return self._context.reader.ask(
            "dossier",
            dossier_of(ref.path, kept_texts_of(self._context, ref.path)),
            Dossier,
            self.on_found,
            self.on_failed,
            deadline_s=DEADLINE_S,
            readable=readable_for(ref.path),
        )
