"""Where a person says what they found: a probe, what was counted, a verdict and a note."""

from collections.abc import Callable
from functools import partial

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMoveEvent, QTextCursor
from PySide6.QtWidgets import (
    QButtonGroup,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.review.judgements import CHOICES, LONGEST_NOTE, Judgement, dated, may_choose
from app.tabs.card.claims.looks import verdict_sign
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.calm_wheel import CalmNumber
from app.widgets.flow_layout import FlowLayout
from app.words.bench import percent
from app.words.claims import OWN, claim_texts, instruction, verdict_word
from app.words.translation import translate
from inspector.claims.probes import interval
from inspector.claims.rules import rules
from inspector.claims.values import Claim

NOTE_PAUSE_MS = 700
NOTE_LINES = 3


class _NoteEdit(QPlainTextEdit):
    """The note; tells when it is left."""

    left = Signal()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tells so when its tab or window goes: no focus may be lost before the app has ended."""
        super().hideEvent(event)
        self.left.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tells that nobody writes here any more."""
        super().focusOutEvent(event)
        self.left.emit()


class JudgingBox(QWidget):
    """What a person can do with one claim.

    Thread: GUI.
    """

    judged = Signal(object)
    """A `Judgement` to keep."""

    taken_back = Signal(str)
    probe_wanted = Signal(str)
    answer_wanted = Signal(str)
    moved = Signal(int)
    """So many pixels further down than before, in what it stands in."""

    note_begun = Signal(QWidget)
    """Letters that were typed elsewhere go to the note: please let it be seen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._claim: Claim | None = None
        self._judgement: Judgement | None = None
        self._filling = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(NOTE_PAUSE_MS)
        self._pause.timeout.connect(self.keep_note)
        self._instruction = _wrapping(Look.SMALL)
        self._build_probe()
        self._build_count()
        self._build_verdicts()
        self._build_note()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_1"))
        for part in (self._instruction, self._probe_row, self._count_row, self._interval):
            column.addWidget(part)
        column.addWidget(self._verdicts)
        column.addWidget(self._note)
        column.addWidget(self._back)

    # ---- making ---------------------------------------------------------------------------------

    def _build_probe(self) -> None:
        self._probe = QPushButton(translate("JudgingBox", "Run the probe"))
        self._probe.setToolTip(
            translate("JudgingBox", "Asks prepared, harmless questions in a chat of their own.")
        )
        set_look(self._probe, Look.PRIMARY)
        self._probe.clicked.connect(self._on_probe)
        self._answer = QPushButton(translate("JudgingBox", "Keep the chat's last answer"))
        self._answer.setToolTip(
            translate("JudgingBox", "Attaches the last answer of the chat on show as evidence.")
        )
        self._answer.clicked.connect(self._on_answer)
        self._probe_row = QWidget()
        row = FlowLayout(self._probe_row, gap=self._theme.px("space_1"))
        row.addWidget(self._probe)
        row.addWidget(self._answer)
        self._progress = _wrapping(Look.SMALL)
        row.addWidget(self._progress)

    def _build_count(self) -> None:
        self._right, self._of = CalmNumber(), CalmNumber()
        names = (
            translate("JudgingBox", "How many were right"),
            translate("JudgingBox", "How many were tried"),
        )
        for box, name in zip((self._right, self._of), names, strict=True):
            box.setRange(0, 100_000)
            box.setAccessibleName(name)
            box.valueChanged.connect(self._on_counted)
        self._interval = _wrapping(Look.SMALL)
        self._count_row = QWidget()
        # Two numbers side by side are wider than the list of claims beside a card may be.
        row = FlowLayout(self._count_row, gap=self._theme.px("space_half"))
        row.addWidget(QLabel(translate("JudgingBox", "Counted")))
        row.addWidget(self._right)
        row.addWidget(QLabel(translate("JudgingBox", "of")))
        row.addWidget(self._of)

    def _build_verdicts(self) -> None:
        self._verdicts = QWidget()
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        row = FlowLayout(self._verdicts, gap=self._theme.px("space_half"))
        self._buttons: dict[str, QPushButton] = {}
        for verdict in CHOICES:
            button = QPushButton(verdict_word(verdict))
            button.setCheckable(True)
            button.setIcon(self._theme.icon(verdict_sign(verdict)))
            set_look(button, Look.CHIP)
            button.clicked.connect(partial(self._on_verdict, verdict.value))
            self._group.addButton(button)
            self._buttons[verdict.value] = button
            row.addWidget(button)

    def _build_note(self) -> None:
        self._note = _NoteEdit()
        self._note.setPlaceholderText(translate("JudgingBox", "Why? A note for the next reader."))
        self._note.setAccessibleName(translate("JudgingBox", "Note"))
        self._note.setTabChangesFocus(True)
        height = self._note.fontMetrics().lineSpacing() * NOTE_LINES + self._theme.px("space_2")
        self._note.setFixedHeight(height)
        self._note.textChanged.connect(self._on_note)
        self._note.left.connect(self.keep_note)
        self._back = QPushButton()
        set_look(self._back, Look.LINK)
        self._back.clicked.connect(self._on_back)

    # ---- showing --------------------------------------------------------------------------------

    def show_claim(
        self, claim: Claim, judgement: Judgement | None, *, can_ask: bool, asking: str = ""
    ) -> None:
        """Shows what can be said of a claim.

        Args:
            claim: as the rule said it.
            judgement: what the person said so far.
            can_ask: whether the model is loaded, so that a probe can be run.
            asking: how far a probe of this claim has come; empty while none runs.
        """
        if self._claim is not None and self._claim.id != claim.id:
            self.keep_note()
        is_same = self._claim is not None and self._claim.id == claim.id
        self._claim, self._judgement = claim, judgement
        self._filling = True
        rule = rules().get(claim.rule)
        told = instruction(claim.rule)
        self._instruction.setText(told)
        self._instruction.setVisible(bool(told))
        self._probe.setVisible(bool(claim.probe))
        # Without the model there is nothing to keep, and most claims need no answer of it.
        self._probe_row.setVisible(can_ask or bool(claim.probe))
        for button in (self._probe, self._answer):
            button.setEnabled(can_ask and not asking)
        self._progress.setText(asking)
        if not can_ask:
            self._progress.setText(translate("JudgingBox", "Load this model to ask it something."))
        self._progress.setVisible(bool(self._progress.text()))
        self._count_row.setVisible(rule is not None and rule.counts)
        # What is half typed is not kept yet, and stays until the other half is there.
        if not (is_same and (self._right.hasFocus() or self._is_too_many)):
            self._right.setValue(judgement.right if judgement else 0)
        if not (is_same and (self._of.hasFocus() or self._is_too_many)):
            self._of.setValue(judgement.of if judgement else 0)
        self._show_interval()
        self._show_verdicts()
        note = judgement.note if judgement else ""
        if not (is_same and (self._note.hasFocus() or self._pause.isActive())):
            self._note.setPlainText(note)
        self._show_back()
        self._filling = False

    def _show_verdicts(self) -> None:
        claim, judgement = self._claim, self._judgement
        if claim is None:
            return
        reviewing = claim_texts().reviewing
        meanings = claim_texts().meanings
        for verdict in CHOICES:
            button = self._buttons[verdict.value]
            may = may_choose(verdict, claim, judgement)
            button.setEnabled(may)
            button.setToolTip(meanings[verdict.value] if may else reviewing["no_evidence"])
            chosen = judgement is not None and judgement.verdict is verdict
            button.setChecked(chosen)

    def _show_back(self) -> None:
        """Offers to take back what there is: what was said, or answers alone."""
        claim, judgement = self._claim, self._judgement
        is_said = judgement is not None and bool(
            judgement.verdict or judgement.note or judgement.of
        )
        if claim is not None and claim.rule == OWN:
            self._back.setText(translate("JudgingBox", "Remove this claim"))
        elif is_said or judgement is None:
            self._back.setText(translate("JudgingBox", "Take back what was said"))
        else:
            self._back.setText(translate("JudgingBox", "Remove the kept answers"))
        is_own = claim is not None and claim.rule == OWN
        self._back.setVisible(
            judgement is not None and (is_own or is_said or bool(judgement.answers))
        )

    def _show_interval(self) -> None:
        right, of = self._right.value(), self._of.value()
        told = ""
        if self._is_too_many:
            told = claim_texts().reviewing["too_many"]
        elif of:
            low, high = interval(right, of)
            said = claim_texts().said["counted"]
            ends = {"low": percent(low), "high": percent(high)}
            told = said.format(right=right, of=of, **ends)
        self._interval.setText(told)
        self._interval.setVisible(bool(told) and not self._count_row.isHidden())

    @property
    def _is_too_many(self) -> bool:
        """Whether more were right than were tried: one of the two is still to be typed."""
        return self._right.value() > self._of.value()

    def forget(self) -> None:
        """Keeps what was written, and knows no claim until one is shown: the next is another model's."""
        self.keep_note()
        self._claim = self._judgement = None
        self._filling = True
        self._note.clear()
        self._filling = False

    # ---- hearing --------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Writes the note from a button as well: whoever has pressed a verdict goes on to say why."""
        held = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        text = event.text()
        if held or not text.strip() or not text.isprintable() or self._claim is None:
            super().keyPressEvent(event)
            return
        self._note.setFocus(Qt.FocusReason.OtherFocusReason)
        self._note.moveCursor(QTextCursor.MoveOperation.End)
        self._note.insertPlainText(text)
        self.note_begun.emit(self._note)

    def moveEvent(self, event: QMoveEvent) -> None:
        """Tells that a line above it came or went."""
        super().moveEvent(event)
        if down := event.pos().y() - event.oldPos().y():
            self.moved.emit(down)

    @Slot()
    def keep_note(self) -> None:
        """Keeps what was written, where it is not kept yet."""
        self._pause.stop()
        if self._claim is None or self._filling:
            return
        note = self._note.toPlainText()[:LONGEST_NOTE]
        if note != (self._judgement.note if self._judgement else ""):
            self._keep(note=note)

    def _on_note(self) -> None:
        if not self._filling:
            self._pause.start()

    def _on_counted(self) -> None:
        self._show_interval()
        if not self._filling and not self._is_too_many:
            self._keep(right=self._right.value(), of=self._of.value())

    def _on_verdict(self, chosen: str) -> None:
        verdict = next(one for one in CHOICES if one.value == chosen)
        before = self._judgement.verdict if self._judgement else None
        self._keep(verdict=None if verdict is before else verdict)

    def _keep(self, **changes: object) -> None:
        claim = self._claim
        if claim is None:
            return
        judgement = self._judgement or Judgement(
            claim=claim.id, rule=claim.rule, version=claim.version, text=claim.text
        )
        if "verdict" in changes:
            # What is judged is the claim as it stands now.
            changes |= {"text": claim.text, "version": claim.version}
        self._judgement = dated(msgspec.structs.replace(judgement, **changes))
        self._show_verdicts()
        self._show_back()
        self.judged.emit(self._judgement)

    def _on_probe(self) -> None:
        self._tell(self.probe_wanted.emit)

    def _on_answer(self) -> None:
        self._tell(self.answer_wanted.emit)

    def _on_back(self) -> None:
        self._pause.stop()
        self._tell(self.taken_back.emit)

    def _tell(self, emit: Callable[[str], None]) -> None:
        if self._claim is not None:
            emit(self._claim.id)


def _wrapping(look: Look) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    set_look(label, look)
    return label
