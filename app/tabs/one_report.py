"""The frame of a tab that asks the reader for one report on the inspected model, and shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.context import AppContext
from app.dossier.papers import Kept, kept_of
from app.model.ref import ModelRef
from app.tabs.stage import Stage
from runner.errors import RunnerError
from runner.library.splits import first_of_split
from runner.reader_client import Ticket

DEADLINE_S = 20.0


def kept_texts_of(context: AppContext, path: Path) -> Kept:
    """Returns the texts that were kept with a file; none where the store can't be read now."""
    try:
        return kept_of(context.store, first_of_split(path))
    except RunnerError:
        # What lies beside the file is read all the same, and the report names what it read.
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the reader is asked.

    Attributes:
        shape: of its answer.
        readable: the files that it needs.
        waiting: what is shown while it reads.
    """

    job: str
    asked: object
    shape: type[Any]
    readable: Sequence[Path]
    waiting: str


class OneReportTab(QWidget):
    """Reads a model's report when it is shown, and once for each model. A tab says what and how.

    Thread: GUI.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._ref: ModelRef | None = None
        self._ticket: Ticket | None = None
        self._has_report = False
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._scroll.viewport().setAutoFillBackground(False)
        self._stage = Stage(context.theme, self._scroll)
        self._stage.again_wanted.connect(self._read)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stage)

    def show_model(self, ref: ModelRef | None) -> None:
        """Shows this model's report from now on."""
        if ref == self._ref and (self._has_report or self._ticket is not None):
            return
        self._ref, self._has_report = ref, False
        self.on_model(ref)
        self._read()

    @property
    def stage(self) -> Stage:
        """What is shown: the content, a wait or a failure."""
        return self._stage

    def shows(self, path: Path) -> bool:
        """Whether the file at `path` has been looked at, with or without success."""
        return self._ticket is None and self._ref is not None and self._ref.path == path

    # ---- what a tab says of itself --------------------------------------------------------------

    def question(self, ref: ModelRef) -> Question:
        """Returns what the reader is asked about a model."""
        raise NotImplementedError

    def on_model(self, ref: ModelRef | None) -> None:
        """Forgets what was shown of another model."""

    def show_report(self, report: Any) -> None:
        """Shows what was read."""
        raise NotImplementedError

    # ---- reading --------------------------------------------------------------------------------

    def _read(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
        if self._ref is None:
            return
        question = self.question(self._ref)
        self._ticket = self._context.reader.ask(
            question.job,
            question.asked,
            question.shape,
            self._on_read,
            self._on_failed,
            deadline_s=DEADLINE_S,
            readable=question.readable,
        )
        self._stage.wait(question.waiting)

    def _on_read(self, report: Any) -> None:
        self._ticket, self._has_report = None, True
        self.show_report(report)
        self._stage.show_content()

    def _on_failed(self, error: RunnerError) -> None:
        self._ticket = None
        self._stage.fail(error)
