"""Who knocks at a window's local socket: heard once their first packet is whole, without waiting."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject

from app.own_socket import Connection, Listener
from app.window.notifier import Notifier, notifier
from runner.channel.packets import Inbox, PacketError

log = logging.getLogger(__name__)

MOST_AT_ONCE = 8
"""So many may be about to speak; the one that has been silent for longest makes room for the next."""


class Knocks(QObject):
    """Takes connections, and gives on what each says first.

    Owned by: whoever has the socket. Thread: GUI.

    Args:
        listener: takes connections, and does not block; the owner closes it.
        longest: so many bytes the first packet may have.
        on_said: called with a connection, which does not block and is the callee's from then on,
            and what was said.
    """

    def __init__(
        self,
        listener: Listener,
        longest: int,
        on_said: Callable[[Connection, bytes], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._listener, self._longest, self._on_said = listener, longest, on_said
        self._about_to_speak: dict[Connection, Notifier] = {}
        self._notifier = notifier(listener, self)
        self._notifier.activated.connect(self._on_knock)

    def close(self) -> None:
        """Listens no more; to be called before the socket is closed."""
        self._notifier.setEnabled(False)
        for connection in list(self._about_to_speak):
            self._let_go(connection)
            connection.close()

    def _on_knock(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError as error:
            log.warning("who knocked went away again: %s", error)
            return
        if len(self._about_to_speak) >= MOST_AT_ONCE:
            silent = next(iter(self._about_to_speak))
            self._let_go(silent)
            silent.close()
        connection.setblocking(False)
        inbox = Inbox(connection, self._longest)
        words = notifier(connection, self)
        words.activated.connect(lambda: self._on_words(connection, inbox))
        self._about_to_speak[connection] = words

    def _on_words(self, connection: Connection, inbox: Inbox) -> None:
        if connection not in self._about_to_speak:
            return
        try:
            packet = inbox.receive()
        except BlockingIOError:
            return  # the rest is on its way
        except (OSError, PacketError) as error:
            log.warning("who knocked said something odd: %s", error)
            packet = None
        self._let_go(connection)
        if packet is None:
            connection.close()
        else:
            self._on_said(connection, packet.data)

    def _let_go(self, connection: Connection) -> None:
        words = self._about_to_speak.pop(connection)
        words.setEnabled(False)
        words.deleteLater()
