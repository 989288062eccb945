"""The list of claims: rows, filters, one claim whole, and what a person says of it."""

import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListView,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.context import AppContext
from app.dossier.claims import CardAsked
from app.model.ref import ModelRef
from app.review.judgements import (
    Judgement,
    KeptAnswer,
    dated,
    effective,
    of_claim,
    own_claim,
    with_answer,
)
from app.tabs.card.claims.delegate import ClaimDelegate
from app.tabs.card.claims.details import ClaimDetails
from app.tabs.card.claims.filters import FilterRow
from app.tabs.card.claims.flags import Flag, flags_of
from app.tabs.card.claims.kept import KeptJudgements
from app.tabs.card.claims.model import ALL, ClaimsFilter, ClaimsModel, Role, counts
from app.tabs.card.claims.probes import ClaimProbes, languages_of
from app.tabs.card.claims.reading import ClaimsReading
from app.tabs.stage import Stage
from app.theme.looks import Look, set_look
from app.words.claims import OWN, in_order, report_notes
from app.words.translation import translate
from inspector.claims.values import QUOTED, Claim, ClaimReport, Passage

LEAST_HEIGHT = 9


class ClaimsPanel(QWidget):
    """What every rule says of the inspected model, and what a person says to it.

    Owned by: CardTab. Thread: GUI.
    """

    flags_changed = Signal()
    claim_chosen = Signal(str)
    """A person chose a row."""

    show_in_card = Signal(int)
    """Please show this line of the card."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._ref: ModelRef | None = None
        self._card: CardAsked | None = None
        self._report: ClaimReport | None = None
        self._seen = ""  # the claim that the details were last of
        self._is_judging = False  # whether something was said of it since it came
        self._kept = KeptJudgements(context)
        self.model = ClaimsModel(self)
        self.filter = ClaimsFilter(self)
        self.filter.setSourceModel(self.model)
        self.probes = ClaimProbes(context, self)
        self._reading = ClaimsReading(context, self)
        self._build()
        self.probes.answered.connect(self._on_answer)
        self.probes.changed.connect(self._on_probe)
        self._reading.read.connect(self._on_read)
        self._reading.failed.connect(self.stage.fail)
        context.models.state_changed.connect(self._show_chosen)
        context.models.current_changed.connect(self._show_chosen)
        # The sign of the verdict is a picture, which no style sheet draws anew.
        context.theme.changed.connect(self._show_chosen)

    # ---- what others use ------------------------------------------------------------------------

    def show_model(self, ref: ModelRef | None, card: CardAsked | None = None) -> None:
        """Shows this model's claims from now on, by the card beside it or by another."""
        is_same = (ref, card) == (self._ref, self._card)
        if is_same and (self._report is not None or self._reading.is_under_way):
            return
        self.details.judging.forget()
        self._ref, self._card, self._report = ref, card, None
        self._seen, self._is_judging = "", False
        self._kept.forget()
        self.model.show([])
        self.flags_changed.emit()
        self._reading.begin(ref, card)
        self._wait()

    @property
    def report(self) -> ClaimReport | None:
        """What the rules said; None while it is read, and where it failed."""
        return self._report

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What the margin of the card shows that was read."""
        return tuple(flags_of(self.model.claims, self._report.card)) if self._report else ()

    @property
    def chosen(self) -> Claim | None:
        """The claim that is shown whole, as the rule said it."""
        index = self.list.currentIndex()
        shown: Claim | None = index.data(Role.CLAIM) if index.isValid() else None
        return self._claim(shown.id) if shown is not None else None

    def shows(self, path: Path) -> bool:
        """Whether the file at `path` has been looked at, with or without success."""
        is_read = not self._reading.is_under_way
        return is_read and self._ref is not None and self._ref.path == path

    def judgement(self, claim_id: str) -> Judgement | None:
        """Returns what a person said of a claim."""
        return self._kept.of(claim_id)

    def choose(self, claim_id: str) -> None:
        """Shows a claim whole; a filter that hides it is taken away."""
        row = self.model.row_of(claim_id)
        if row < 0:
            return
        index = self.filter.mapFromSource(self.model.index(row))
        if not index.isValid():
            self._choose_filter(ALL)
            index = self.filter.mapFromSource(self.model.index(row))
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)

    def add_claim(self, text: str, line: int, end: int) -> None:
        """Adds words of the card as a claim of the person's own, and shows it."""
        words = " ".join(text.split())[:QUOTED]
        report = self._report
        if not words or report is None:
            return
        about = f"@{report.about.name}" if report.about is not None else ""
        claim_id = f"{OWN}/{secrets.token_hex(6)}{about}"
        place = Passage(document=report.card, line=line, end=max(line, end), quote=words)
        self._keep(
            dated(
                Judgement(
                    claim=claim_id, rule=OWN, text=words, passage=place, card=report.card_sha256
                )
            )
        )
        self.choose(claim_id)

    # ---- making ---------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        self._notes = QLabel()
        self._notes.setWordWrap(True)
        self._notes.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self._notes, Look.SMALL)
        self._segments = FilterRow()
        self._segments.chosen.connect(self._choose_filter)
        self.list = _Rows()
        self.list.setModel(self.filter)
        self._delegate = ClaimDelegate(theme)
        self.list.setItemDelegate(self._delegate)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(translate("ClaimsPanel", "Claims"))
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.details = ClaimDetails(theme)
        self.details.show_in_card.connect(self.show_in_card)
        judging = self.details.judging
        judging.judged.connect(self._keep)
        judging.taken_back.connect(self._take_back)
        judging.probe_wanted.connect(self._run_probe)
        judging.answer_wanted.connect(self._take_shown)
        judging.moved.connect(self._on_moved)
        judging.note_begun.connect(self._on_note_begun)
        self._scroll = scrolling(self.details)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        for at, (part, stretch) in enumerate(((self.list, 2), (self._scroll, 3))):
            part.setMinimumSize(1, theme.px("space_6"))
            self._split.addWidget(part)
            self._split.setStretchFactor(at, stretch)
        # Shares, not pixels: a splitter scales what it is given to the room it has.
        self._split.setSizes([4_000, 6_000])
        content = QWidget()
        column = QVBoxLayout(content)
        edge = theme.px("space_1")
        column.setContentsMargins(edge, edge, edge, 0)
        column.setSpacing(edge)
        # The rows' own room begins where their words do; what stands above and below them does too.
        self._segments.setContentsMargins(edge, 0, 0, 0)
        self._segments.nothing.setContentsMargins(edge, edge, edge, 0)
        self._notes.setContentsMargins(edge, 0, 0, edge)
        column.addWidget(self._segments)
        column.addWidget(self._segments.nothing, 1)
        column.addWidget(self._split, 1)
        column.addWidget(self._notes)
        # Where there is too little height for list and details, both scroll by together.
        self._content = _Filled(content)
        self._whole = scrolling(self._content)
        self._fit()
        theme.changed.connect(self._fit)
        self.stage = Stage(theme, self._whole)
        self.stage.again_wanted.connect(self._read_again)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stage)
        self._scroll.hide()

    @Slot()
    def _fit(self) -> None:
        """Asks for the height in which a few rows and the start of the details are seen."""
        self._content.setMinimumHeight(LEAST_HEIGHT * self._context.theme.px("space_6"))

    # ---- reading --------------------------------------------------------------------------------

    @Slot()
    def _read_again(self) -> None:
        self._reading.again()
        self._wait()

    def _wait(self) -> None:
        """Says that something is read, while there is nothing to show."""
        if self._ref is not None and self._report is None:
            waiting = translate("ClaimsPanel", "Comparing what is claimed of {name}…")
            self.stage.wait(waiting.format(name=self._ref.name))

    @Slot(object)
    def _on_read(self, report: ClaimReport) -> None:
        if self._report is None and self._ref is not None:
            self._kept.read(self._ref)
        self._report = report
        self._kept.follow(report.claims)
        self._notes.setText("  ".join(report_notes(report)))
        self._show_all()
        self.stage.show_content()

    # ---- showing --------------------------------------------------------------------------------

    def _claim(self, claim_id: str) -> Claim | None:
        """Returns a claim as the rule said it, or as the person added it."""
        report = self._report
        own = self._kept.of(claim_id)
        if own is not None and own.is_own:
            return own_claim(own)
        if report is None:
            return None
        every = (*report.claims, *self._kept.lost(report))
        return next((one for one in every if one.id == claim_id), None)

    def _show_all(self) -> None:
        report = self._report
        if report is None:
            return
        chosen = self.chosen.id if self.chosen is not None else ""
        every = [
            effective(one, self._kept.of(one.id))
            for one in in_order(
                (*report.claims, *self._kept.own(report.about), *self._kept.lost(report))
            )
        ]
        # That a verdict is out of date says the app, and not who gave it.
        said = ((one, self._kept.of(one.id)) for one in every)
        yours = [one.id for one, own in said if own is not None and own.verdict is one.verdict]
        # A verdict that changed may belong to another filter now; the claim in hand stays. Said before
        # it changes: a row that left for a moment would have its neighbour shown in its place.
        self.filter.choose(self.filter.key, keeping=chosen)
        self.model.show(every, yours)
        self._segments.show_counts(every)
        self._segments.choose(self.filter.key)
        is_shown = self.chosen is not None and self.chosen.id == chosen
        if chosen and not is_shown and self.model.row_of(chosen) >= 0:
            self.choose(chosen)
        self._show_nothing()
        self._show_chosen()
        self.flags_changed.emit()

    @Slot()
    def _show_chosen(self) -> None:
        claim = self.chosen
        # Until a claim is chosen, its rows have the whole height.
        self._scroll.setVisible(claim is not None)
        if claim is not None:
            self.details.show_claim(
                claim,
                self._kept.of(claim.id),
                can_ask=self.probes.can_ask(self._ref),
                asking=self.probes.said_of(claim.id),
                card=self._report.card_sha256 if self._report is not None else "",
            )

    def show_group(self, key: str) -> None:
        """Shows the claims of one group; all of them where it is known to be empty."""
        is_empty = self._report is not None and not counts(self.model.claims)[key]
        self._choose_filter(ALL if is_empty else key)

    @Slot(str)
    def _choose_filter(self, key: str) -> None:
        self._segments.choose(key)
        self.filter.choose(key)
        self._show_nothing()

    def _show_nothing(self) -> None:
        """Says so where a filter has no claims."""
        is_empty = self._report is not None and not self.filter.rowCount()
        self._segments.show_nothing(self.filter.key, is_empty=is_empty)
        self._split.setVisible(not is_empty)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        claim = current.data(Role.CLAIM) if current.isValid() else None
        # The same one again: its list was made anew under it, and whoever reads it must not be moved.
        is_other = claim is None or claim.id != self._seen
        self._seen = claim.id if claim is not None else ""
        self._is_judging = self._is_judging and not is_other
        self._show_chosen()
        if is_other:
            self._scroll.verticalScrollBar().setValue(0)
        if claim is not None and is_other:
            self.claim_chosen.emit(claim.id)

    @Slot(int)
    def _on_moved(self, down: int) -> None:
        """Leaves what is judged with under the pointer, though a line above it came or went."""
        if self._is_judging:
            bar = self._scroll.verticalScrollBar()
            bar.setValue(bar.value() + down)

    @Slot(QWidget)
    def _on_note_begun(self, note: QWidget) -> None:
        for area, content in ((self._scroll, self.details), (self._whole, self._content)):
            # All of it: Qt's own way is content with the place of the cursor.
            foot = note.mapTo(content, note.rect().bottomLeft())
            area.ensureVisible(foot.x(), foot.y(), 0, self._context.theme.px("space_1"))

    # ---- what a person says ---------------------------------------------------------------------

    @Slot(object)
    def _keep(self, judgement: Judgement) -> None:
        if not judgement.card and self._report is not None:
            judgement = msgspec.structs.replace(judgement, card=self._report.card_sha256)
        self._kept.put(judgement)
        self._is_judging = judgement.claim == self._seen
        self._show_all()

    @Slot(str)
    def _take_back(self, claim_id: str) -> None:
        self._kept.take_back(claim_id)
        self._show_all()

    # ---- probes ---------------------------------------------------------------------------------

    @Slot(str)
    def _run_probe(self, claim_id: str) -> None:
        claim, ref = self._claim(claim_id), self._ref
        if claim is None or ref is None:
            return
        self._show_chat()
        self.probes.begin(claim, ref.path, languages_of(claim))

    @Slot(str)
    def _take_shown(self, claim_id: str) -> None:
        if self._ref is not None:
            self.probes.take_shown(claim_id, self._ref.path)

    def _show_chat(self) -> None:
        """Brings the chat to the front: that is where the questions are asked."""
        show: Callable[[str], None] | None = getattr(self.window(), "show_page", None)
        if callable(show):
            show("chat")

    @Slot(str, object)
    def _on_answer(self, claim_id: str, answer: KeptAnswer) -> None:
        claim = self._claim(claim_id)
        if claim is None or self._report is None:
            return
        before = self._kept.of(claim_id) or of_claim(claim, self._report.card_sha256)
        after = with_answer(before, answer)
        if answer.expected is not None:
            after = msgspec.structs.replace(
                after,
                right=sum(one.expected is True for one in after.answers),
                of=sum(one.expected is not None for one in after.answers),
            )
        self._keep(after)

    @Slot()
    def _on_probe(self) -> None:
        self._show_chosen()
        if self._ref is not None and not any(
            self.probes.said_of(one.id) for one in self.model.claims
        ):
            # What ran here is evidence for the rules on runs.
            self._read_again()


class _Rows(QListView):
    """Keeps the chosen row in sight when the details take room from it."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scrolls to the chosen row where less than before is seen."""
        super().resizeEvent(event)
        if event.size().height() < event.oldSize().height() and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())


class _Filled(QWidget):
    """Gives its child all its room, and asks for no more than its own least height.

    A layout would ask for the height of everything in it, wrapped to its width.
    """

    def __init__(self, child: QWidget) -> None:
        super().__init__()
        self._child = child
        child.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fills itself."""
        super().resizeEvent(event)
        self._child.setGeometry(self.rect())


def scrolling(content: QWidget) -> QScrollArea:
    """Returns a frameless area in which `content` scrolls where it has to."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.viewport().setAutoFillBackground(False)
    area.setWidget(content)
    # After it was given: a scroll area has its content filled.
    content.setAutoFillBackground(False)
    return area
