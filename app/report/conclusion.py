"""Where a person signs a report with a name and says what they conclude."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.review.conclusion import LONGEST_NAME, conclusion
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.words.report import report_words
from inspector.report.values import Conclusion

_LINES = 4


class ConclusionBox(QWidget):
    """Name and conclusion, both optional.

    Owned by: ReportDialog. Thread: GUI.
    """

    changed = Signal()

    def __init__(self, theme: Theme, kept: Conclusion | None) -> None:
        super().__init__()
        words = report_words().window
        self.name, self.text = QLineEdit(), QPlainTextEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.text.setTabChangesFocus(True)
        height = self.text.fontMetrics().lineSpacing() * _LINES + theme.px("space_2")
        self.text.setFixedHeight(height)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_half"))
        for field, title in ((self.name, words["reviewer"]), (self.text, words["conclusion"])):
            label = QLabel(title)
            label.setWordWrap(True)
            label.setBuddy(field)
            set_look(label, Look.SMALL)
            field.setAccessibleName(title)
            column.addWidget(label)
            column.addWidget(field)
        self.take(kept)
        self.name.textChanged.connect(self.changed)
        self.text.textChanged.connect(self.changed)

    def take(self, kept: Conclusion | None) -> bool:
        """Fills in what was kept, where nothing was written yet; returns whether it did."""
        if kept is None or self.said() is not None:
            return False
        self.name.setText(kept.reviewer)
        self.text.setPlainText(kept.text)
        return True

    def said(self) -> Conclusion | None:
        """Returns what a person says; None where both are empty."""
        return conclusion(self.name.text(), self.text.toPlainText())
