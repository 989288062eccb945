"""One look at the inspected model, shared by the tabs that show its file."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.model.files import files_of_model
from app.model.ref import ModelRef
from app.reader import arguments
from inspector.inspection import Inspection
from runner import hardware
from runner.errors import RunnerError
from runner.reader_client import Ticket
from runner.session import SessionState

T = TypeVar("T")

DEADLINE_S = 20.0


class ModelLook(QObject):
    """What the reader found in the inspected model's file, or why it found nothing.

    A tab says what it looks at with `show`; the file is read once for all of them.

    Owned by: the tabs. Thread: GUI.

    Attributes:
        ref: the model looked at; None where there is none.
        looked: what was found; None while it is read, and where it failed.
        error: why nothing was found.
    """

    changed = Signal()
    """Another model, or something new about this one."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._ticket: Ticket | None = None
        self._was_loaded = False
        self.ref: ModelRef | None = None
        self.looked: Inspection | None = None
        self.error: RunnerError | None = None
        context.models.state_changed.connect(self._on_state)

    @property
    def is_loaded(self) -> bool:
        """Whether this is the model that the engine holds."""
        models = self._context.models
        return models.loaded is not None and self.ref is not None and models.current == self.ref

    def show(self, ref: ModelRef | None) -> None:
        """Looks at a model; nothing happens where it is looked at already."""
        if ref == self.ref and (self.looked is not None or self._ticket is not None):
            return
        self.ref, self.looked = ref, None
        self.read_again()

    def read_again(self) -> None:
        """Reads the file once more, after a failure or a change of its settings."""
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket, self.error = None, None
        if self.ref is not None:
            memory = hardware.memory()
            self._was_loaded = self.is_loaded
            self._ticket = self.ask(
                "inspect",
                arguments.Inspect(
                    path=str(self.ref.path),
                    context=self._tokens(),
                    free_bytes=memory.free if memory else None,
                ),
                Inspection,
                self._on_looked,
                self._on_failed,
            )
        self.changed.emit()

    def ask(
        self,
        job: str,
        asked: object,
        shape: type[T],
        done: Callable[[T], None],
        failed: Callable[[RunnerError], None],
        *,
        progress: Callable[[int, int], None] | None = None,
        deadline_s: float = DEADLINE_S,
    ) -> Ticket:
        """Asks the reader for something of this model."""
        path = self.ref.path if self.ref else Path()
        return self._context.reader.ask(
            job,
            asked,
            shape,
            done,
            failed,
            progress=progress,
            deadline_s=deadline_s,
            readable=files_of_model(path),
        )

    def _tokens(self) -> int:
        """Returns the context that memory is worked out for: what is in force, or would be."""
        loaded = self._context.models.loaded
        if self.is_loaded and loaded is not None:
            return loaded.context
        return self._context.settings.current.running.context

    def _on_looked(self, looked: Inspection) -> None:
        self._ticket, self.looked = None, looked
        if not self._follow():
            self.changed.emit()

    def _on_failed(self, error: RunnerError) -> None:
        self._ticket, self.error = None, error
        self.changed.emit()

    def _on_state(self, state: SessionState) -> None:
        if state in {SessionState.READY, SessionState.IDLE, SessionState.FAILED}:
            self._follow()

    def _follow(self) -> bool:
        """Reads again where the model was loaded or let go, or got another context, meanwhile.

        What it needs, and how much memory is free, are then other numbers.
        """
        if self.looked is None:
            return False
        summary = self.looked.summary
        wanted = self._tokens() or summary.context_trained.number or 0
        if wanted == summary.memory.context and self.is_loaded == self._was_loaded:
            return False
        self.read_again()
        return True
