"""What has the reader look at the models that a list shows, beside what a person points at."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.context import AppContext
from runner.reader_client import ReaderClient


class ListDesk(QObject):
    """A reader of its own, and a word once more is known.

    The inspector's reader has to be free for what a person points at; and one that looks at headers
    by turns would be started anew for each, since either may read other files.

    Thread: GUI.

    Args:
        tell_ms: how long news is gathered: a list is not drawn again for each of hundreds of files.
    """

    arrived = Signal()
    """Something new is known."""

    def __init__(self, context: AppContext, tell_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._reader = ReaderClient(context.porter, context.mailbox.post)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(tell_ms)
        self._soon.timeout.connect(self.arrived)

    def _tell_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def close(self) -> None:
        """Ends the reader."""
        self._reader.close()
