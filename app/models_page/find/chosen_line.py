"""What stands below the results: why a model is on the list, where from, and the way to its page."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.models_page.find.find_words import first_source
from app.models_page.find.finds import Result
from app.theme.looks import Look, set_look
from app.theme.theme import Theme


class ChosenLine(QFrame):
    """About the result that is pointed at. Owned by: the part "Find". Thread: GUI."""

    open_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reason, self._source = QLabel(), QLabel()
        for label in (self._reason, self._source):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self._source, Look.SMALL)
        self.open = QPushButton(self.tr("Open its page"))
        self.open.clicked.connect(self.open_wanted)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, theme.px("space_half"), 0, 0)
        line.setSpacing(theme.px("space_2"))
        words = QVBoxLayout()
        words.addWidget(self._reason)
        words.addWidget(self._source)
        line.addLayout(words, 1)
        line.addWidget(self.open, 0, Qt.AlignmentFlag.AlignTop)

    def show_result(self, result: Result | None) -> None:
        """Shows what is said of a result; nothing where none is pointed at."""
        self.setVisible(result is not None)
        if result is None:
            return
        first = result.first
        self._reason.setVisible(first is not None)
        self._reason.setText(first.reason if first is not None else "")
        self._source.setText(first_source(first) if first is not None else result.repository)
