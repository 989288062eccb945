"""Tells at once when another process has written the settings, such as `lightwell network off`.

No Qt: a window and a command hear of it alike. On Linux the kernel tells, and nothing runs until it
does; elsewhere the file's date is looked at once a second.
"""

import contextlib
import ctypes
import os
import select
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from runner.channel.waiting import has_come, pipe_of_a_loop
from runner.library.paths import make_private

WRITTEN, MOVED_IN, REMOVED = 0x008, 0x080, 0x200
CLOSE_ON_EXEC = 0x80000
STEP_S = 1.0


class SettingsWatch:
    """Watches one file for as long as it is open.

    Owned by: whoever follows the settings. Thread: `changed` is called on one of its own.

    Args:
        path: the file, which need not be there yet.
        changed: called whenever something was written in its place; the content may be the same.
    """

    def __init__(self, path: Path, changed: Callable[[], None]) -> None:
        self._path = path
        self._changed = changed
        self._awake, self._wake = pipe_of_a_loop()
        with contextlib.suppress(OSError):  # a read-only home: then nobody else writes there either
            make_private(path.parent)
        # Before the thread: whatever is written from here on is heard of.
        self._notices = _notices(path.parent)
        target = self._listen if self._notices >= 0 else self._look
        self._thread = threading.Thread(target=target, name="settings watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Watches no more; may be called twice."""
        if self._wake >= 0:
            os.close(self._wake)
            self._wake = -1
            self._thread.join()
            os.close(self._awake)
            if self._notices >= 0:
                os.close(self._notices)

    def _listen(self) -> None:
        name = os.fsencode(self._path.name)
        while True:
            ready, _, _ = select.select([self._notices, self._awake], [], [])
            if self._awake in ready:
                return
            # A notice is sixteen bytes and a name padded with zeros; several come at once.
            if name in os.read(self._notices, 64 * 1024).split(b"\0"):
                self._changed()

    def _look(self) -> None:
        before = _stamp(self._path)
        while not has_come(self._awake, STEP_S):
            if (now := _stamp(self._path)) != before:
                before = now
                self._changed()


def _notices(folder: Path) -> int:
    """Returns where the kernel tells what is written in a folder; -1 where it does not."""
    system: str = sys.platform  # as a text: a checker for another system reads on
    if system != "linux":
        return -1
    library = ctypes.CDLL(None, use_errno=True)
    descriptor: int = library.inotify_init1(CLOSE_ON_EXEC)
    if descriptor < 0:
        return -1
    wanted = WRITTEN | MOVED_IN | REMOVED
    if library.inotify_add_watch(descriptor, os.fsencode(folder), wanted) < 0:
        os.close(descriptor)
        return -1
    return descriptor


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
