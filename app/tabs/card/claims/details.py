"""Everything on one claim: what was found and compared, what was not, and what a person says."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.review.judgements import Judgement, KeptAnswer, effective
from app.tabs.card.claims.judging import JudgingBox
from app.tabs.card.claims.looks import verdict_role, verdict_sign
from app.tabs.card.claims.probes import languages_of
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.fact_row import FactRows
from app.widgets.flow_layout import FlowLayout
from app.words.claims import OWN, claim_texts, claim_words, owner_words, verdict_word
from app.words.facts import when_words
from app.words.judged import beside_another
from app.words.probes import expected_words, last_of, question_words
from app.words.translation import translate
from inspector.claims.probes import probe
from inspector.claims.values import Claim
from inspector.untrusted import legible, shortened, shown

ANSWER_SHOWN = 300
MOST_LINES = 8


class ClaimDetails(QWidget):
    """One claim, whole.

    Thread: GUI.
    """

    show_in_card = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.judging = JudgingBox(theme)
        self._title, self._sentence, self._quote = (
            _label(Look.HEADING),
            _label(Look.READING_TEXT),
            _label(Look.FAINT),
        )
        self._sign = QLabel()
        self._verdict = _label(Look.SMALL)
        self._foot = _label(Look.SMALL)
        self._facts = FactRows(gap=theme.px("space_half"))
        self._lines = QWidget()
        self._lines_row = FlowLayout(self._lines, gap=theme.px("space_half"))
        head = QHBoxLayout()
        head.setSpacing(theme.px("space_half"))
        head.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._verdict, 1)
        column = QVBoxLayout(self)
        edge = theme.px("space_2")
        column.setContentsMargins(edge, theme.px("space_1"), edge, edge)
        column.setSpacing(theme.px("space_1"))
        column.addWidget(self._title)
        column.addLayout(head)
        for part in (self._sentence, self._quote, self._lines, self.judging, self._facts):
            column.addWidget(part)
        column.addWidget(self._foot)
        column.addStretch(1)

    def show_claim(
        self,
        claim: Claim,
        judgement: Judgement | None,
        *,
        can_ask: bool,
        asking: str = "",
        card: str = "",
    ) -> None:
        """Shows a claim as the rule said it, with a person's judgement of it.

        Args:
            claim: the claim.
            judgement: what a person said of it.
            can_ask: whether prepared questions can be put now.
            asking: what is being asked.
            card: SHA-256 of the card that was read; a judgement may have been made beside another.
        """
        seen = effective(claim, judgement)
        told = claim_words(seen)
        self._title.setText(told.title)
        icon = self._theme.icon(verdict_sign(seen.verdict), verdict_role(seen.verdict))
        self._sign.setPixmap(icon.pixmap(self._theme.px("space_2")))
        self._verdict.setText(f"{told.verdict}. {told.meaning}")
        self._sentence.setText(told.sentence)
        self._quote.setText(f"“{legible(told.text)}”" if told.text else "")
        # What a person added is called by its words already.
        self._quote.setVisible(bool(told.text) and claim.rule != OWN)
        self._show_lines(claim)
        self._facts.clear()
        for label, value, tip in self._rows(claim, judgement, card):
            self._facts.add(label, value, tip)
        self._foot.setText("\n".join(filter(None, (told.foot, told.looks, told.left))))
        self.judging.show_claim(claim, judgement, can_ask=can_ask, asking=asking)

    def all_text(self) -> str:
        """Returns everything that is shown."""
        labels = [label for label in self.findChildren(QLabel) if not label.isHidden()]
        return "\n".join(label.text() for label in labels)

    def _show_lines(self, claim: Claim) -> None:
        while (item := self._lines_row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        places = sorted({one.line for one in claim.passages if one.line})[:MOST_LINES]
        for line in places:
            button = QPushButton(claim_texts().said["lines"].format(line=line))
            button.setToolTip(translate("ClaimDetails", "Show this line in the card"))
            button.setProperty("line", line)
            set_look(button, Look.CHIP)
            button.clicked.connect(self._on_line)
            self._lines_row.addWidget(button)
            button.show()
        self._lines.setVisible(bool(places))

    def _on_line(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self.show_in_card.emit(int(button.property("line")))

    def _rows(
        self, claim: Claim, judgement: Judgement | None, card: str
    ) -> Iterator[tuple[str, str, str]]:
        """Yields label, value and tooltip of what stands behind it."""
        tr, said = translate, claim_texts().said
        if claim.about is not None:
            yield tr("ClaimDetails", "Claim of"), owner_words(claim.about), said["of_other"]
        if judgement is not None:
            day = when_words(judgement.changed) if judgement.changed else ""
            plain = said["by_person_plain"].format(day=day)
            if judgement.verdict is not None:
                yield tr("ClaimDetails", "Said"), f"{verdict_word(judgement.verdict)}, {plain}", ""
                rule_said = said["rule_said"].format(
                    verdict=verdict_word(claim.verdict), sentence=claim_words(claim).sentence
                )
                if not judgement.is_own:
                    yield tr("ClaimDetails", "By the rule"), rule_said, ""
                if judgement.text != claim.text:
                    before = shown(judgement.text, 160)
                    yield (
                        tr("ClaimDetails", "Changed"),
                        said["changed_since"].format(before=before),
                        "",
                    )
                elif elsewhere := beside_another(judgement.card, card):
                    yield tr("ClaimDetails", "Changed"), elsewhere, ""
                if not judgement.is_own and judgement.version != claim.version:
                    yield tr("ClaimDetails", "Changed"), said["rule_changed"], ""
            for answer in judgement.answers:
                yield tr("ClaimDetails", "Answer"), _answer(answer), _recipe(answer)
        if claim.probe:
            yield from _not_asked(claim, judgement)
        for line in claim_words(claim).evidence:
            yield tr("ClaimDetails", "Evidence"), line, ""


def _not_asked(claim: Claim, judgement: Judgement | None) -> Iterator[tuple[str, str, str]]:
    """Yields what a probe would ask and look for: whoever judges should know both beforehand."""
    answered = {last_of(one.question) for one in (judgement.answers if judgement else ())}
    for question in probe(claim.probe, languages=languages_of(claim)).ask:
        if last_of(question.text) not in answered:
            yield claim_texts().said["asks"], question_words(question), ""


def _answer(answer: KeptAnswer) -> str:
    text = (
        claim_texts()
        .said["kept_answer"]
        .format(
            question=last_of(answer.question),
            answer=legible(shortened(answer.answer.strip(), ANSWER_SHOWN)),
        )
    )
    if told := expected_words(counted=answer.counted, is_expected=answer.expected):
        text += f"\n({told})"
    if answer.stopped:
        text += f"\n({claim_texts().said['answer_stopped']})"
    return f"{answer.about}: {text}" if answer.about else text


def _recipe(answer: KeptAnswer) -> str:
    recipe = answer.recipe
    return (
        claim_texts()
        .said["recipe"]
        .format(
            seed=recipe.seed,
            model=recipe.model or recipe.file_name,
            template=recipe.template_sha256[:12] or recipe.template,
            file=recipe.file_sha256[:12] or recipe.file_name,
        )
    )


def _label(look: Look) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    set_look(label, look)
    return label
