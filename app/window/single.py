"""One window at a time: a second start tells the first what it wanted, and ends.

Which start is the first is decided by the store's lock. The words between them are one datagram
over an AF_UNIX socket in a folder that only this person can enter; QLocalServer would do the same,
but it lives in QtNetwork, which stays out of the window.
"""

import contextlib
import logging
import os
import socket
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QSocketNotifier

log = logging.getLogger(__name__)

SOCKET = "window.sock"
LARGEST = 32 * 1024
MOST_FILES = 16


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a second start asks of the first: to come forward, with these files."""

    open: list[str]


def hand_over(folder: Path, files: Sequence[Path]) -> bool:
    """Tells the first start what was wanted here; False where no window listens."""
    said = msgspec.json.encode(Wanted([str(path.absolute()) for path in files]))
    try:
        with (
            _short_name(folder) as name,
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaker,
        ):
            speaker.settimeout(2)
            speaker.sendto(said, name)
    except OSError as error:
        log.info("no window listens: %s", error)
        return False
    return True


class FirstInstance(QObject):
    """Listens for second starts.

    Owned by: the window process. Thread: GUI.

    Args:
        folder: holds the socket; made where it is missing.
        on_second: called with the files that a second start wants opened.
    """

    def __init__(
        self,
        folder: Path,
        on_second: Callable[[Sequence[Path]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._path = folder / SOCKET
        self._on_second = on_second
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._notifier: QSocketNotifier | None = None
        try:
            self._bind(folder)
        except OSError as error:
            # Without it the window works; a second start then says that one is open already.
            log.warning("second starts will not reach this window: %s", error)
            return
        self._notifier = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_readable)

    def is_listening(self) -> bool:
        """Whether second starts reach this window."""
        return self._notifier is not None

    def close(self) -> None:
        """Listens no more."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier = None
            with contextlib.suppress(OSError):  # the folder may be gone with the session
                self._path.unlink()
        self._socket.close()

    def _bind(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_foreign(folder)
        # The store's lock says that no other window lives, so what lies there is left over.
        self._path.unlink(missing_ok=True)
        with _short_name(folder) as name:
            self._socket.bind(name)

    def _on_readable(self) -> None:
        try:
            said = self._socket.recv(LARGEST)
            wanted = msgspec.json.decode(said, type=Wanted)
        except (OSError, msgspec.DecodeError) as error:
            log.warning("a second start said something odd: %s", error)
            return
        self._on_second([Path(name) for name in wanted.open[:MOST_FILES]])


@contextlib.contextmanager
def _short_name(folder: Path) -> Iterator[str]:
    """Yields a name for the socket that fits the 108 bytes which the kernel has for it."""
    whole = str(folder / SOCKET)
    if len(os.fsencode(whole)) < 100:
        yield whole
        return
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{SOCKET}"
    finally:
        os.close(descriptor)


def _refuse_foreign(folder: Path) -> None:
    """Refuses a folder that another person could write to.

    Raises:
        PermissionError: it is not ours alone.
    """
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.getuid() or seen.st_mode & 0o022:
        raise PermissionError(f"{folder} is not this person's alone")
