"""The porter's log: every request and every ending, one line each, in the state folder.

Standard library only. The log never holds what a person typed: the porter never sees it.
"""

import os
import sys
import time
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:  # as `typing` has it, without importing it
    from typing import TextIO

APP = "lightwell"
LARGEST_BYTES = 1024 * 1024


def state_folder() -> Path:
    """Returns the app's state folder; on Windows, where its library says that it is."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local"
        return Path(local, APP, APP)
    else:
        base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
        return Path(base) / APP


class Log:
    """Appends lines to a file; where that fails, the porter goes on without one.

    Thread: one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._room = 0
        self._file = self._opened()

    def write(self, text: str) -> None:
        """Adds a line with the time; control characters are removed."""
        if self._file is None:
            return
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S%z")
        line = f"{stamp} {plain(text)}\n"
        try:
            self._file.write(line)
        except OSError:
            self._file = None
            return
        self._room -= len(line)
        if self._room < 0:
            # Whoever makes the porter write must not fill the disk by it.
            self._file.close()
            self._file = self._opened()

    def _opened(self) -> "TextIO | None":
        """Opens the file, a full one set aside; None where that fails, as in a read-only home."""
        try:
            for folder in reversed((self.path.parent, *self.path.parent.parents)):
                # One by one: the mode that `mkdir` takes is the last one's alone.
                folder.mkdir(mode=0o700, exist_ok=True)
            size = self.path.stat().st_size if self.path.exists() else 0
            if size > LARGEST_BYTES:
                self.path.replace(self.path.with_suffix(".old"))
                size = 0
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            descriptor = os.open(self.path, flags, 0o600)
            self._room = LARGEST_BYTES - size
            return os.fdopen(descriptor, "a", encoding="utf-8", errors="replace", buffering=1)
        except OSError:
            return None


def plain(text: str) -> str:
    """Returns the text without control characters, for logs and dialogs."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
