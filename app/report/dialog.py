"""Saving a report from the window: which runs go in, where to, and how far it has come."""

from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.context import AppContext
from app.dossier.forebears import settled_folders
from app.model.ref import ModelRef
from app.reader.report import ReportParts
from app.report.choice import RECORDED, ReportChoice
from app.report.conclusion import ConclusionBox
from app.report.gather import Chosen, content_of, ledger_head
from app.report.kept import file_by, kept_of
from app.report.look import CardsFrom, ReportLook
from app.report.papers import copy_papers
from app.report.preview import preview
from app.report.save import new_folder, save
from app.report.whole import WholeRead, keep_fingerprints
from app.review.conclusion import keep_conclusion
from app.review.openness import judged_file
from app.theme.looks import Look, set_look
from app.widgets.file_dialog import file_dialog
from app.widgets.progress import DelayedProgress
from app.widgets.scrolled import scrolled
from app.words.checked import left_out_words
from app.words.report import report_words
from inspector.gguf.digests import Digests
from runner.errors import RunnerError
from runner.reader_client import ReaderClient
from runner.store.judged_file import JudgedFile
from runner.store.reading import chats_of_file
from runner.store.runs_seen import runs_of_file
from runner.store.values import Chat

MOST_CHATS = 200
"""Chats that are offered, the latest first."""


