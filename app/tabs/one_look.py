"""What is read once of the inspected model, and shared by the tabs that show it."""

from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.model.ref import ModelRef
from runner.errors import RunnerError
from runner.reader_client import Ticket

T = TypeVar("T")

DEADLINE_S = 20.0


class OneLook(QObject, Generic[T]):
    """One answer of the reader on one model, or why there is none. A look says what is asked.

    A tab says what it looks at with `show`; the file is read once for all of them.

    Owned by: the tabs. Thread: GUI.

    Attributes:
        ref: the model looked at; None where there is none.
        found: what was found; None while it is read, and where it failed.
        error: why nothing was found.
    """

    changed = Signal()
    """Another model, or something new about this one."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._ticket: Ticket | None = None
        self.ref: ModelRef | None = None
        self.found: T | None = None
        self.error: RunnerError | None = None

    @property
    def is_reading(self) -> bool:
        """Whether an answer is still to come."""
        return self._ticket is not None

    def show(self, ref: ModelRef | None) -> None:
        """Looks at a model; nothing happens where it is looked at already."""
        if ref == self.ref and (self.found is not None or self._ticket is not None):
            return
        self.ref, self.found = ref, None
        self.read_again()

    def read_again(self) -> None:
        """Reads it once more, after a failure or a change of what is asked.

        What was found stays until there is something newer.
        """
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket, self.error = None, None
        if self.ref is not None:
            self._ticket = self.begin(self.ref)
        self.changed.emit()

    def begin(self, ref: ModelRef) -> Ticket:
        """Asks the reader; the answer goes to `on_found`, a failure to `on_failed`."""
        raise NotImplementedError

    def on_found(self, found: T) -> None:
        """Takes an answer."""
        self._ticket, self.found = None, found
        self.changed.emit()

    def on_failed(self, error: RunnerError) -> None:
        """Takes a failure."""
        self._ticket, self.error = None, error
        self.changed.emit()
