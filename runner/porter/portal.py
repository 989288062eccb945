"""Asks the desktop's portal whether the desktop is dark, by a process of its own. Standard library only.

A portal looks at who asks: it opens `/proc/PID/root` of that process. The porter refuses that to
everybody, so a portal refuses the porter. A copy of the porter asks in its place and ends with the
answer. It is made before a window has its plan, when there is no token yet and nothing else to keep. Where
a terminal is the front end, it is made when a question about an address comes up: a token that the keyring
gave out before may lie in its memory for as long as it runs (decision 0213).
"""

import os
import signal
import socket
import sys
from collections.abc import Callable

from runner.confine.prctl import KILL, PR_SET_DUMPABLE, PR_SET_PDEATHSIG, prctl
from runner.porter.bus import ANSWER, ERROR, Listener, call

BUS, BUS_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"
PORTAL, PORTAL_PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SETTINGS = "org.freedesktop.portal.Settings"
SCHEME_PLACE = ("org.freedesktop.appearance", "color-scheme")
HELLO, READ = 1, 2
"""The numbers of the two calls."""

PATIENCE_S = 30
"""A portal that is started for the question may take its time; nobody waits for it."""


class Asker:
    """The process that asks; `answer` is readable once it has ended.

    Args:
        connect: returns a greeted connection to the bus, None where there is none.

    Raises:
        OSError: there is no room for another process.
    """

    def __init__(self, connect: Callable[[], socket.socket | None]) -> None:
        self.answer, said = os.pipe()
        try:
            self._pid = _copy()
        except OSError:
            os.close(self.answer)
            os.close(said)
            raise
        if self._pid == 0:
            try:
                _ask(connect, said)
            finally:
                os._exit(0)  # nothing of the porter's own may run on here
        os.close(said)

    def hear(self) -> int | None:
        """Returns what the portal said, None where it said nothing; to be asked once, when it has ended."""
        said = os.read(self.answer, 16)
        self._bury()
        return int(said) if said.isdigit() else None

    def stop(self) -> None:
        """Asks no longer; by a signal that the copy can't take for one of the porter's."""
        os.kill(self._pid, KILL)
        self._bury()

    def _bury(self) -> None:
        os.close(self.answer)
        os.waitpid(self._pid, 0)


def _copy() -> int:
    if sys.platform != "win32":
        return os.fork()
    raise OSError("this system has neither such a bus nor copies of a process")


def _ask(connect: Callable[[], socket.socket | None], said: int) -> None:
    """Asks, in the copy; nothing that the porter holds open is held open here."""
    signal.set_wakeup_fd(-1)
    if sys.platform != "win32":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        os.closerange(0, said)
        os.closerange(said + 1, os.sysconf("SC_OPEN_MAX"))
        signal.alarm(PATIENCE_S)
    prctl(PR_SET_PDEATHSIG, KILL)
    prctl(PR_SET_DUMPABLE, 1)
    bus = connect()
    if bus is None:
        return
    bus.setblocking(True)
    bus.sendall(
        call(HELLO, BUS, BUS_PATH, f"{BUS}.Hello")
        + call(READ, PORTAL, PORTAL_PATH, f"{SETTINGS}.Read", *SCHEME_PLACE)
    )
    listener = Listener()
    while data := bus.recv(64 * 1024):
        for message in listener.take(data):
            if message.reply_to == READ and message.kind in (ANSWER, ERROR):
                if message.kind == ANSWER and isinstance(message.value, int):
                    os.write(said, str(message.value).encode())
                return
