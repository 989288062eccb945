"""Has a repository looked at: asks at the door, holds the visit, and lets go of it whatever comes."""

from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.dossier.repository_look import Looked, RepositoryLook
from app.network.door import Visit
from runner.errors import RunnerError


class RepositoryDesk(QObject):
    """One look at a time; a new one takes the place of the one under way.

    Owned by: the Openness tab. Thread: GUI.
    """

    looked = Signal(object)
    """A `Looked`."""
    failed = Signal(object)
    """A `RunnerError`."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._visit: Visit | None = None
        self._look: RepositoryLook | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a look is under way, or waits for the person's answer."""
        return self._visit is not None

    def look(self, name: str) -> None:
        """Looks at a repository, if the person lets it."""
        # Late: who is asked for is described by modules that a look at a file never needs.
        from app.network.purposes import purpose

        self.stop()
        wanted = purpose("openness", repository=name)
        self._visit = self._context.network.use(
            wanted, lambda visit: self._begin(visit, name), self._on_failed
        )

    def stop(self) -> None:
        """Gives up what is under way."""
        look, self._look = self._look, None
        if look is not None:
            look.cancel()
        visit, self._visit = self._visit, None
        if visit is not None:
            visit.close()

    def _begin(self, visit: Visit, name: str) -> None:
        self._visit = visit
        reader = self._context.reader
        self._look = RepositoryLook(
            visit.courier, reader, visit.why, self._on_looked, self._on_failed
        )
        self._look.start(name)

    def _on_looked(self, found: Looked) -> None:
        self.stop()
        self.looked.emit(found)

    def _on_failed(self, error: RunnerError) -> None:
        self.stop()
        self.failed.emit(error)
