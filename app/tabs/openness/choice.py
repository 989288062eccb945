"""Whose openness is shown: the model's, a repository's, a release file's, or a reference point's."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.settings import SettingsFile
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.calm_wheel import CalmChoice
from app.widgets.file_dialog import file_dialog
from app.words.openness import openness_words
from inspector.frameworks.published import ReferencePoint, reference_points
from inspector.repository.read import is_repository

MODEL, REPOSITORY, RELEASE = "model", "repository", "release"


class SubjectChoice(QWidget):
    """A choice, and below it, for a repository, a line for its name.

    Thread: GUI.
    """

    chosen = Signal()
    """Another subject was chosen."""
    repository_wanted = Signal(str)
    """A person wants this repository looked at; nothing was asked of the Hub yet."""
    release_wanted = Signal(object)
    """A person has chosen this release file of the Model Openness Framework: a path."""

    def __init__(self, theme: Theme, settings: SettingsFile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._box = self._make_box()
        self._name = QLineEdit()
        self._name.setPlaceholderText(self.tr("owner/name"))
        self._name.setAccessibleName(self.tr("Repository on the Hub"))
        self._name.setMaxLength(200)
        self._look = QPushButton(self.tr("Look"))
        set_look(self._look, Look.PRIMARY)
        hint = QLabel(openness_words().sentence["repository"])
        hint.setWordWrap(True)
        set_look(hint, Look.SMALL)
        self._asking = QWidget()
        line = QHBoxLayout()
        line.setSpacing(theme.px("space_1"))
        line.addWidget(self._name, 1)
        line.addWidget(self._look)
        asking = QVBoxLayout(self._asking)
        asking.setContentsMargins(0, theme.px("space_1"), 0, 0)
        asking.setSpacing(theme.px("space_half"))
        asking.addLayout(line)
        asking.addWidget(hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._box)
        column.addWidget(self._asking)
        self._asking.hide()
        self._name.textChanged.connect(self._check)
        self._name.returnPressed.connect(self._on_look)
        self._look.clicked.connect(self._on_look)
        self._box.activated.connect(self._on_activated)
        self._check()

    @property
    def box(self) -> QComboBox:
        """The choice itself."""
        return self._box

    @property
    def name(self) -> QLineEdit:
        """The line for a repository's name."""
        return self._name

    @property
    def look_button(self) -> QPushButton:
        """The button that has the repository looked at."""
        return self._look

    @property
    def point(self) -> ReferencePoint | None:
        """The reference point that is chosen; None for anything else."""
        data = self._box.currentData()
        return data if isinstance(data, ReferencePoint) else None

    @property
    def is_model(self) -> bool:
        """Whether the model is chosen."""
        return bool(self._box.currentData() == MODEL)

    @property
    def is_repository(self) -> bool:
        """Whether a repository is chosen."""
        return bool(self._box.currentData() == REPOSITORY)

    @property
    def is_release(self) -> bool:
        """Whether a release file is chosen."""
        return bool(self._box.currentData() == RELEASE)

    def suggest(self, name: str) -> None:
        """Puts the name of the model's own repository into the line, where nothing was typed."""
        if not self._name.isModified():
            self._name.setText(name)

    def _make_box(self) -> QComboBox:
        box = CalmChoice()
        box.setAccessibleName(self.tr("Whose openness is shown"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        box.addItem(self.tr("This model"), MODEL)
        box.addItem(self.tr("A repository on the Hub…"), REPOSITORY)
        box.addItem(self.tr("A release file of the MOF…"), RELEASE)
        places = openness_words().place
        before = ""
        for point in reference_points():
            # This app, what can be run here, and what is hosted only, each in a strip of its own.
            strip = point.place if point.place in {"system", "hosted_only"} else "runs here"
            if strip != before:
                box.insertSeparator(box.count())
            before = strip
            box.addItem(f"{point.name}: {places[point.place]}", point)
        return box

    def _on_activated(self) -> None:
        self._asking.setVisible(self.is_repository)
        if self.is_repository:
            self._name.setFocus()
        self.chosen.emit()
        if self.is_release:
            self._choose_release()

    def _choose_release(self) -> None:
        dialog = file_dialog(self._settings, self, self.tr("Open a release file"))
        dialog.setNameFilter(self.tr("Release files (*.yml *.yaml *.json)"))
        dialog.fileSelected.connect(lambda chosen: self.release_wanted.emit(Path(chosen)))
        dialog.open()

    def _check(self) -> None:
        self._look.setEnabled(is_repository(self._name.text().strip()) is not None)

    def _on_look(self) -> None:
        name = self._name.text().strip()
        if is_repository(name):
            self.repository_wanted.emit(name)
