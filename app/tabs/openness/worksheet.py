"""The six steps of marginal risk as an empty worksheet: a person fills it, nothing is added up."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.words.translation import translate
from inspector.frameworks.reasons import marginal_risk


class RiskWorksheet(QWidget):
    """Questions with room for answers. Nothing is kept but what is copied.

    Thread: GUI.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        sheet = marginal_risk()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px("space_1"), 0, 0, 0)
        column.setSpacing(theme.px("space_half"))
        kept = translate(
            "RiskWorksheet", "Answers stay while the window is open; copy them to keep them."
        )
        source = f"{sheet.source['title']}, {sheet.source['url']}"
        column.addWidget(_label(f"{sheet.about} {kept}\n{source}", Look.SMALL))
        self._answers: dict[str, QPlainTextEdit] = {}
        for number, step in enumerate(sheet.step, start=1):
            column.addWidget(_label(f"{number}. {step.title}. {step.question}"))
            answer = QPlainTextEdit()
            answer.setAccessibleName(step.title)
            answer.setTabChangesFocus(True)
            answer.setFixedHeight(theme.px("space_6"))
            self._answers[step.id] = answer
            column.addWidget(answer)
        copy = QPushButton(translate("RiskWorksheet", "Copy the worksheet"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        column.addWidget(copy)

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
