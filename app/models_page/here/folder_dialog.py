"""Asks before the models folder is moved: what lies there, where it goes, and what stays."""

import shutil
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.models_page.here.folder_move import Plan
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.dialog_column import WholeDialog, button_line, dialog_column
from app.widgets.fact_row import FactRows
from app.words.quantities import bytes_in_words
from inspector.untrusted import shown


class FolderDialog(WholeDialog):
    """One question; closing it leaves everything as it is."""

    move_wanted = Signal(object)
    """The `Plan` is to be carried out."""
    only_new_wanted = Signal(object)
    """Later downloads are to go there: a path."""

    def __init__(self, theme: Theme, plan: Plan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Another models folder"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        said = QLabel(self._said())
        said.setWordWrap(True)
        said.setTextFormat(Qt.TextFormat.PlainText)
        self.rows = FactRows(gap=theme.px("space_1"))
        self._fill()
        self.move_all = QPushButton(self.tr("Move them"))
        set_look(self.move_all, Look.PRIMARY)
        self.only_new = QPushButton(self.tr("Only new downloads go there"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.move_all.setVisible(plan.count > 0)
        self.move_all.clicked.connect(self._on_move)
        self.only_new.clicked.connect(self._on_only_new)
        self.cancel.clicked.connect(self.reject)
        self.cancel.setDefault(True)
        self.cancel.setFocus()
        column = dialog_column(self, theme, self.tr("Move the models to another folder?"))
        column.addWidget(said)
        column.addWidget(self.rows)
        column.addLayout(button_line([self.move_all, self.only_new], self.cancel))
        self.setMinimumWidth(theme.px("reading") * 2 // 3)

    def _said(self) -> str:
        plan = self._plan
        if not plan.count:
            return self.tr("No model lies in the present folder; new downloads go to the new one.")
        parts = []
        if _on_one_disk(plan):
            parts.append(self.tr("Both are on one disk: the files get other names, at once."))
        else:
            parts.append(
                self.tr(
                    "Each file is copied and the copy compared with it before anything is removed. "
                    "Stopping leaves every model where it was."
                )
            )
        if plan.loaded is not None:
            parts.append(self.tr("The loaded model is loaded again from its new place."))
        parts.append(self.tr("Files of other apps, and files elsewhere, are not touched."))
        return " ".join(parts)

    def _fill(self) -> None:
        plan = self._plan
        disk = self.tr("Source: the disk.")
        self.rows.add(self.tr("From"), shown(str(plan.old), 400), disk, mono=True)
        self.rows.add(self.tr("To"), shown(str(plan.new), 400), disk, mono=True)
        size = bytes_in_words(plan.size)
        held = self.tr("1 model, {size}") if plan.count == 1 else self.tr("{count} models, {size}")
        self.rows.add(self.tr("Models"), held.format(count=plan.count, size=size), disk)
        free = free_disk(plan.new)
        if free is not None:
            self.rows.add(self.tr("Free there"), bytes_in_words(free), disk)

    def _on_move(self) -> None:
        self.accept()
        self.move_wanted.emit(self._plan)

    def _on_only_new(self) -> None:
        self.accept()
        self.only_new_wanted.emit(self._plan.new)


def nearest(folder: Path) -> Path:
    """Returns the folder, or the nearest one above it that is there."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def free_disk(folder: Path) -> int | None:
    """Returns how many bytes are free where a folder lies or would lie; None where unknown."""
    try:
        return shutil.disk_usage(nearest(folder)).free
    except OSError:
        return None


def _on_one_disk(plan: Plan) -> bool:
    try:
        return nearest(plan.old).stat().st_dev == nearest(plan.new).stat().st_dev
    except OSError:
        return False
