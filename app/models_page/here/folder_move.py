"""Moves the models folder: on a thread, with progress, and back again where a person wants that."""

import threading
import time
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.model.files import models_folder_in
from app.notices import Action
from runner.errors import RunnerError
from runner.session import SessionState

TELL_S = 0.1
"""How often the window hears how far a copy is."""

BUSY = frozenset({SessionState.ANSWERING, SessionState.STOPPING, SessionState.LOADING})


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A move as a person is asked about it.

    Attributes:
        count: models of the library that lie in the folder, and `size` their bytes.
        loaded: the loaded model's file, where it is one of them.
    """

    old: Path
    new: Path
    count: int
    size: int
    loaded: Path | None = None


class FolderMove(QObject):
    """The move that is under way, if one is.

    Owned by: the Models page. Thread: GUI; the work has a thread of its own.
    """

    began = Signal(object)
    """A `Plan` is being carried out."""
    moved = Signal(int, int)
    """So many bytes of so many are through."""
    ended = Signal()
    """It is over, however it ended."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._thread: threading.Thread | None = None
        self._unwanted = threading.Event()
        self._reload: Path | None = None
        context.models.state_changed.connect(self._on_state)

    @property
    def is_moving(self) -> bool:
        """Whether models are on their way."""
        return self._thread is not None

    def plan(self, new: Path) -> Plan:
        """Returns what a move to `new` would do; nothing is moved."""
        old = models_folder_in(self._context.settings.current)
        own = [entry for entry in self._context.library.entries() if entry.is_own]
        current = self._context.models.current
        is_inside = current is not None and current.path.is_relative_to(old)
        return Plan(
            old=old,
            new=new,
            count=len(own),
            size=sum(entry.size for entry in own),
            loaded=current.path if current is not None and is_inside else None,
        )

    def only_new_ones(self, new: Path) -> None:
        """Has later downloads go to `new`; what is there stays and is used where it lies."""
        self._context.settings.change("models", folder=str(new))
        self._context.notices.toast(self.tr("New downloads go to {folder}.").format(folder=new))
        self.ended.emit()

    def start(self, plan: Plan) -> None:
        """Moves everything; `ended` follows, and what came of it is told."""
        if self.is_moving:
            return
        self._unwanted.clear()
        self._thread = threading.Thread(target=self._work, args=(plan,), name="move", daemon=True)
        self.began.emit(plan)
        self._thread.start()

    def stop(self) -> None:
        """Gives the move up: what was copied is removed again, and every model is where it was."""
        self._unwanted.set()

    def close(self) -> None:
        """Waits until nothing is written any more."""
        self.stop()
        if self._thread is not None:
            self._thread.join()

    # ---- the work, on its own thread -------------------------------------------------------------

    def _work(self, plan: Plan) -> None:
        told = 0.0

        def tell(done: int, total: int) -> None:
            nonlocal told
            now = time.monotonic()
            if done >= total or now - told > TELL_S:
                told = now
                self._context.mailbox.post(partial(self.moved.emit, done, total))

        try:
            was_moved = self._context.library.move_folder(plan.new, tell, self._unwanted.is_set)
        except RunnerError as error:
            self._context.mailbox.post(partial(self._on_failed, error))
            return
        self._context.mailbox.post(partial(self._on_done, plan, was_moved))

    # ---- and back on the window's ----------------------------------------------------------------

    def _on_failed(self, error: RunnerError) -> None:
        self._thread = None
        self._context.notices.failure(error)
        self.ended.emit()

    def _on_done(self, plan: Plan, was_moved: bool) -> None:
        self._thread = None
        if not was_moved:
            self._context.notices.toast(
                self.tr("The move was stopped. Every model is where it was.")
            )
        else:
            self._settle(plan)
            text = self.tr("The models are in {folder} now.").format(folder=plan.new)
            back = partial(self._back, plan)
            self._context.notices.toast(text, Action(self.tr("Move them back"), back))
        self.ended.emit()

    def _settle(self, plan: Plan) -> None:
        self._context.settings.change("models", folder=str(plan.new))
        self._context.library.move_settled()
        # Another one may have been opened meanwhile.
        current = self._context.models.current
        if current is not None and current.path.is_relative_to(plan.old):
            self._reload = plan.new / current.path.relative_to(plan.old)
            self._on_state(self._context.models.state)

    def _back(self, plan: Plan) -> None:
        self.start(self.plan(plan.old))

    def _on_state(self, state: SessionState) -> None:
        """Loads the model again from where it lies now, once nobody waits for its words."""
        if self._reload is not None and state not in BUSY:
            path, self._reload = self._reload, None
            self._context.models.open(path)
