"""Files that come into a chat and go out of it: attachments, exports, imports."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from app.chat.composer.composer import Composer
from app.chat.running.controller import ChatController
from app.context import AppContext
from app.widgets.file_dialog import file_dialog
from inspector.documents import Document
from runner.errors import RunnerError
from runner.reader_client import ReaderClient
from runner.store.files_written import write_whole
from runner.store.values import Attachment, Chat, ChatId

IMPORT_BYTES = 256 * 1024 * 1024
DEADLINE_S = 30.0


class FilesInOut(QObject):
    """Reads what a person attaches, and writes what they export.

    Owned by: ChatPage. Thread: GUI.
    """

    def __init__(
        self,
        context: AppContext,
        reader: ReaderClient,
        controller: ChatController,
        composer: Composer,
        imported: Callable[[Chat], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._reader = reader
        self._controller = controller
        self._composer = composer
        self._imported = imported
        self._page = parent
        self._not_read = ""  # the notice of the file that could not be read last

    @Slot()
    def choose_attachment(self) -> None:
        """Asks for files to attach."""
        dialog = self._dialog(
            self.tr("Attach text or PDF files"), QFileDialog.FileMode.ExistingFiles
        )
        dialog.filesSelected.connect(self._on_files)
        dialog.open()

    @Slot()
    def choose_import(self) -> None:
        """Asks for an exported chat."""
        dialog = self._dialog(self.tr("Import a chat"), QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Exported chats (*.json)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self._on_import)
        dialog.open()

    def choose_export(self, chat_id: ChatId, ending: str) -> None:
        """Asks where a chat goes, and writes it there."""
        chat = self._context.store.chats.chat(chat_id)
        dialog = self._dialog(self.tr("Export this chat"), QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending)
        dialog.selectFile(f"{_file_name(chat.title)}.{ending}")
        dialog.fileSelected.connect(lambda name: self.export(chat_id, ending, Path(name)))
        dialog.open()

    # ---- the work ----------------------------------------------------------------------------

    def attach(self, path: Path) -> None:
        """Has the reader take the text out of a file."""
        if self._not_read:
            self._context.notices.withdraw(self._not_read)
            self._not_read = ""
        self._composer.reading_files(1)
        self._reader.ask(
            "document_text",
            {"path": str(path)},
            Document,
            self._on_document,
            self._on_not_read,
            deadline_s=DEADLINE_S,
            readable=[path],
        )

    def export(self, chat_id: ChatId, ending: str, path: Path) -> None:
        """Writes a chat as `md`, `html` or `json`."""
        chats = self._context.store.chats
        try:
            if ending == "json":
                content = chats.export_json(chat_id)
            elif ending == "html":
                content = chats.export_html(chat_id).encode()
            else:
                content = chats.export_markdown(chat_id).encode()
            write_whole(path, content)
        except RunnerError as error:
            self._tell(error)
        except OSError as error:
            self._context.notices.error("window.cannot_write", path=str(path), details=str(error))
        else:
            self._context.notices.toast(self.tr("Exported to {}").format(path.name))

    def import_chat(self, path: Path) -> None:
        """Adds a chat from a JSON file."""
        try:
            if path.stat().st_size > IMPORT_BYTES:
                raise RunnerError("chat.nothing_to_import", "too large")
            future = self._context.store.chats.import_json(path.read_bytes())
        except OSError as error:
            self._context.notices.error("chat.nothing_to_import", details=str(error))
            return
        except RunnerError as error:
            self._tell(error)
            return
        self._controller.after(future, self._imported)

    # ---- slots -------------------------------------------------------------------------------

    def _on_document(self, document: Document) -> None:
        attachment = Attachment(name=document.name, text=document.text, sha256=document.sha256)
        self._composer.attach(attachment)
        if document.cut:
            self._context.notices.toast(
                self.tr("Only the beginning of {} was taken.").format(document.name)
            )
        self._controller.count_text(
            document.text, lambda tokens: self._composer.set_tokens(document.sha256, tokens)
        )

    def _on_not_read(self, error: RunnerError) -> None:
        self._composer.reading_files(-1)
        self._not_read = error.code
        self._tell(error)

    @Slot(list)
    def _on_files(self, names: list[str]) -> None:
        for name in names:
            self.attach(Path(name))

    @Slot(str)
    def _on_import(self, name: str) -> None:
        self.import_chat(Path(name))

    def _tell(self, error: RunnerError) -> None:
        self._context.notices.failure(error)

    def _dialog(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        return file_dialog(self._context.settings, self._page, title, mode)


def _file_name(title: str) -> str:
    """Returns a title as a file's name."""
    kept = "".join(char if char.isalnum() or char in " -_" else " " for char in title)
    return " ".join(kept.split())[:60] or "chat"
