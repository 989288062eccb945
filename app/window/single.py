"""One window at a time: a second start tells the first what it wanted, and ends.

Which start is the first is decided by the store's lock. The words between them are one packet
over a local socket in a folder that only this person can enter; QLocalServer would do the same,
but it lives in QtNetwork, which stays out of the window. Each knock is a connection of its own,
which the porter makes: the window may have no socket that sends to any local address by name.
"""

import contextlib
import logging
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject

from app.own_socket import Connection, Listener, knock_at, listening_at
from app.window.knocks import Knocks

log = logging.getLogger(__name__)

SOCKET = "window.sock"
LARGEST = 32 * 1024
MOST_FILES = 16
MOST_KNOCKS = 8
LINK = "lightwell:"
"""What a link to a repository of the Hub begins with; a page of the Hub hands such over."""

PATIENCE_S = 1.0
"""How long a second start waits for the first, which may have begun a moment before it."""

KNOCK_S = 2.0
"""How long it takes at most to tell the first one something."""


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a second start asks of the first: to come forward, with these files and links."""

    open: list[bytes]
    """As the system has them: the name of a file need not be text."""


def wanted_of(word: str) -> Path | str:
    """Returns the file that a word of the command line names, or the link as it is."""
    return word if word.startswith(LINK) else Path(word)


def hand_over(folder: Path, wanted: Sequence[Path | str]) -> bool:
    """Tells the first start what was wanted here; False where no window listens."""
    said = msgspec.json.encode(
        Wanted([os.fsencode(one if isinstance(one, str) else one.absolute()) for one in wanted])
    )
    try:
        knock_at(folder / SOCKET, said, KNOCK_S).close()
    except OSError as error:
        log.info("no window listens: %s", error)
        return False
    return True


def hand_over_soon(folder: Path, wanted: Sequence[Path | str]) -> bool:
    """As `hand_over`, but gives a first start that has only just begun the time to listen."""
    until = time.monotonic() + PATIENCE_S
    while not hand_over(folder, wanted):
        if time.monotonic() > until:
            return False
        time.sleep(PATIENCE_S / 20)
    return True


class Door(msgspec.Struct, frozen=True):
    """The socket of the first start. What is said to it waits until someone listens."""

    socket: Listener
    path: Path

    def close(self) -> None:
        """Takes the socket away."""
        with contextlib.suppress(OSError):  # the folder may be gone with the session
            self.path.unlink()
        self.socket.close()


def open_door(folder: Path) -> Door | None:
    """Opens the socket for second starts; None where that can't be done.

    Without it the window works; a second start then says that one is open already. Only who
    holds the store's lock may ask for it: what lies there must be left over.

    Args:
        folder: holds the socket; made where it is missing.
    """
    try:
        return Door(listening_at(folder / SOCKET, MOST_KNOCKS), folder / SOCKET)
    except OSError as error:
        log.warning("second starts will not reach this window: %s", error)
        return None


class FirstInstance(QObject):
    """Listens for second starts.

    Owned by: the window process. Thread: GUI.

    Args:
        door: where they knock; closed with this.
        on_second: called with the files, and links, that a second start wants opened.
    """

    def __init__(
        self,
        door: Door,
        on_second: Callable[[Sequence[Path | str]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._door = door
        self._on_second = on_second
        self._knocks = Knocks(door.socket, LARGEST, self._on_said, self)

    def close(self) -> None:
        """Listens no more."""
        self._knocks.close()
        self._door.close()

    def _on_said(self, second: Connection, said: bytes) -> None:
        second.close()
        try:
            wanted = msgspec.json.decode(said, type=Wanted)
        except msgspec.DecodeError as error:
            log.warning("a second start said something odd: %s", error)
            return
        self._on_second([wanted_of(os.fsdecode(word)) for word in wanted.open[:MOST_FILES]])
