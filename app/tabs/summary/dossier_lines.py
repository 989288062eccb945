"""The five lines on top of the Summary tab; each leads to the tab that has the whole of it."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.context import AppContext
from app.dossier.claims import claims_of, known_beside, parents_here, readable_for
from app.dossier.fingerprints import FingerprintsKept
from app.dossier.papers import licences_of
from app.model.ref import ModelRef
from app.tabs.dossier_look import DossierLook
from app.tabs.licence.statements import wrapping
from app.tabs.one_report import kept_texts_of
from app.theme.looks import Look, set_look, set_plain
from app.theme.theme import Theme
from app.words.dossier_lines import (
    DISAGREES,
    LINES,
    ORIGIN,
    UNKNOWN,
    USE,
    DossierLine,
    disagrees_line,
    line,
    line_texts,
    origin_line,
    unknown_line,
    use_line,
    what_line,
)
from app.words.wording import words
from inspector.claims.inputs import Beside
from inspector.claims.values import ClaimReport
from inspector.dossier import Dossier
from inspector.inspection import Inspection
from inspector.licences.report import LicenceReport
from runner.errors import RunnerError
from runner.library.splits import first_of_split
from runner.reader_client import Ticket

T = TypeVar("T")
DEADLINE_S = 20.0


class DossierLines(QWidget):
    """Says in five lines what a model is, and what nobody knows of it.

    Thread: GUI.
    """

    tab_wanted = Signal(str, str)
    """The key of a tab, and the key of the line that leads there."""

    def __init__(
        self, context: AppContext, look: DossierLook, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._look = context, look
        self._ref: ModelRef | None = None
        self._tickets: list[Ticket] = []
        self._licences: LicenceReport | None = None
        self._claims: ClaimReport | None = None
        self._lines: dict[str, DossierLine] = {}
        self._titles: dict[str, QPushButton] = {}
        self._said: dict[str, QLabel] = {}
        self._build(context.theme)
        look.changed.connect(self._refresh)
        context.mailbox.arrived.connect(self._on_arrived)

    def expect(self, ref: ModelRef | None) -> None:
        """Gives up what was asked of another model; `show_looked` asks of this one.

        The header comes first, and nothing is asked before it: the reader does one thing at a time.
        """
        if ref == self._ref:
            return
        self._ref, self._licences, self._claims = None, None, None
        for ticket in self._tickets:
            ticket.cancel()
        self._tickets = []
        reading = line_texts().said["reading"]
        for key in LINES:
            self._put(line(key, reading, is_known=False))

    def show_looked(self, ref: ModelRef, looked: Inspection) -> None:
        """Fills the first line from a model's header, and asks for the others."""
        self._put(what_line(looked))
        # Somebody may look at another model by now, in another tab, which shares the dossier's look.
        if ref == self._ref or ref != self._context.models.inspected:
            return
        self._ref = ref
        self._ask(ref)
        self._look.show(ref)
        self._refresh()

    @property
    def lines(self) -> dict[str, DossierLine]:
        """What is shown, by its key."""
        return self._lines

    def shows(self, path: Path) -> bool:
        """Whether the lines are of the file at `path`."""
        return self._ref is not None and self._ref.path == path and self._look.ref == self._ref

    @property
    def is_complete(self) -> bool:
        """Whether every answer has come."""
        return not self._tickets and not self._look.is_reading

    def title(self, key: str) -> QPushButton:
        """Returns the button that leads to a line's tab."""
        return self._titles[key]

    @Slot(list)
    def _on_arrived(self, events: list[object]) -> None:
        """Asks the rules again once they can compare fingerprints."""
        ref = self._ref
        kept = {one.path for one in events if isinstance(one, FingerprintsKept)}
        if ref is not None and first_of_split(ref.path) in kept:
            self._ask_claims(ref)

    # ---- reading --------------------------------------------------------------------------------

    def _ask(self, ref: ModelRef) -> None:
        self._start(
            "licences",
            licences_of(ref.path, kept_texts_of(self._context, ref.path)),
            LicenceReport,
            readable_for(ref.path),
            self._on_licences,
        )
        self._ask_claims(ref)

    def _ask_claims(self, ref: ModelRef, parents: tuple[Path, ...] = ()) -> None:
        try:
            known = known_beside(self._context.store, self._context.library, ref.path)
        except RunnerError:
            # The rules that need what the store knows say so themselves.
            known = Beside()
        beside = msgspec.structs.replace(known, parent_files=tuple(map(str, parents)))
        self._start(
            "claims",
            claims_of(ref.path, beside),
            ClaimReport,
            (*readable_for(ref.path), *parents),
            self._on_claims if parents else self._on_first_claims,
        )

    def _start(
        self,
        job: str,
        asked: object,
        shape: type[T],
        readable: Sequence[Path],
        done: Callable[[T], None],
    ) -> None:
        held: list[Ticket] = []

        def finished(result: T) -> None:
            self._tickets.remove(held[0])
            done(result)
            self._refresh()

        def failed(error: RunnerError) -> None:
            self._tickets.remove(held[0])
            self._on_failed(job, error)

        held.append(
            self._context.reader.ask(
                job,
                asked,
                shape,
                finished,
                failed,
                deadline_s=DEADLINE_S,
                readable=readable,
            )
        )
        self._tickets.append(held[0])

    def _on_licences(self, report: LicenceReport) -> None:
        self._licences = report

    def _on_first_claims(self, report: ClaimReport) -> None:
        """Asks again where a parent's own file is here, which is known only now."""
        self._claims = report
        ref = self._ref
        parents = parents_here(report, self._context.library, ref.path) if ref is not None else ()
        if ref is not None and parents:
            self._ask_claims(ref, parents)

    def _on_claims(self, report: ClaimReport) -> None:
        self._claims = report

    def _on_failed(self, job: str, error: RunnerError) -> None:
        said = line_texts().said["failed"].format(why=words(error.code, **error.context).title)
        for key in (USE,) if job == "licences" else ():
            self._put(line(key, said, is_known=False))
        for key in (DISAGREES, UNKNOWN):
            self._put(line(key, said, is_known=False))

    # ---- showing --------------------------------------------------------------------------------

    def _build(self, theme: Theme) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px("space_2"))
        grid.setVerticalSpacing(theme.px("space_half"))
        grid.setColumnStretch(1, 1)
        texts = line_texts()
        for at, key in enumerate(LINES):
            title, said = QPushButton(texts.titles[key]), wrapping("")
            set_look(title, Look.LINK)
            title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            title.setToolTip(texts.said["leads"].format(tab=texts.tabs[key].capitalize()))
            title.clicked.connect(partial(self._on_title, texts.tabs[key], key))
            self._titles[key], self._said[key] = title, said
            top = Qt.AlignmentFlag.AlignTop
            grid.addWidget(title, at, 0, top)
            grid.addWidget(said, at, 1, top)

    def _on_title(self, tab: str, key: str, _checked: bool = False) -> None:
        # Of what nothing is known there is no place to show.
        has_place = key in self._lines and self._lines[key].is_known
        self.tab_wanted.emit(tab, key if has_place else "")

    def _refresh(self) -> None:
        dossier = self._look.dossier if self._look.ref == self._ref else None
        if self._ref is not None and self._look.error is not None:
            said = line_texts().said["failed"]
            why = words(self._look.error.code, **self._look.error.context).title
            for key in (ORIGIN, DISAGREES, UNKNOWN):
                self._put(line(key, said.format(why=why), is_known=False))
        if self._licences is not None:
            self._put(use_line(self._licences))
        if dossier is not None:
            self._put(origin_line(dossier.lineage))
            self._put_both(dossier)

    def _put_both(self, dossier: Dossier) -> None:
        """Fills the two lines that need every answer."""
        if self._licences is None or self._claims is None:
            return
        self._put(disagrees_line(self._licences, self._claims, dossier.lineage))
        self._put(unknown_line(dossier, self._licences, self._claims))

    def _put(self, shown: DossierLine) -> None:
        self._lines[shown.key] = shown
        label = self._said[shown.key]
        label.setText(shown.said)
        label.setToolTip(shown.source)
        label.setAccessibleName(f"{shown.title}: {shown.said}")
        label.setAccessibleDescription(shown.source)
        if shown.is_known:
            set_plain(label)
        else:
            set_look(label, Look.FAINT)
        self._titles[shown.key].setAccessibleName(f"{shown.title}: {shown.said}")
