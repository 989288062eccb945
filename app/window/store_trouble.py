"""The file with the chats can't be used: what that means, and for a damaged one, the two ways on."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog

from app.chat.running.later import Later
from app.context import AppContext
from app.notices import Action, Level, Notice
from app.window.main_window import MainWindow
from app.words.wording import words
from runner.errors import RunnerError
from runner.store.backup import ENDING
from runner.store.restoring import Restored, replace_damaged, set_damaged_aside

KEY = "store-trouble"

AT_START = {
    "store.in_use": "window.store_in_use",
    "store.corrupt": "window.store_damaged",
    "store.disk_full": "window.store_disk_full",
    "store.cannot_write": "window.store_not_opened",
    "store.failed": "window.store_not_opened",
}
"""Failures whose usual words speak of a change that was not saved; at the start there was none."""


class StoreTrouble(QObject):
    """Tells why nothing is kept, and mends a damaged file where a person wants it.

    The file is mended for the next start: the window goes on with the chats that it has in memory,
    until a person has the app start again.

    Args:
        start_again: closes the window and starts the app anew.

    Owned by: the window process. Thread: GUI; files are moved on a thread of its own.
    """

    def __init__(
        self, context: AppContext, window: MainWindow, path: Path, start_again: Callable[[], None]
    ) -> None:
        super().__init__(window)
        self._start_again = start_again
        self._context = context
        self._window = window
        self._path = path
        self._later = Later(context.mailbox, self._on_failed)
        self._files = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-trouble")
        self._error: RunnerError | None = None

    def tell(self, error: RunnerError) -> None:
        """Says what happened, what it means, and what to do now."""
        self._error = error
        known = {"path": str(self._path), **error.context}
        told = RunnerError(AT_START.get(error.code, error.code), error.detail, **known)
        self._context.notices.failure(told, *self._actions(error), key=KEY)

    def close(self) -> None:
        """Waits for the file that is being put in place."""
        self._files.shutdown(wait=True)

    def _actions(self, error: RunnerError) -> tuple[Action, ...]:
        if error.code != "store.corrupt":
            return ()
        return (
            Action(self.tr("Restore a backup…"), self.choose_backup),
            Action(self.tr("Start with an empty file"), self.start_empty),
        )

    @Slot()
    def choose_backup(self) -> None:
        """Asks which backup takes the damaged file's place; the latest beside it is proposed."""
        dialog = QFileDialog(self._window, self.tr("Restore from"), str(self._path.parent))
        # The desktop's own dialog would start programs and speak to its bus.
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Backups (*{})").format(ENDING), self.tr("All files (*)")])
        if (latest := latest_backup(self._path.parent)) is not None:
            dialog.selectFile(str(latest))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.restore(Path(name)))
        dialog.rejected.connect(self._tell_again)
        dialog.open()

    def restore(self, source: Path) -> None:
        """Puts a backup in the damaged file's place, which is kept beside it."""
        self._do(partial(replace_damaged, self._path, source), self._on_restored)

    @Slot()
    def start_empty(self) -> None:
        """Moves the damaged file aside, so that the next start makes a new one."""
        self._do(partial(set_damaged_aside, self._path), self._on_emptied)

    def _do(self, work: Callable[[], object], done: Callable[..., object]) -> None:
        future: Future[object] = self._files.submit(work)
        self._later.when(future, done)

    def _on_restored(self, restored: Restored) -> None:
        try:
            if restored.settings:
                self._context.settings.restore(restored.settings)
        except RunnerError as error:
            self._context.notices.failure(error)
        self._say_done("window.store_restored", restored.kept)

    def _on_emptied(self, kept: Path) -> None:
        self._say_done("window.store_emptied", kept)

    def _say_done(self, code: str, kept: Path | None) -> None:
        said = words(code, kept=kept, path=self._path)
        again = Action(self.tr("Start Lightwell again"), self._start_again)
        notice = Notice(level=Level.NOTE, said=said, code=code, key=KEY, actions=(again,))
        self._context.notices.tell(notice)

    def _on_failed(self, error: RunnerError) -> None:
        """Nothing has changed: says why, with the two ways on beside it."""
        self._tell_again()
        self._context.notices.failure(error)

    @Slot()
    def _tell_again(self) -> None:
        if self._error is not None:
            self.tell(self._error)


def latest_backup(folder: Path) -> Path | None:
    """Returns the newest backup that lies in a folder."""
    found = [(file.stat().st_mtime, file) for file in folder.glob(f"*{ENDING}") if file.is_file()]
    return max(found)[1] if found else None
