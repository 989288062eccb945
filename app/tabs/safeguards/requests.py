"""Which requests the bench puts: a set that comes along or a person's file, and how many of it."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.context import AppContext
from app.reader import arguments
from app.tabs.licence.statements import wrapping
from app.theme.looks import Look, set_look
from app.widgets.file_dialog import file_dialog
from app.widgets.segments import Segments
from app.words.bench import bench_texts, prompts_words, published_words, set_title
from inspector.safeguards.prompts import PromptSet, shipped_prompts
from runner.errors import RunnerError
from runner.reader_client import Ticket

SOME = (10, 50)
"""Shorter measurements that are offered; each kind of request has its share of them."""

FILE = "file"
_READ_S = 10.0


class Requests(QWidget):
    """A choice of requests, with whose they are.

    Owned by: the bench. Thread: GUI.
    """

    failed = Signal(object)
    """A `RunnerError`: the file could not be read."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._shipped = shipped_prompts()
        self._opened: PromptSet | None = None
        self._prompts = self._shipped[0]
        self._ticket: Ticket | None = None
        said = bench_texts().said
        which = QLabel(said["sets"])
        set_look(which, Look.SMALL)
        sets = [(str(at), set_title(one)) for at, one in enumerate(self._shipped)]
        self.sets = Segments([*sets, (FILE, "")], wraps=True)
        self.sets.choose("0")
        self.sets.chosen.connect(self._on_set)
        self._said = wrapping("")
        self.open_file = QPushButton(said["open_prompts"])
        set_look(self.open_file, Look.LINK)
        self.open_file.setToolTip(said["open_tip"])
        self.open_file.clicked.connect(self._on_open)
        some = [(str(SOME[0]), said["ten"]), (str(SOME[1]), said["fifty"])]
        self.most = Segments([*some, ("0", "")], wraps=True)
        self.most.choose(str(SOME[1]))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(context.theme.px("space_1"))
        for part in (which, self.sets, self._said):
            column.addWidget(part)
        column.addWidget(self.open_file, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self.most)
        self._show()

    @property
    def prompts(self) -> PromptSet:
        """The set that would be put."""
        return self._prompts

    @property
    def count(self) -> int:
        """How many of it; 0 for all."""
        return int(self.most.current() or 0)

    def read(self, path: Path) -> None:
        """Takes the requests of a file that a person has chosen."""
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket = self._context.reader.ask(
            "prompts",
            arguments.PromptFile(path=str(path)),
            PromptSet,
            self._on_read,
            self._on_failed,
            deadline_s=_READ_S,
            readable=(path,),
        )

    def _show(self) -> None:
        self._said.setText(prompts_words(self._prompts))
        published = self._prompts.published
        tip = published_words(published) if published else ""
        self._said.setToolTip(tip)
        self._said.setAccessibleDescription(tip)
        self.sets.set_offered(FILE, is_offered=self._opened is not None)
        if self._opened is not None:
            self.sets.set_title(FILE, set_title(self._opened))
        count = len(self._prompts.prompts)
        self.most.set_title("0", bench_texts().said["all"].format(count=count))
        for some in SOME:
            self.most.set_offered(str(some), is_offered=some < count)
        if self.count >= count:
            self.most.choose("0")

    def _on_set(self, key: str) -> None:
        if key != FILE:
            self._prompts = self._shipped[int(key)]
            self.most.choose(str(SOME[1]))
        elif self._opened is not None:
            self._prompts = self._opened
        self._show()

    def _on_open(self) -> None:
        title = bench_texts().said["open_prompts"].rstrip("…")
        dialog = file_dialog(self._context.settings, self, title)
        dialog.setNameFilter(self.tr("Texts and tables (*.txt *.csv *.tsv *.md)"))
        dialog.fileSelected.connect(lambda name: self.read(Path(name)))
        dialog.open()

    def _on_read(self, prompts: PromptSet) -> None:
        self._ticket, self._prompts, self._opened = None, prompts, prompts
        self.sets.choose(FILE)
        self._show()

    def _on_failed(self, error: RunnerError) -> None:
        self._ticket = None
        self.failed.emit(error)
