"""Whether a file that is loaded was written over since. Knows no Qt.

The engine maps a file instead of copying it, so what is written into it there is what the model is made of
from then on. One that was exchanged or removed lives on for whoever has it open.
"""

from collections.abc import Iterable
from pathlib import Path

from runner.errors import RunnerError
from runner.store.files import Look, look_at


class AsLoaded:
    """What the system said of a model's files when it was loaded.

    Owned by: OpenModels. Thread: GUI.
    """

    def __init__(self, files: Iterable[Path] = ()) -> None:
        self._looks: dict[Path, Look] = {}
        for path in files:
            if (look := _look(path)) is not None:
                self._looks[path] = look

    def written_over(self) -> bool:
        """Whether one of them is the same file still, with other content."""
        return any(_is_written_over(before, _look(path)) for path, before in self._looks.items())


def _look(path: Path) -> Look | None:
    try:
        return look_at(path)
    except RunnerError:
        return None


def _is_written_over(before: Look, now: Look | None) -> bool:
    if now is None or (now.device, now.inode) != (before.device, before.inode):
        return False
    return now != before
