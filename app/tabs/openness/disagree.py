"""Disagreeing with a finding: another reading, with a reason and a source, beside the first."""

from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.calm_wheel import CalmChoice
from app.widgets.collapsible import CollapsibleSection
from app.words.openness import openness_words
from inspector.findings.values import Availability, Review, Terms


class DisagreeForm(QWidget):
    """A form below the evidence; folded until it is wanted.

    Thread: GUI.
    """

    reviewed = Signal(object)
    """The review that a person made."""
    taken_back = Signal(str)
    """The part whose review a person takes back."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part = ""
        self._theme = theme
        words = openness_words()
        self._availability = _choice(words.availability)
        self._terms = _choice(words.terms)
        self._licence, self._source, self._author = QLineEdit(), QLineEdit(), QLineEdit()
        self._reason = QPlainTextEdit()
        self._reason.setTabChangesFocus(True)
        self._reason.setFixedHeight(theme.px("space_6") + theme.px("space_2"))
        self._source.setPlaceholderText(self.tr("An address, or where a person can look"))
        self._keep, self._back = (
            QPushButton(self.tr("Keep it")),
            QPushButton(self.tr("Take it back")),
        )
        set_look(self._keep, Look.PRIMARY)
        self._keep.clicked.connect(self._on_keep)
        self._back.clicked.connect(lambda: self.taken_back.emit(self._part))
        for field in (self._source, self._reason):
            field.textChanged.connect(self._check)
        self._fold = CollapsibleSection(theme, self.tr("Disagree with this finding"), self._form())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._fold)
        self._check()

    def show_part(self, part: str, review: Review | None) -> None:
        """Turns to a part, with the review that it has."""
        self._part = part
        self._availability.setCurrentIndex(0)
        self._terms.setCurrentIndex(0)
        if review is not None:
            _select(self._availability, review.availability.value)
            _select(self._terms, review.terms.value)
        self._licence.setText(review.licence if review else "")
        self._source.setText(review.source if review else "")
        self._reason.setPlainText(review.reason if review else "")
        self._author.setText(review.author if review else self._author.text())
        self._back.setVisible(review is not None)
        self._fold.set_open(False)

    def _form(self) -> QWidget:
        body = QWidget()
        form = QFormLayout(body)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setContentsMargins(self._theme.px("space_1"), 0, 0, self._theme.px("space_1"))
        for label, field in (
            (self.tr("It is"), self._availability),
            (self.tr("On terms"), self._terms),
            (self.tr("Licence"), self._licence),
            (self.tr("Reason"), self._reason),
            (self.tr("Source"), self._source),
            (self.tr("Your name"), self._author),
        ):
            field.setAccessibleName(label)
            form.addRow(label, field)
        buttons = QHBoxLayout()
        buttons.addWidget(self._keep)
        buttons.addWidget(self._back)
        buttons.addStretch(1)
        form.addRow(buttons)
        return body

    def _check(self) -> None:
        """A disagreement without a reason and a source can't be kept."""
        ready = bool(self._reason.toPlainText().strip() and self._source.text().strip())
        self._keep.setEnabled(ready)
        self._keep.setToolTip("" if ready else self.tr("Give a reason and a source first."))

    def _on_keep(self) -> None:
        self.reviewed.emit(
            Review(
                part=self._part,
                availability=Availability(self._availability.currentData()),
                terms=Terms(self._terms.currentData()),
                licence=self._licence.text().strip(),
                reason=self._reason.toPlainText().strip(),
                source=self._source.text().strip(),
                author=self._author.text().strip(),
                date=datetime.now(UTC).date().isoformat(),
            )
        )

    def fill(self, availability: Availability, terms: Terms, reason: str, source: str) -> None:
        """Fills the form, as a person would."""
        _select(self._availability, availability.value)
        _select(self._terms, terms.value)
        self._reason.setPlainText(reason)
        self._source.setText(source)

    @property
    def keep_button(self) -> QPushButton:
        """The button that keeps the review."""
        return self._keep

    @property
    def back_button(self) -> QPushButton:
        """The button that takes a review back."""
        return self._back


def _choice(words: dict[str, str]) -> QComboBox:
    box = CalmChoice()
    for value, word in words.items():
        box.addItem(word, value)
    return box


def _select(box: QComboBox, value: str) -> None:
    box.setCurrentIndex(max(0, box.findData(value)))
