"""What a person takes away from the Openness tab: the picture, a release file, plain text."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from app.context import AppContext
from app.widgets.file_dialog import file_dialog
from app.widgets.flow_layout import FlowLayout
from app.words.openness import rating_line
from inspector.findings import fingerprint
from inspector.frameworks.profile import Profile, findings_of, release_of
from runner.errors import RunnerError
from runner.store.files_written import write_whole


class SaveRow(QWidget):
    """A row of buttons below the tab.

    Thread: GUI.

    Args:
        shown: returns what is on screen.
    """

    def __init__(
        self,
        context: AppContext,
        shown: Callable[[], Profile | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._shown = shown
        line = QWidget()
        flow = FlowLayout(line, gap=context.theme.px("space_1"))
        for text, slot in (
            (self.tr("Save the picture…"), self._choose_picture),
            (self.tr("Save as release file…"), self._choose_release),
            (self.tr("Copy as text"), self._copy),
        ):
            button = QPushButton(text)
            button.clicked.connect(slot)
            flow.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(line)

    def save(self, path: Path) -> None:
        """Writes what is shown: an SVG picture, or a release file in JSON or YAML, by the name."""
        shown = self._shown()
        if shown is None:
            return
        if path.suffix == ".svg":
            text = fingerprint.svg(findings_of(shown, with_items=False))
        else:
            text = release_of(shown, as_json=path.suffix == ".json")
        try:
            write_whole(path, text.encode())
        except RunnerError as error:
            self._context.notices.failure(error)

    def text(self) -> str:
        """Returns the profile that is shown as plain text."""
        shown = self._shown()
        if shown is None:
            return ""
        lines = [shown.subject, fingerprint.words(findings_of(shown)), ""]
        lines += [f"{one.title}, {one.version}: {one.reading}" for one in shown.verdicts]
        return "\n".join([*lines, *map(rating_line, shown.ratings)])

    def _choose_picture(self) -> None:
        self._ask_where(
            self.tr("Save the fingerprint"), self.tr("Pictures (*.svg)"), "openness.svg"
        )

    def _choose_release(self) -> None:
        self._ask_where(
            self.tr("Save a release file of the Model Openness Framework"),
            self.tr("Release files (*.yml *.json)"),
            "mof.yml",
        )

    def _ask_where(self, title: str, kinds: str, name: str) -> None:
        if self._shown() is None:
            return
        mode = QFileDialog.FileMode.AnyFile
        dialog = file_dialog(self._context.settings, self, title, mode)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(kinds)
        dialog.setDefaultSuffix(name.rpartition(".")[2])
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda chosen: self.save(Path(chosen)))
        dialog.open()

    def _copy(self) -> None:
        if text := self.text():
            QGuiApplication.clipboard().setText(text)
