"""One look at the inspected model, shared by the tabs that show its file."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject

from app.context import AppContext
from app.model.files import files_of_model
from app.model.ref import ModelRef
from app.reader import arguments
from app.tabs.one_look import DEADLINE_S, OneLook
from inspector.inspection import Inspection
from runner import hardware
from runner.errors import RunnerError
from runner.reader_client import Ticket
from runner.session import SessionState

T = TypeVar("T")


class ModelLook(OneLook[Inspection]):
    """What the reader found in the inspected model's file, or why it found nothing."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._was_loaded = False
        context.models.state_changed.connect(self._on_state)

    @property
    def looked(self) -> Inspection | None:
        """What was found; None while it is read, and where it failed."""
        return self.found

    @property
    def is_loaded(self) -> bool:
        """Whether this is the model that the engine holds."""
        models = self._context.models
        return models.loaded is not None and self.ref is not None and models.current == self.ref

    def begin(self, ref: ModelRef) -> Ticket:
        """Asks for the header, with what it would need of the memory that is free now."""
        memory = hardware.memory()
        self._was_loaded = self.is_loaded
        return self.ask(
            "inspect",
            arguments.Inspect(
                path=str(ref.path),
                context=self._tokens(),
                free_bytes=memory.free if memory else None,
            ),
            Inspection,
            self.on_found,
            self.on_failed,
        )

    def on_found(self, found: Inspection) -> None:
        """Takes an answer, and asks again where it is of another state than the present one."""
        self._ticket, self.found = None, found
        if not self._follow():
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
