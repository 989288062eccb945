"""The porter's log: every request and every ending, one line each, in the state folder.

Standard library only. The log never holds what a person typed: the porter never sees it.
"""

import os
import time
from pathlib import Path

LARGEST_BYTES = 1024 * 1024


def state_folder() -> Path:
    """Returns the app's state folder, as the XDG rules name it."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
    return Path(base) / "lightwell"


class Log:
    """Appends lines to a file; where that fails, the porter goes on without one.

    Thread: one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if path.exists() and path.stat().st_size > LARGEST_BYTES:
                path.replace(path.with_suffix(".old"))
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._file = os.fdopen(descriptor, "a", encoding="utf-8", errors="replace", buffering=1)
        except OSError:
            # A read-only home: the log is a help, not a condition.
            pass

    def write(self, text: str) -> None:
        """Adds a line with the time; control characters are removed."""
        if self._file is None:
            return
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S%z")
        try:
            self._file.write(f"{stamp} {plain(text)}\n")
        except OSError:
            self._file = None


def plain(text: str) -> str:
    """Returns the text without control characters, for logs and dialogs."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
