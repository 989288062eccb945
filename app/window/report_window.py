"""Shows a report of a bug, to copy or to save."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.theme.looks import Look, set_look
from app.widgets.dialog_column import size_on_screen
from app.words.wording import words


class ReportWindow(QDialog):
    """The whole report as text, so that a person sees what they would pass on."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self.setWindowTitle(self.tr("Report of a mistake in Lightwell"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        told = QLabel(self.tr("Nothing of this is sent anywhere. Read it before you pass it on."))
        told.setWordWrap(True)
        text = QPlainTextEdit(report)
        text.setReadOnly(True)
        text.setAccessibleName(self.tr("Report"))
        self.copying = QPushButton(self.tr("Copy"))
        set_look(self.copying, Look.PRIMARY)
        self.copying.clicked.connect(self._copy)
        self.saving = QPushButton(self.tr("Save…"))
        self.saving.clicked.connect(self._ask_where)
        closing = QPushButton(self.tr("Close"))
        closing.clicked.connect(self.close)
        self._failure = QLabel()
        self._failure.setWordWrap(True)
        self._failure.hide()
        set_look(self._failure, Look.ALERT_TEXT)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (closing, self.saving, self.copying):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        for part in (told, text, self._failure):
            column.addWidget(part)
        column.addLayout(buttons)
        size_on_screen(self, 720, 480)

    def save(self, path: Path) -> None:
        """Writes the report to `path`, or says why it could not."""
        try:
            path.write_text(self._report, encoding="utf-8")
        except OSError as error:
            said = words("window.cannot_write", name=path.name, reason=error.strerror)
            self._failure.setText(f"{said.title}. {said.meaning} {said.remedy}")
            self._failure.show()
            return
        self._failure.hide()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self.copying.setText(self.tr("Copied"))

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, self.tr("Save the report"))
        # The desktop's own dialog would start programs and speak to its bus.
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile("lightwell-report.txt")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.open()
