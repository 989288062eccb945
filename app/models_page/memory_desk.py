"""Keeps, for each load, what was worked out beforehand beside what the model's process then took."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.model.files import files_of_model
from app.reader import arguments
from app.window.memory import resident_bytes
from inspector.inspection import Inspection
from runner.errors import RunnerError
from runner.protocol.engine import Loaded
from runner.session import SessionState
from runner.store.memory import MemoryUse

DEADLINE_S = 20.0


class MemoryDesk(QObject):
    """Looks at the model's process when it is ready, and after each answer.

    Owned by: the window process. Thread: GUI.
    """

    kept = Signal()
    """There is a new figure."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._loaded: Loaded | None = None
        self._use: MemoryUse | None = None
        context.models.state_changed.connect(self._on_state)
        self._on_state(context.models.state)

    def _on_state(self, state: SessionState) -> None:
        models = self._context.models
        if state is not SessionState.READY or models.loaded is None or models.current is None:
            return
        if models.loaded is not self._loaded:
            self._loaded, self._use = models.loaded, None
            self._predict(models.current.path, models.loaded)
        else:
            self._look()

    def _predict(self, path: Path, loaded: Loaded) -> None:
        """Has the sum worked out for the context that is in force."""

        def done(looked: Inspection) -> None:
            total = looked.summary.memory.total.number
            if loaded is not self._loaded or total is None:
                return
            self._use = MemoryUse(
                name=path.name,
                size=looked.files[0].bytes,
                context=loaded.context,
                layers_offloaded=loaded.layers_offloaded,
                predicted=int(total),
                loaded=loaded.memory_bytes,
                most=loaded.memory_bytes,
            )
            self._look()

        def failed(_: RunnerError) -> None:
            # Without a sum there is nothing to compare with; the inspector says why there is none.
            self._use = None

        self._context.reader.ask(
            "inspect",
            arguments.Inspect(path=str(path), context=loaded.context),
            Inspection,
            done,
            failed,
            deadline_s=DEADLINE_S,
            readable=files_of_model(path),
        )

    def _look(self) -> None:
        child, use = self._context.session.child, self._use
        if child is None or use is None:
            return
        now = resident_bytes(child.pid)
        self._use = MemoryUse(
            name=use.name,
            size=use.size,
            context=use.context,
            layers_offloaded=use.layers_offloaded,
            predicted=use.predicted,
            loaded=use.loaded,
            most=max(use.most, now),
        )
        kept = self._context.store.memory.keep(self._use)
        self._context.mailbox.when(kept, lambda _: self.kept.emit())
