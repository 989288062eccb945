"""The settings page's section on backups: everything to one file, and back from it."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.context import AppContext
from app.notices import Action
from app.preferences.setting_row import setting_row
from app.widgets.file_dialog import file_dialog
from runner.errors import RunnerError
from runner.store.backup import ENDING
from runner.store.restoring import Restored


class Backups(QObject):
    """What the two buttons do.

    Owned by: SettingsPage, and outlives the section, which is made anew with the text size.
    Thread: GUI; the work itself is done on threads of the store.
    """

    busy = Signal(bool)

    def __init__(self, context: AppContext, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self._page = page

    @Slot()
    def choose_target(self) -> None:
        """Asks where the backup goes."""
        dialog = self._dialog(self.tr("Back up to"), QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ENDING.removeprefix("."))
        dialog.selectFile(time.strftime("lightwell-%Y-%m-%d") + ENDING)
        dialog.fileSelected.connect(lambda name: self.back_up(Path(name)))
        dialog.open()

    @Slot()
    def choose_source(self) -> None:
        """Asks which backup to restore."""
        dialog = self._dialog(self.tr("Restore from"), QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.restore(Path(name)))
        dialog.open()

    def back_up(self, target: Path) -> None:
        """Writes everything to `target`."""
        done = self.tr("Backed up to {}").format(target.name)
        future = self._context.store.back_up(target, self._context.settings.text())
        self._follow(future, lambda _: self._context.notices.toast(done))

    def restore(self, source: Path) -> None:
        """Puts a backup in the place of what is here."""
        future = self._context.store.restore(source, self._context.settings.text())
        self._follow(future, self._on_restored)

    def _on_restored(self, restored: Restored) -> None:
        said, actions = self.tr("Restored."), tuple[Action, ...]()
        if restored.kept is not None:
            said = self.tr("Restored. What was here before is kept as {}").format(
                restored.kept.name
            )
            actions = (Action(self.tr("Undo"), partial(self.restore, restored.kept)),)
        try:
            if restored.settings:
                self._context.settings.restore(restored.settings)
        except RunnerError as error:
            self._context.notices.failure(error)
        self._context.notices.toast(said, *actions)

    def _follow(self, future: "Future[Any]", done: Callable[[Any], object]) -> None:
        """Is busy until the work is done, then says how it ended."""
        self.busy.emit(True)
        self._context.mailbox.when(future, partial(self._on_ended, done))

    def _on_ended(self, done: Callable[[Any], object], ended: "Future[Any]") -> None:
        self.busy.emit(False)
        try:
            done(ended.result())
        except RunnerError as error:
            self._context.notices.failure(error)

    def _dialog(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        dialog = file_dialog(self._context.settings, self._page, title, mode)
        dialog.setNameFilters([self.tr("Backups (*{})").format(ENDING), self.tr("All files (*)")])
        return dialog


class BackupSection(QWidget):
    """Two buttons, each with its sentence."""

    def __init__(self, context: AppContext, backups: Backups) -> None:
        super().__init__()
        self._context = context
        self.back_up_button = QPushButton(self.tr("Back up…"))
        self.restore_button = QPushButton(self.tr("Restore…"))
        self.back_up_button.clicked.connect(backups.choose_target)
        self.restore_button.clicked.connect(backups.choose_source)
        for button in (self.back_up_button, self.restore_button):
            backups.busy.connect(button.setDisabled)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(
            self._line(
                self.tr("Back up chats and settings"),
                self.tr("Writes everything but temporary chats and model files to one file."),
                self.back_up_button,
            )
        )
        rows.addLayout(
            self._line(
                self.tr("Restore a backup"),
                self.tr(
                    "Its chats and settings take the place of these, which are kept as a file."
                ),
                self.restore_button,
            )
        )

    def _line(self, title: str, meaning: str, button: QPushButton) -> QHBoxLayout:
        return setting_row(self._context.theme, title, meaning, button)