class ReportDialog(QDialog):
    """Asks what goes into a report on one model, has it made, and saves both files.

    Thread: GUI; the model is read in two processes, of which closing ends one.
    """

    saved = Signal(object)
    """The folder that both files lie in."""

    def __init__(self, context: AppContext, ref: ModelRef, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._ref = context, ref
        self._look: ReportLook | None = None
        self._hashing: ReaderClient | None = None
        self._whole: WholeRead | None = None
        self._hashed: Digests | None = None
        self._folder: Path | None = None
        self._still = ""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words, px = report_words().window, context.theme.px
        self.setWindowTitle(words["title"].format(name=ref.name))
        title, about = QLabel(self.windowTitle()), QLabel(words["about"])
        set_look(title, Look.HEADING)
        set_look(about, Look.SMALL)
        self._recorded, kept = self._recorded_here(), self._kept_of_file()
        self._choice = ReportChoice(
            context.theme,
            context.store,
            self._chats_of_file(),
            ref.path.name,
            kept,
            recorded=self._recorded,
        )
        self._choice.changed.connect(self._show_preview)
        self._concluded = kept.conclusion
        self.conclusion = ConclusionBox(context.theme, self._concluded)
        self.conclusion.changed.connect(self._show_preview)
        self.which, goes = QLabel(), QLabel(words["goes"])
        for label in (title, about, self.which, goes):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.papers = QCheckBox(words["papers"])
        self.papers.setToolTip(words["papers_tip"])
        self._preview = QPlainTextEdit()
        self._preview.setReadOnly(True)
        self._preview.setAccessibleName(words["goes"])
        goes.setBuddy(self._preview)
        self._progress = DelayedProgress(can_stop=True)
        self._progress.stop_wanted.connect(self._stop)
        self._save = QPushButton(words["choose"])
        set_look(self._save, Look.PRIMARY)
        self._save.clicked.connect(self._choose)
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addWidget(self._progress, 1)
        buttons.addStretch(0)
        buttons.addWidget(close)
        buttons.addWidget(self._save)
        self._area = scrolled(self._choice)
        self._area.setAccessibleName(words["choice"])
        # Where there is nothing to choose, the area is hidden and this keeps its place.
        self._gap = QWidget()
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.which)
        left.addWidget(self._area, 1)
        left.addWidget(self._gap, 1)
        left.addWidget(self.conclusion)
        left.addWidget(self.papers)
        right.addWidget(goes)
        right.addWidget(self._preview, 1)
        both = QHBoxLayout()
        both.setSpacing(px("space_2"))
        both.addLayout(left, 4)
        both.addLayout(right, 5)
        column = QVBoxLayout(self)
        edge = px("space_2")
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(px("space_1"))
        column.addWidget(title)
        column.addWidget(about)
        column.addLayout(both, 1)
        column.addLayout(buttons)
        self.resize(px("space_6") * 18, px("space_6") * 11)
        self._show_choice()
        if not self._file().sha256:
            self._read_whole()

    @property
    def choice(self) -> ReportChoice:
        """What can be put in or left out."""
        return self._choice

    def preview(self) -> str:
        """Returns what is said to go in."""
        return self._preview.toPlainText()

    @property
    def is_working(self) -> bool:
        """Whether a report is being made, or will be as soon as the file was read."""
        return self._look is not None or self._folder is not None

    def save_in(self, folder: Path) -> None:
        """Makes the report, and saves it in a new folder inside this one."""
        self._keep_conclusion()
        self._folder = new_folder(folder, self._ref.path.stem)
        self._save.setEnabled(False)
        self._choice.setEnabled(False)
        if self._whole is None:
            self._make()

    def _make(self) -> None:
        if self._hashed is None:
            self._hashing = ReaderClient(self._context.porter, self._context.mailbox.post)
        folder_set = self._context.settings.current.models.folder
        self._look = ReportLook(
            self._context.reader,
            self._hashing,
            self._context.store,
            self._on_read,
            self._on_failed,
            self._progress.report,
            hashed=self._hashed,
            with_runs=self._choice.has(RECORDED),
            forebears=CardsFrom(self._context.store, settled_folders(folder_set)),
        )
        self._progress.begin(report_words().window["working"])
        self._look.start(self._ref.path)

    def _read_whole(self) -> None:
        """Begins with what the terminal begins with, too: what was kept is kept of bytes, not of a name."""
        words, context = report_words().window, self._context
        self._still = words["still"]
        self._whole = WholeRead(
            context.porter, context.mailbox.post, self._on_whole, self._on_not_whole, self._progress.report
        )  # fmt: skip
        self._progress.begin(words["first"])
        self._show_preview()
        self._whole.start(self._ref.path)

    def _on_whole(self, hashed: Digests) -> None:
        self._whole, self._hashed, self._still = None, hashed, ""
        self._progress.end()
        keep_fingerprints(self._context.library, self._context.mailbox, self._ref.path, hashed)
        is_more = self._show_kept(self._kept_of_file())
        if self._folder is None:
            return
        if is_more:
            # Nobody has seen what came to it, so nobody has said that it may go out.
            self._stop()
            self.which.setText(report_words().window["more_found"])
        else:
            self._make()

    def _show_kept(self, kept: Chosen) -> bool:
        """Shows what was kept; returns whether it is more or other than what was shown before."""
        is_filled = self.conclusion.take(kept.conclusion)
        if is_filled:
            self._concluded = kept.conclusion
        is_other = self._choice.show_kept(kept, self._recorded)
        self._show_choice()
        return is_filled or is_other

    def _on_not_whole(self, error: RunnerError) -> None:
        self._whole = None
        self._stop()
        self._context.notices.failure(error)

    def _show_choice(self) -> None:
        words, is_empty = report_words().window, self._choice.is_empty
        self.which.setText(words["nothing_kept" if is_empty else "choice"])
        self._area.setVisible(not is_empty)
        self._gap.setVisible(is_empty)
        self._show_preview()

    def done(self, result: int) -> None:
        """Gives up what is under way, however it is closed, by Escape too; what was written is kept."""
        self._keep_conclusion()
        self._stop()
        super().done(result)

    def _chosen(self) -> Chosen:
        return replace(self._choice.chosen(), conclusion=self.conclusion.said())

    def _keep_conclusion(self) -> None:
        """Keeps what was written with the verdicts, for the next report on this file."""
        said = self.conclusion.said()
        if said != self._concluded:
            self._concluded = said
            written = keep_conclusion(self._context.store, self._file(), said)
            notices = self._context.notices

            def told(done: "Future[None]") -> None:
                error = done.exception()
                if isinstance(error, RunnerError):
                    notices.failure(error)

            self._context.mailbox.when(written, told)

    def _show_preview(self) -> None:
        recorded = self._recorded if self._choice.has(RECORDED) else 0
        told = preview(self._chosen(), recorded=recorded, still=self._still)
        self._preview.setPlainText(told)

    def _kept_of_file(self) -> Chosen:
        """Returns everything that people said of the file and the bench measured."""
        try:
            return kept_of(self._context.store, self._file())
        except RunnerError as error:
            self._context.notices.failure(error)
            return Chosen()

    def _file(self) -> JudgedFile:
        file = judged_file(self._ref)
        if self._hashed is not None:
            return file_by(file.name, file.size, self._hashed)
        sha256 = file.sha256 or self._context.models.digest_of(self._ref.path) or ""
        return JudgedFile(name=file.name, size=file.size, sha256=sha256)

    def _recorded_here(self) -> int:
        """Returns how many recorded answers of the file the rules on claims look at."""
        file = self._file()
        return len(runs_of_file(self._context.store.database, file.name, file.size))

    def _chats_of_file(self) -> list[Chat]:
        """Returns the kept chats in which this file answered something, the latest first."""
        store = self._context.store
        found = chats_of_file(store.database, self._ref.path.name, MOST_CHATS)
        by_id = {chat.id: chat for chat in store.chats.list()}
        return [by_id[chat] for chat in found if chat in by_id]

    def _choose(self) -> None:
        title = report_words().window["choose"].rstrip("…")
        mode = QFileDialog.FileMode.Directory
        dialog = file_dialog(self._context.settings, self, title, mode)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda chosen: self.save_in(Path(chosen)))
        dialog.open()

    def _on_read(self, parts: ReportParts, hashed: Digests | None) -> None:
        folder = self._folder
        self._stop()
        if folder is None:
            return
        try:
            head = ledger_head(self._context.store)
            chosen = replace(self._chosen(), ledger=head)
            content = content_of(parts, hashed, chosen)
            save(content, folder)
            is_wanted = self.papers.isChecked()
            left_out = copy_papers(content, self._ref.path, folder) if is_wanted else ()
        except RunnerError as error:
            self._context.notices.failure(error)
            return
        told = report_words().window["saved"].format(folder=folder)
        self._context.notices.toast(
            " ".join([told, left_out_words(left_out)]) if left_out else told
        )
        self.saved.emit(folder)
        self.close()

    def _on_failed(self, error: RunnerError) -> None:
        self._stop()
        self._context.notices.failure(error)

    def _stop(self) -> None:
        self._folder = None
        whole, self._whole = self._whole, None
        if whole is not None:
            whole.cancel()
            self._still = report_words().window["not_whole"]
            self._show_preview()
        look, self._look = self._look, None
        if look is not None:
            look.cancel()
        hashing, self._hashing = self._hashing, None
        if hashing is not None:
            hashing.close()
        self._progress.end()
        self._save.setEnabled(True)
        self._choice.setEnabled(True)
