"""The six steps of marginal risk as an empty worksheet: a person fills it, nothing is added up."""

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.words.translation import translate
from inspector.frameworks.reasons import marginal_risk

PAUSE_MS = 600
"""How long nothing is typed before the answers are kept."""

LONGEST = 20_000
"""Characters of one answer that are kept."""


class RiskWorksheet(QWidget):
    """Questions with room for answers; who shows it keeps them.

    Thread: GUI.
    """

    paused = Signal()
    """Something was typed, and then nothing for a moment."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        sheet = marginal_risk()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.paused)
        self._filling = False
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px("space_1"), 0, 0, 0)
        column.setSpacing(theme.px("space_half"))
        source = f"{sheet.source['title']}, {sheet.source['url']}"
        column.addWidget(_label(f"{sheet.about}\n{source}", Look.SMALL))
        self._kept = _label("", Look.SMALL)
        column.addWidget(self._kept)
        self._answers: dict[str, QPlainTextEdit] = {}
        for number, step in enumerate(sheet.step, start=1):
            column.addWidget(_label(f"{number}. {step.title}. {step.question}"))
            answer = QPlainTextEdit()
            answer.setAccessibleName(step.title)
            answer.setTabChangesFocus(True)
            answer.setFixedHeight(theme.px("space_6"))
            answer.textChanged.connect(self._on_typed)
            self._answers[step.id] = answer
            column.addWidget(answer)
        copy = QPushButton(translate("RiskWorksheet", "Copy the worksheet"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        column.addWidget(copy)
        self.fill({}, kept=False)

    @property
    def is_waiting(self) -> bool:
        """Whether something was typed that nobody has kept yet."""
        return self._pause.isActive()

    def fill(self, answers: Mapping[str, str], *, kept: bool) -> None:
        """Shows these answers; `kept` says whether what is typed now will be kept."""
        self._pause.stop()
        self._filling = True
        for key, field in self._answers.items():
            field.setPlainText(answers.get(key, ""))
        self._filling = False
        self._kept.setText(
            translate("RiskWorksheet", "Answers are kept with this model as you type.")
            if kept
            else translate("RiskWorksheet", "Answers are not kept here; copy them to keep them.")
        )

    def given(self) -> dict[str, str]:
        """Returns the answers that are not empty; nothing waits to be kept any more."""
        self._pause.stop()
        every = {key: field.toPlainText()[:LONGEST] for key, field in self._answers.items()}
        return {key: text for key, text in every.items() if text.strip()}

    def _on_typed(self) -> None:
        if not self._filling:
            self._pause.start()

    @property
    def answers(self) -> dict[str, QPlainTextEdit]:
        """The fields by the ids of their steps."""
        return self._answers

    def text(self) -> str:
        """Returns questions and answers as Markdown."""
        sheet = marginal_risk()
        told = [f"# {sheet.title}", ""]
        for number, step in enumerate(sheet.step, start=1):
            answer = self._answers[step.id].toPlainText().strip()
            told += [f"## {number}. {step.title}", "", step.question, "", answer, ""]
        return "\n".join(told)


def _label(text: str, look: Look | None = None) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    if look is not None:
        set_look(label, look)
    return label
