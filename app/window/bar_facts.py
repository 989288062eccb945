"""What the top bar says of the loaded model: its licence and what is open, as its file shows them."""

from collections.abc import Callable
from functools import partial
from importlib import import_module

import msgspec
from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.dossier.learned import Learned
from app.model.ref import ModelRef
from app.window.top_bar import TopBar
from runner.errors import RunnerError
from runner.reader_client import Ticket
from runner.session import SessionState

DEADLINE_S = 20.0

_ARRIVAL = (
    "app.reader.arguments",
    "inspector.inspection",
    "inspector.frameworks.profile",
    "inspector.licences.names",
    "inspector.licences.report",
    "app.words.facts",
    "app.words.openness",
    "app.words.licence_in_brief",
)
"""What describes and words the reader's answers; imported when a model arrived, it was felt."""


class BarFacts(QObject):
    """Asks the reader once a model is ready, so that a load is never slowed by it.

    What cannot be read is not said in the bar; the inspector says why.

    Owned by: the main window. Thread: GUI.
    """

    learned = Signal(object)
    """The `Learned` of the loaded model, each time that it grows."""

    def __init__(self, context: AppContext, bar: TopBar, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._bar = bar
        self._asked: ModelRef | None = None
        self.known: Learned | None = None
        self._tickets: list[Ticket] = []
        context.models.current_changed.connect(self._forget)
        context.models.state_changed.connect(self._on_state)

    def late_parts(self) -> list[Callable[[], object]]:
        """Returns what imports, one by one, the modules that the first model's facts need."""
        return [partial(import_module, name) for name in _ARRIVAL]

    def _forget(self, ref: ModelRef | None) -> None:
        if ref == self._asked and ref is not None:
            return
        for ticket in self._tickets:
            ticket.cancel()
        self._tickets, self._asked, self.known = [], None, None
        self._bar.show_licence("", "")
        self._bar.show_openness("", "")

    def _on_state(self, state: SessionState) -> None:
        ref = self._context.models.current
        if state is SessionState.READY and ref is not None and ref != self._asked:
            self._ask(ref)

    def _ask(self, ref: ModelRef) -> None:
        # Late: what the reader answers is described by modules that no start needs.
        from app.dossier.openness import openness_asked
        from app.dossier.papers import kept_of, licences_of
        from app.reader import arguments
        from inspector.frameworks.profile import Profile
        from inspector.inspection import Inspection
        from inspector.licences.report import LicenceReport

        self._asked, self.known = ref, Learned(path=ref.path)
        path = str(ref.path)
        try:
            about, readable = openness_asked(self._context.store, ref.path)
            papers = licences_of(ref.path, kept_of(self._context.store, ref.path))
        except RunnerError as error:
            self._on_failed(error)
            return
        ask = self._context.reader.ask
        self._tickets = [
            ask(
                "inspect",
                arguments.Inspect(path=path),
                Inspection,
                self._on_inspected,
                self._on_failed,
                deadline_s=DEADLINE_S,
                readable=readable,
            ),
            ask(
                "openness",
                about,
                Profile,
                self._on_profile,
                self._on_failed,
                deadline_s=DEADLINE_S,
                readable=readable,
            ),
        ]
        if papers.documents or papers.card or papers.kept:
            # After the header's word: a card may name what that does not, and a text allow something else.
            self._tickets.append(
                ask(
                    "licences",
                    papers,
                    LicenceReport,
                    self._on_licences,
                    self._on_failed,
                    deadline_s=DEADLINE_S,
                    readable=readable,
                )
            )

    def _on_inspected(self, looked: object) -> None:
        from app.words.facts import fact_sources
        from app.words.licence_in_brief import LONGEST
        from inspector.inspection import Inspection
        from inspector.licences.names import identify
        from inspector.untrusted import shown

        assert isinstance(looked, Inspection)  # noqa: S101 - the shape that was asked for
        self._learn(looked=looked)
        licence = looked.summary.licence
        stated = identify(licence.text).id or shown(licence.text, LONGEST)
        words = stated if licence.is_known else self.tr("licence unknown")
        self._bar.show_licence(words, fact_sources(licence))

    def _on_licences(self, report: object) -> None:
        from app.words.licence_in_brief import licence_in_brief
        from inspector.licences.report import LicenceReport

        assert isinstance(report, LicenceReport)  # noqa: S101 - the shape that was asked for
        self._learn(licences=report)
        words, source = licence_in_brief(report)
        if words:
            self._bar.show_licence(words, source)

    def _on_profile(self, read: object) -> None:
        from app.words.openness import short_line
        from inspector.frameworks.profile import Profile

        assert isinstance(read, Profile)  # noqa: S101 - the shape that was asked for
        self._learn(profile=read)
        tip = self.tr(
            "Source: the file's header, the card beside it, and what was kept of its origin. The inspector's Openness tab says more."
        )
        self._bar.show_openness(short_line(read), tip)

    def _learn(self, **news: object) -> None:
        """Hands on what came, so that no other place calls unknown what the bar says."""
        if self.known is not None:
            self.known = msgspec.structs.replace(self.known, **news)
            self.learned.emit(self.known)

    def _on_failed(self, error: RunnerError) -> None:
        """The inspector shows the same failure, with its words."""
