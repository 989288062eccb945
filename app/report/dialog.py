"""Saving a report from the window: which runs go in, where to, and how far it has come."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.context import AppContext
from app.model.ref import ModelRef
from app.reader.report import ReportParts
from app.report.gather import Chosen, content_of, judged_of, ledger_head, runs_of
from app.report.look import ReportLook
from app.report.save import save
from app.review.openness import Reviews, judged_file
from app.theme.looks import Look, set_look
from app.widgets.progress import DelayedProgress
from app.widgets.scrolled import scrolled
from app.words.facts import when_words
from app.words.report import report_words
from inspector.gguf.digests import Digests
from runner.errors import RunnerError
from runner.reader_client import ReaderClient
from runner.store.reading import chats_of_file
from runner.store.values import Chat, ChatId

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
        self._folder = Path()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words, px = report_words().window, context.theme.px
        self.setWindowTitle(words["title"].format(name=ref.name))
        title, about = QLabel(self.windowTitle()), QLabel(words["about"])
        set_look(title, Look.HEADING)
        set_look(about, Look.SMALL)
        self._boxes: dict[ChatId, QCheckBox] = {}
        self._chats = self._make_chats()
        has_chats = bool(self._boxes)
        which = QLabel(words["runs"] if has_chats else words["no_runs"])
        self._chats.setVisible(has_chats)
        for label in (title, about, which):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
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
        column = QVBoxLayout(self)
        edge = px("space_2")
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(px("space_1"))
        for widget in (title, about, which, self._chats):
            column.addWidget(widget)
        column.addStretch(1)
        column.addLayout(buttons)
        self.resize(px("space_6") * 9, px("space_6") * (8 if has_chats else 4))

    @property
    def boxes(self) -> dict[ChatId, QCheckBox]:
        """The chats that can be put in, each with a box to tick, the latest first."""
        return self._boxes

    @property
    def is_working(self) -> bool:
        """Whether a report is being made."""
        return self._look is not None

    def save_in(self, folder: Path) -> None:
        """Makes the report, and saves it in a new folder inside this one."""
        self._stop()
        self._folder = _new_folder(folder, self._ref.path.stem)
        self._hashing = ReaderClient(self._context.porter, self._context.mailbox.post)
        self._look = ReportLook(
            self._context.reader,
            self._hashing,
            self._context.store,
            self._on_read,
            self._on_failed,
            self._progress.report,
        )
        self._save.setEnabled(False)
        self._progress.begin(report_words().window["working"])
        self._look.start(self._ref.path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Gives up what is under way."""
        self._stop()
        super().closeEvent(event)

    def _make_chats(self) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        for chat in self._chats_of_file():
            when = when_words(datetime.fromtimestamp(chat.changed, UTC))
            box = QCheckBox(f"{chat.title or self.tr('Untitled')} · {when}".replace("&", "&&"))
            self._boxes[chat.id] = box
            column.addWidget(box)
        column.addStretch(1)
        area = scrolled(inside)
        area.setAccessibleName(report_words().window["runs"])
        return area

    def _chats_of_file(self) -> list[Chat]:
        """Returns the kept chats in which this file answered something, the latest first."""
        store = self._context.store
        found = chats_of_file(store.database, self._ref.path.name, MOST_CHATS)
        by_id = {chat.id: chat for chat in store.chats.list()}
        return [by_id[chat] for chat in found if chat in by_id]

    def _choose(self) -> None:
        dialog = QFileDialog(self, report_words().window["choose"])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda chosen: self.save_in(Path(chosen)))
        dialog.open()

    def _on_read(self, parts: ReportParts, hashed: Digests | None) -> None:
        self._stop()
        try:
            save(content_of(parts, hashed, self._chosen(hashed)), self._folder)
        except RunnerError as error:
            self._context.notices.failure(error)
            return
        told = report_words().window["saved"].format(folder=self._folder)
        self._context.notices.toast(told)
        self.saved.emit(self._folder)
        self.close()

    def _on_failed(self, error: RunnerError) -> None:
        self._stop()
        self._context.notices.failure(error)

    def _chosen(self, hashed: Digests | None) -> Chosen:
        store = self._context.store
        ticked = [chat for chat, box in self._boxes.items() if box.isChecked()]
        file = judged_file(self._ref)
        if hashed is not None and len(hashed.files) == 1 and not file.sha256:
            file = type(file)(name=file.name, size=file.size, sha256=hashed.files[0])
        return Chosen(
            runs=tuple(run for chat in ticked for run in runs_of(store, chat)),
            reviews=Reviews(store).of(file),
            worksheet=Reviews(store).worksheet(file),
            judged=judged_of(store, file),
            ledger=ledger_head(store),
        )

    def _stop(self) -> None:
        look, self._look = self._look, None
        if look is not None:
            look.cancel()
        hashing, self._hashing = self._hashing, None
        if hashing is not None:
            hashing.close()
        self._progress.end()
        self._save.setEnabled(True)


def _new_folder(folder: Path, stem: str) -> Path:
    """Returns a folder for a report that isn't there yet, so that an older one stays."""
    name = f"{stem}-report"
    found, number = folder / name, 1
    while found.exists():
        number += 1
        found = folder / f"{name}-{number}"
    return found
