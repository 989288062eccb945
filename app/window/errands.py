"""Takes errands of the terminal while this window has the database: what `lightwell pull` asks for."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject

from app.context import AppContext
from app.network.errands import LARGEST, SOCKET, Wanted, open_for_errands
from app.own_socket import Connection, Listener
from app.window.knocks import Knocks

if TYPE_CHECKING:
    from app.window.errand import Errand
    from runner.fetch.queue import Fetches

log = logging.getLogger(__name__)


class Errands(QObject):
    """Listens for terminals, and does one errand for each.

    Owned by: the window process. Thread: GUI.

    Args:
        context: has the door, the settings and the mailbox.
        fetches: returns the window's queue.
        folder: where the socket lies.
    """

    def __init__(
        self,
        context: AppContext,
        fetches: Callable[[], "Fetches"],
        folder: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._fetches = fetches
        self._path = folder / SOCKET
        self._running: set[Errand] = set()
        self._listener: Listener | None = None
        try:
            self._listener = open_for_errands(folder)
        except OSError as error:
            log.warning("terminals will not reach this window: %s", error)
            return
        self._knocks = Knocks(self._listener, LARGEST, self._on_said, self)

    def close(self) -> None:
        """Listens no more; terminals hear that the window went away."""
        if self._listener is None:
            return
        self._knocks.close()
        self._path.unlink(missing_ok=True)
        self._listener.close()
        self._listener = None
        for errand in list(self._running):
            errand.end()

    def _on_said(self, terminal: Connection, said: bytes) -> None:
        try:
            wanted = msgspec.json.decode(said, type=Wanted)
        except msgspec.DecodeError as error:
            log.warning("a terminal said something odd: %s", error)
            terminal.close()
            return
        # Late: few windows are ever asked.
        from app.window.errand import Errand

        errand = Errand(self._context, terminal, self._running.discard, self)
        self._running.add(errand)
        errand.begin(wanted, self._fetches)
