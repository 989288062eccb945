"""The Compare page: what is chosen, and what stands beside what."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.compare.desk import CompareDesk
from app.compare.subjects import Subject, subjects
from app.compare.view import ComparisonView
from app.context import AppContext
from app.tabs.stage import Stage
from app.theme.looks import Look, set_look
from app.widgets.eliding_choice import ElidingChoice
from app.widgets.file_dialog import file_dialog
from app.widgets.flow_layout import FlowLayout
from app.widgets.plain_tip import plain_tip
from app.words.compare import plain_text
from inspector.comparison import MOST
from inspector.findings import fingerprint
from inspector.frameworks.profile import findings_of
from runner.errors import RunnerError
from runner.store.files_written import write_whole

FIRST_POINT = "point:olmo-7b-instruct"
"""What stands beside the model in use at first: a reference point at the open end of the range."""


class ComparePage(QWidget):
    """Two or three models beside each other.

    Owned by: MainWindow. Thread: GUI.
    """

    key = "compare"
    icon = "compare"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.title = self.tr("Compare")
        set_look(self, Look.READING)
        self._subjects: dict[str, Subject] = {}
        self._shown: tuple[Subject, ...] = ()
        self.desk = CompareDesk(context, self)
        self.desk.ready.connect(self._on_ready)
        self.desk.failed.connect(self._on_failed)
        self.choices: list[QComboBox] = []
        self._build()
        context.models.current_changed.connect(self._on_models_changed)

    # ---- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        title = QLabel(self.title)
        set_look(title, Look.TITLE)
        title.setMinimumHeight(theme.px("space_3") + theme.px("space_half"))  # as a button
        top = QWidget()
        actions = FlowLayout(top, gap=theme.px("space_1"), leading=1)
        actions.addWidget(title)
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px("space_1"))
        for number in range(MOST):
            choice = ElidingChoice(least_letters=10)
            choice.setAccessibleName(self.tr("Model {number}").format(number=number + 1))
            choice.activated.connect(self._on_chosen)
            self.choices.append(choice)
            choice.setMaximumWidth(theme.px("reading") // 2)
            line.addWidget(choice, 1000)
        line.addStretch(1)  # takes what is left once the boxes are as wide as they get
        self.save_button = QPushButton(self.tr("Save the pictures…"))
        self.save_button.clicked.connect(self._choose_picture)
        self.copy_button = QPushButton(self.tr("Copy as text"))
        self.copy_button.clicked.connect(self._copy)
        for button in (self.save_button, self.copy_button):
            actions.addWidget(button)
        self.with_reviewer = QCheckBox(self.tr("Read it with the reviewer's word"))
        self.with_reviewer.setChecked(True)
        self.with_reviewer.toggled.connect(self._show)
        self.with_reviewer.hide()
        self.view = ComparisonView(self._context)
        self.stage = Stage(theme, self.view)
        self.stage.again_wanted.connect(self._read)
        column = QVBoxLayout(self)
        edge = theme.px("space_3")
        column.setContentsMargins(edge, theme.px("space_2"), edge, theme.px("space_2"))
        column.setSpacing(theme.px("space_1"))
        column.addWidget(top)
        column.addWidget(head)
        column.addWidget(self.with_reviewer)
        column.addWidget(self.stage, 1)

    # ---- choosing --------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Lists afresh: models come and go."""
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Gives up what nobody sees."""
        self.desk.stop()
        super().hideEvent(event)

    def refresh(self) -> None:
        """Lists what can be chosen, keeps what is chosen, and reads it."""
        try:
            every = subjects(self._context)
        except RunnerError as error:
            self._context.notices.failure(error)
            return
        self._subjects = {one.key: one for one in every}
        chosen = [choice.currentData() for choice in self.choices]
        first = next((one.key for one in every if one.path is not None), every[0].key)
        wanted = [
            key if key in self._subjects else usual
            for key, usual in zip(chosen, (first, FIRST_POINT, ""), strict=True)
        ]
        for choice, key, is_extra in zip(self.choices, wanted, (False, False, True), strict=True):
            choice.clear()
            if is_extra:
                choice.addItem(self.tr("No third model"), "")
            self._fill(choice)
            choice.setCurrentIndex(max(0, choice.findData(key)))
        self._read()

    def choose(self, *keys: str) -> None:
        """Sets these beside each other: keys of subjects."""
        for choice, key in zip(self.choices, (*keys, "", "", ""), strict=False):
            at = choice.findData(key)
            if at >= 0:
                choice.setCurrentIndex(at)
        self._read()

    def _fill(self, choice: QComboBox) -> None:
        had_file = False
        for subject in self._subjects.values():
            # Files first, and then what was entered by hand, with a line between.
            if had_file and subject.point is not None:
                choice.insertSeparator(choice.count())
                had_file = False
            had_file = had_file or subject.path is not None
            choice.addItem(subject.title, subject.key)

    def _on_chosen(self) -> None:
        self._read()

    def _on_models_changed(self) -> None:
        if self.isVisible():
            self.refresh()

    # ---- showing ---------------------------------------------------------------------------------

    def _read(self) -> None:
        keys = [choice.currentData() for choice in self.choices]
        chosen = tuple(self._subjects[key] for key in keys if key in self._subjects)
        self._turn_actions(is_on=False)
        for choice in self.choices:
            choice.setToolTip(plain_tip(choice.currentText()))
        names = ", ".join(one.name for one in chosen)
        self.stage.wait(self.tr("Reading {names}…").format(names=names))
        self.desk.read(chosen)

    def _on_ready(self) -> None:
        self.with_reviewer.setVisible(self.desk.has_reviews)
        self._show()
        self.stage.show_content()
        self._turn_actions(is_on=True)

    def _show(self) -> None:
        """Shows what was read; while something is being read, that comes by itself."""
        if not self.desk.is_read:
            return
        self.view.show_sides(self.desk.sides(with_reviewer=self.with_reviewer.isChecked()))

    def _on_failed(self, name: str, error: RunnerError) -> None:
        self.stage.fail(error)

    def _turn_actions(self, *, is_on: bool) -> None:
        self.save_button.setEnabled(is_on)
        self.copy_button.setEnabled(is_on)

    # ---- taking away -----------------------------------------------------------------------------

    def text(self) -> str:
        """Returns the comparison that is shown as plain text."""
        return plain_text(self.view.found) if self.view.found is not None else ""

    def save(self, path: Path) -> None:
        """Writes the fingerprints side by side as one SVG picture."""
        every = [findings_of(one.profile, with_items=False) for one in self.view.sides]
        names = [one.name for one in self.view.sides]
        try:
            write_whole(path, fingerprint.svg_beside(every, names).encode())
        except RunnerError as error:
            self._context.notices.failure(error)

    def _choose_picture(self) -> None:
        dialog = file_dialog(
            self._context.settings,
            self,
            self.tr("Save the fingerprints"),
            QFileDialog.FileMode.AnyFile,
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Pictures (*.svg)"))
        dialog.setDefaultSuffix("svg")
        dialog.selectFile("compare.svg")
        dialog.fileSelected.connect(lambda chosen: self.save(Path(chosen)))
        dialog.open()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
        self._context.notices.toast(self.tr("The comparison is on the clipboard."))
