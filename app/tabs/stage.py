"""A tab's content, or the sign that it is coming, or the sentence that says why it isn't."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.words.wording import words
from runner.errors import RunnerError

PATIENCE_MS = 200
"""A wait shorter than this shows nothing, so that quick answers don't flicker."""


class Stage(QStackedWidget):
    """Shows one of three: content, a wait, a failure with a button to try again."""

    again_wanted = Signal()

    def __init__(self, theme: Theme, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._waiting = QWidget()
        self._wait_line = QLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._failure = QWidget()
        self._title, self._rest = QLabel(), QLabel()
        for label in (self._wait_line, self._title, self._rest):
            label.setTextFormat(Qt.TextFormat.PlainText)  # they name files
        self._again = QPushButton(self.tr("Try again"))
        self._again.clicked.connect(self.again_wanted)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE_MS)
        self._timer.timeout.connect(self._on_patience_over)
        set_look(self._wait_line, Look.FAINT)
        set_look(self._title, Look.HEADING)
        set_look(self._rest, Look.FAINT)
        for label in (self._wait_line, self._title, self._rest):
            label.setWordWrap(True)
        edge = theme.px("space_2")
        for page, parts in (
            (self._waiting, (self._wait_line, self._bar)),
            (self._failure, (self._title, self._rest, self._again)),
        ):
            column = QVBoxLayout(page)
            column.setContentsMargins(edge, edge, edge, edge)
            column.setSpacing(theme.px("space_1"))
            for part in parts:
                column.addWidget(part)
            column.addStretch(1)
        for page in (content, self._waiting, self._failure):
            page.setMinimumSize(1, 1)
            self.addWidget(page)

    def show_content(self) -> None:
        """Shows the content."""
        self._timer.stop()
        self.setCurrentWidget(self._content)

    def wait(self, sentence: str) -> None:
        """Says that the content is coming, once that has taken a moment."""
        self._wait_line.setText(sentence)
        self._bar.setRange(0, 0)
        self._timer.start()

    def fail(self, error: RunnerError) -> None:
        """Says why there is no content."""
        self._timer.stop()
        said = words(error.code, **error.context)
        self._title.setText(said.title)
        self._rest.setText(" ".join(part for part in (said.meaning, said.remedy) if part))
        self.setCurrentWidget(self._failure)

    def failure(self) -> str:
        """Returns the sentence of the failure that is shown; empty where none is."""
        return self._title.text() if self.currentWidget() is self._failure else ""

    def _on_patience_over(self) -> None:
        self.setCurrentWidget(self._waiting)
