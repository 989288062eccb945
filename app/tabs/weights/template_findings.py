"""What the rules found in a template: a summary, and a list whose rows lead to their lines."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.theme.looks import Look, set_look
from app.words.dossier import finding_row, template_summary
from inspector.templates.values import TemplateCheck

ROWS_SHOWN = 6


class TemplateFindings(QWidget):
    """Lists findings; a row that is chosen leads to its line.

    Thread: GUI.
    """

    line_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self.summary, Look.FAINT)
        self.rows = QListWidget()
        self.rows.setAccessibleName(self.tr("Places of the template to review"))
        self.rows.itemClicked.connect(self._on_chosen)
        self.rows.itemActivated.connect(self._on_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.summary)
        column.addWidget(self.rows)
        self.clear()

    def clear(self) -> None:
        """Shows nothing, until a check is there."""
        self.rows.clear()
        self.hide()

    def show_check(self, check: TemplateCheck) -> None:
        """Shows what the rules say of a template."""
        self.rows.clear()
        self.summary.setText(template_summary(check))
        for finding in check.findings:
            told = finding_row(finding)
            title, *rest = told.value.split("\n")
            item = QListWidgetItem(f"{told.label}: {title}")
            item.setToolTip("\n".join(rest))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, "\n".join(rest))
            item.setData(Qt.ItemDataRole.UserRole, finding.line)
            self.rows.addItem(item)
        shown = min(self.rows.count(), ROWS_SHOWN)
        self.rows.setVisible(shown > 0)
        if shown:
            frame = 2 * self.rows.frameWidth()
            self.rows.setFixedHeight(shown * self.rows.sizeHintForRow(0) + frame)
        self.show()

    def _on_chosen(self, item: QListWidgetItem) -> None:
        if line := item.data(Qt.ItemDataRole.UserRole):
            self.line_chosen.emit(line)
