"""What is done with the models of this computer: checked, removed, put back, found in other apps."""

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.model.files import files_of_model
from app.models_page.here.shelf import ShelfItem
from app.notices import Action, Level, Notice
from app.reader import arguments
from app.words.wording import Words
from inspector.gguf.digests import Digests
from runner.errors import RunnerError
from runner.library.library import Verified
from runner.library.others import Found
from runner.library.trash import Removed
from runner.reader_client import ReaderClient
from runner.store.files import KnownFile

DEADLINE_S = 4 * 3600.0
"""For a file of a terabyte on a slow disk; a person can stop it at any time."""

CHECKED, REMOVED = "models-checked", "models-removed"


class Keeping(QObject):
    """Acts on models of this computer, and tells what came of it.

    Owned by: the Models page. Thread: GUI.
    """

    changed = Signal()
    """The list is another now."""
    checking = Signal(str, float)
    """A model is being read: its name, and how much of it, 0 to 1."""
    ended = Signal()
    """Nothing is being read any more."""
    found = Signal(object)
    """Models of other apps: a list of `Found`."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._reader: ReaderClient | None = None
        self._is_searching = False

    # ---- checking --------------------------------------------------------------------------------

    def verify(self, item: ShelfItem) -> None:
        """Reads every byte of a model and compares its hash with what was promised, if it was."""
        self.stop()
        # A process of its own: a large file takes minutes, and the inspector must not wait.
        reader = ReaderClient(self._context.porter, self._context.mailbox.post)
        self._reader = reader

        def done(hashed: Digests) -> None:
            if reader is self._reader:
                self.stop()
                self._on_hashed(item, hashed)

        def failed(error: RunnerError) -> None:
            if reader is self._reader:
                self.stop()
                self._context.notices.failure(error)

        def progress(count: int, total: int) -> None:
            if reader is self._reader and total:
                self.checking.emit(item.name, count / total)

        self.checking.emit(item.name, 0.0)
        reader.ask(
            "digests",
            arguments.Hash(path=str(item.path)),
            Digests,
            done,
            failed,
            progress=progress,
            deadline_s=DEADLINE_S,
            readable=files_of_model(item.path),
        )

    def stop(self) -> None:
        """Gives a check up."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()
            self.ended.emit()

    def _on_hashed(self, item: ShelfItem, hashed: Digests) -> None:
        checked = self._context.library.take_check(item.file, hashed.files, hashed.weights)
        self._context.notices.tell(self._told(item, checked))
        self.changed.emit()

    def _told(self, item: ShelfItem, checked: Verified) -> Notice:
        if checked.matches:
            text = self.tr("{name}: every byte is as the Hub listed it.").format(name=item.name)
            return Notice(level=Level.NOTE, said=Words(text, ""), key=CHECKED)
        if checked.matches is None:
            text = self.tr("{name} was read whole. Nobody promised a hash to compare with.")
            meaning = self.tr("SHA-256 now: {digest}").format(digest=", ".join(checked.sha256))
            return Notice(
                level=Level.NOTE, said=Words(text.format(name=item.name), meaning), key=CHECKED
            )
        text = self.tr("{name} is not the file that was listed.").format(name=item.name)
        meaning = self.tr(
            "Its SHA-256 is {now}; the Hub listed {promised}. It was changed or damaged since."
        ).format(now=", ".join(checked.sha256), promised=", ".join(checked.promised))
        remedy = self.tr("Remove it and download it again.")
        return Notice(level=Level.ALERT, said=Words(text, meaning, remedy), key=CHECKED)

    # ---- removing --------------------------------------------------------------------------------

    def remove(self, item: ShelfItem) -> None:
        """Moves an own model into the trash; takes another one off the list. Both can be undone."""
        try:
            removed = self._context.library.remove(item.file)
        except RunnerError as error:
            self._context.notices.failure(error)
            return
        self._context.mailbox.when(removed, lambda done: self._on_removed(item, done))

    def put_back(self, removed: Removed) -> None:
        """Puts a model back where it lay."""
        try:
            self._then_changed(self._context.library.undo(removed))
        except RunnerError as error:
            self._context.notices.failure(error)

    def trash(self) -> tuple[Removed, ...]:
        """Returns what can be put back, the latest first."""
        return self._context.library.removed()

    def empty_trash(self) -> None:
        """Removes for good what is in the trash; off this thread, for large files take a while."""
        work = partial(self._context.library.empty_trash, older_than_s=0.0)
        self._context.mailbox.aside("trash", work, self._on_emptied)

    def _on_emptied(self, emptied: "Future[int]") -> None:
        emptied.result()
        self.changed.emit()

    def _on_removed(self, item: ShelfItem, done: "Future[Removed | None]") -> None:
        error = done.exception()
        if isinstance(error, RunnerError):
            self._context.notices.failure(error)
            return
        removed = done.result()
        if removed is not None:
            text = self.tr("{name} is in the trash for 30 days.").format(name=item.name)
            undo = Action(self.tr("Put it back"), partial(self.put_back, removed))
        else:
            text = self.tr("{name} is off the list; its file was not touched.")
            text = text.format(name=item.name)
            undo = Action(self.tr("Put it back"), partial(self.adopt, [item.path]))
        self._context.notices.toast(text, undo)
        self.changed.emit()

    # ---- taking note -----------------------------------------------------------------------------

    def adopt(self, paths: Sequence[Path]) -> None:
        """Takes note of files where they lie."""
        for path in paths:
            try:
                self._then_changed(self._context.library.open(path))
            except RunnerError as error:
                self._context.notices.failure(error)

    def look_elsewhere(self) -> None:
        """Looks for models of other apps; `found` follows."""
        if self._is_searching:
            return
        self._is_searching = True
        work = self._context.library.found_elsewhere
        self._context.mailbox.aside("other apps", work, self._on_found)

    def _on_found(self, found: "Future[Sequence[Found]]") -> None:
        self._is_searching = False
        self.found.emit(list(found.result()))

    def _then_changed(self, done: "Future[KnownFile]") -> None:
        self._context.mailbox.when(done, lambda _: self.changed.emit())
