"""A profile on screen: the picture, the evidence of a tile, the frameworks, and what a person adds."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

import msgspec
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QLayout, QVBoxLayout, QWidget

from app.context import AppContext
from app.review.openness import Reviews, take_in_old_file
from app.tabs.openness.beside import disagreement_words, legend, rating_words
from app.tabs.openness.disagree import DisagreeForm
from app.tabs.openness.evidence import EvidencePane
from app.tabs.openness.fingerprint import FingerprintView
from app.tabs.openness.saving import SaveRow
from app.tabs.openness.verdicts import VerdictList
from app.tabs.openness.worksheet import RiskWorksheet
from app.theme.looks import Look, set_look
from app.widgets.collapsible import CollapsibleSection
from app.widgets.plain_label import plain_label
from app.widgets.scrolled import scrolled
from app.words.openness import openness_words, short_line
from inspector.findings import fingerprint
from inspector.findings.stack import stack
from inspector.findings.values import Findings, Review
from inspector.frameworks.profile import Profile, findings_of, profile
from runner.errors import RunnerError
from runner.store.judged_file import JudgedFile

T = TypeVar("T")


class ProfileView(QWidget):
    """Draws one profile, and keeps what a reviewer says of its object.

    Thread: GUI.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._read: Profile | None = None
        self._shown: Profile | None = None
        self._judged: JudgedFile | None = None
        self._reviews = Reviews(context.store)
        self._build()
        self._take_in()
        context.theme.changed.connect(self._restyle)

    def show_profile(self, read: Profile, about: str, tip: str, judged: JudgedFile | None) -> None:
        """Shows a profile, with what a reviewer said of its object.

        Args:
            read: without any reviewer's word.
            about: the sentence below the headline.
            tip: its tooltip.
            judged: what reviews are kept of; None where it can have none.
        """
        self._subject.setText(about)
        self._subject.setToolTip(tip)
        if judged != self._judged or judged is None:
            self._turn_worksheet(judged)
        self._judged, self._read = judged, read
        self._show()

    def _show(self) -> None:
        """Shows what was read, with or without the reviewer's word."""
        read, judged = self._read, self._judged
        if read is None:
            return
        reviews = (self._kept(self._reviews.of, judged) or ()) if judged is not None else ()
        self._with_reviewer.setVisible(bool(reviews))
        if reviews:
            found = Findings(read.subject, findings_of(read), reviews)
            again = profile(found, with_reviewer=self._with_reviewer.isChecked())
            read = msgspec.structs.replace(again, ratings=read.ratings, left_out=read.left_out)
        self._draw(read)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keeps what was typed a moment ago."""
        if self._worksheet.is_waiting:
            self._keep_worksheet()
        super().hideEvent(event)

    @property
    def shown(self) -> Profile | None:
        """The profile on screen."""
        return self._shown

    @property
    def picture(self) -> FingerprintView:
        """The fingerprint."""
        return self._picture

    @property
    def evidence(self) -> EvidencePane:
        """The evidence of the chosen tile."""
        return self._evidence

    @property
    def verdicts(self) -> VerdictList:
        """The frameworks."""
        return self._verdicts

    @property
    def disagree(self) -> DisagreeForm:
        """The form for another reading of a finding."""
        return self._disagree

    @property
    def with_reviewer(self) -> QCheckBox:
        """Whether the reviewer's word is read."""
        return self._with_reviewer

    @property
    def worksheet(self) -> RiskWorksheet:
        """The worksheet on marginal risk."""
        return self._worksheet

    @property
    def saving(self) -> SaveRow:
        """What can be taken away."""
        return self._saving

    def subject_text(self) -> str:
        """Returns the sentence below the headline."""
        return self._subject.text()

    # ---- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        content = QWidget()
        column = QVBoxLayout(content)
        edge = theme.px("space_2")
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(theme.px("space_1"))
        self._headline = plain_label(look=Look.HEADING)
        self._subject = plain_label(look=Look.SMALL)
        self._picture = FingerprintView(theme)
        self._picture.chosen.connect(self._on_tile)
        self._legend = legend(theme)
        self._tally = plain_label(look=Look.SMALL)
        self._evidence = EvidencePane(theme)
        self._disagree = DisagreeForm(theme)
        self._disagree.reviewed.connect(self._on_reviewed)
        self._disagree.taken_back.connect(self._on_taken_back)
        self._with_reviewer = QCheckBox(self.tr("Read it with the reviewer's word"))
        self._with_reviewer.setChecked(True)
        self._with_reviewer.toggled.connect(lambda _: self._show())
        self._worksheet = RiskWorksheet(theme)
        self._worksheet.paused.connect(self._keep_worksheet)
        self._risk = CollapsibleSection(
            theme, self.tr("Marginal risk: an empty worksheet"), self._worksheet
        )
        self._saving = SaveRow(self._context, lambda: self._shown)
        self._verdicts = VerdictList(theme)
        self._verdicts.picked.connect(self._on_picked)
        self._frameworks_title = plain_label(look=Look.HEADING)
        self._frameworks_title.setText(self.tr("What each framework says"))
        self._no_frameworks = plain_label(look=Look.FAINT)
        self._no_frameworks.setText(openness_words().sentence["system"])
        self._differ_words, self._rated_words = plain_label(), plain_label()
        self._differ = CollapsibleSection(theme, self.tr("Where they disagree"), self._differ_words)
        self._rated = CollapsibleSection(
            theme, self.tr("Ratings published elsewhere"), self._rated_words
        )
        for widget in (
            self._headline, self._subject, self._picture, self._legend, self._tally,
            _rule(), self._evidence, self._disagree, _rule(), self._frameworks_title, self._no_frameworks,
            self._with_reviewer, self._verdicts, self._differ, self._rated, self._risk, self._saving,
        ):  # fmt: skip
            column.addWidget(widget)
        column.addStretch(1)
        self._content = content
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._settle)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(content))

    # ---- drawing --------------------------------------------------------------------------------

    def _draw(self, shown: Profile) -> None:
        self._shown = shown
        words = openness_words().sentence
        self._headline.setText(short_line(shown))
        counts = fingerprint.tally(findings_of(shown))
        self._tally.setText(f"{counts}. {words['about_stack']}")
        self._tally.setToolTip(
            f"{stack().title}, {stack().date}\n{stack().about}\n{stack().source.url}"
        )
        self._picture.show_profile(shown)
        self._evidence.show_part(self._picture.current, shown)
        self._verdicts.show_profile(shown)
        self._no_frameworks.setVisible(not shown.verdicts)
        self._differ_words.setText(disagreement_words(shown))
        self._rated_words.setText(rating_words(shown))
        self._differ.setVisible(bool(shown.verdicts))
        self._rated.setVisible(bool(shown.verdicts))
        self._disagree.setVisible(self._judged is not None)
        self._turn_form(self._picture.current)
        self._settling.start()

    def _on_tile(self, part: str) -> None:
        if self._shown is not None:
            self._evidence.show_part(part, self._shown)
            self._turn_form(part)
            self._settling.start()

    def _settle(self) -> None:
        """Has the column measured anew, once everything new in it has been shown.

        Qt keeps heights of wrapped texts that it measured while their rows were hidden, and the
        scroll area then squeezes the column into too little room.
        """
        for layout in self._content.findChildren(QLayout):
            layout.invalidate()
        if (column := self._content.layout()) is not None:
            width = self._content.width()
            self._content.resize(width, max(self.height(), column.totalHeightForWidth(width)))
        QCoreApplication.postEvent(self._content, QEvent(QEvent.Type.LayoutRequest))

    def _on_picked(self, parts: tuple[str, ...]) -> None:
        self._picture.mark(parts)
        self._settling.start()

    # ---- a reviewer's word ------------------------------------------------------------------------

    def _turn_form(self, part: str) -> None:
        reviews = self._shown.reviews if self._shown else ()
        self._disagree.show_part(part, next((one for one in reviews if one.part == part), None))

    def _on_reviewed(self, review: Review) -> None:
        if self._judged is not None:
            self._after(self._reviews.put(self._judged, review))

    def _on_taken_back(self, part: str) -> None:
        if self._judged is not None:
            self._after(self._reviews.take_back(self._judged, part))

    def _turn_worksheet(self, judged: JudgedFile | None) -> None:
        """Keeps what was typed for the object before, and shows what was kept for this one."""
        if self._worksheet.is_waiting:
            self._keep_worksheet()
        answers = self._kept(self._reviews.worksheet, judged) if judged else None
        self._worksheet.fill(answers or {}, kept=judged is not None)

    def _keep_worksheet(self) -> None:
        answers = self._worksheet.given()
        if self._judged is not None:
            writing = self._reviews.put_worksheet(self._judged, answers)
            self._context.mailbox.when(writing, self._told)

    def _after(self, writing: "Future[None]") -> None:
        """Shows the profile anew once the store has written."""
        self._context.mailbox.when(writing, self._on_written)

    def _on_written(self, written: "Future[None]") -> None:
        self._told(written)
        self._show()

    def _told(self, written: "Future[None]") -> None:
        """Tells of what the store couldn't write."""
        error = written.exception()
        if isinstance(error, RunnerError):
            self._context.notices.failure(error)
        elif error is not None:
            raise error

    def _kept(self, read: Callable[[JudgedFile], T], judged: JudgedFile) -> T | None:
        """Returns what the store keeps of an object; a store that can't be read is told of."""
        try:
            return read(judged)
        except RunnerError as error:
            self._context.notices.failure(error)
            return None

    def _take_in(self) -> None:
        """Takes in what an earlier version kept in a file; a damaged one is left, and told of."""
        try:
            take_in_old_file(self._context.store)
        except RunnerError as error:
            self._context.notices.failure(error)
        except (msgspec.DecodeError, OSError) as error:
            self._context.notices.error("openness.reviews_unreadable", details=str(error))

    def _restyle(self) -> None:
        if self._shown is not None:
            self._verdicts.show_profile(self._shown)


def _rule() -> QFrame:
    rule = QFrame()
    set_look(rule, Look.RULE)
    return rule
