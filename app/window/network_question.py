"""Asks a person before anything leaves: what, what is sent, to whom, and what they learn."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.network.door import Answer
from app.network.purposes import Purpose, network_texts
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.dialog_column import WholeDialog
from app.widgets.fact_row import FactRows


class NetworkQuestion(WholeDialog):
    """One question about one use. Closing it means no; staying offline is the first choice."""

    def __init__(
        self, theme: Theme, purpose: Purpose, answered: Callable[[Answer], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._answered = answered
        texts = network_texts().question
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAccessibleDescription(f"{purpose.what} {purpose.sends} {purpose.learns}")
        px = theme.px
        column = QVBoxLayout(self)
        edge = px("space_3")
        column.setContentsMargins(edge, edge, edge, px("space_2"))
        column.setSpacing(px("space_2"))
        column.addWidget(_words(texts.title, Look.HEADING))
        column.addWidget(_words(purpose.what))
        self.rows = FactRows(gap=px("space_1"))
        for label, value in (
            (texts.sent, purpose.sends),
            (texts.to, purpose.host),
            (texts.learned, purpose.learns),
        ):
            self.rows.add(label, value, texts.source)
        column.addWidget(self.rows)
        column.addWidget(_words(texts.after, Look.SMALL))
        self.buttons: dict[Answer, QPushButton] = {}
        line = QHBoxLayout()
        line.addStretch(1)
        for answer, title in (
            (Answer.ONLINE, texts.online),
            (Answer.ONCE, texts.once),
            (Answer.NO, texts.no),
        ):
            button = QPushButton(title)
            button.setAutoDefault(False)
            button.clicked.connect(partial(self._give, answer))
            self.buttons[answer] = button
            line.addWidget(button)
        column.addLayout(line)
        width = px("reading") * 2 // 3
        self.setFixedSize(width, column.heightForWidth(width))
        self.buttons[Answer.NO].setDefault(True)
        self.buttons[Answer.NO].setFocus()
        self.rejected.connect(partial(self._give, Answer.NO))

    def take_back(self) -> None:
        """Goes without an answer: the use is no longer wanted, or was decided elsewhere."""
        self._answered = _nobody
        self.close()

    def _give(self, answer: Answer, *_: object) -> None:
        answered, self._answered = self._answered, _nobody
        self.close()
        answered(answer)


def _words(text: str, look: Look | None = None) -> QLabel:
    label = QLabel(text)
    # What is named may be a stranger's, such as a repository's name.
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if look is not None:
        set_look(label, look)
    return label


def _nobody(_: Answer) -> None:
    """Stands where nobody waits for an answer any more."""
