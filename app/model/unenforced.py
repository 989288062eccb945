"""Where the system can't keep the model process in, an unknown file is asked about, once.

A file that came with the app, or that was downloaded and verified by it, runs with the plain label
that the top bar shows in any case. What can be enforced is known from the last process of the same
kind: the reader, which has looked at the file before, or an engine.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from app.model.ref import ModelRef
from app.settings import SettingsFile
from runner.confine.labels import NOT_ENFORCED
from runner.library.library import Library
from runner.porter.wire import Facts
from runner.store.sources import Sources

SAME_WALLS = frozenset({"reader", "engine", "echo"})
"""Kinds that are sealed as a model's process is."""

CODE = "engine.not_enforced"
MOST_REMEMBERED = 200


class Unenforced:
    """Remembers what was proved last, and which files a person runs all the same.

    Owned by: the window process. Thread: GUI.

    Args:
        settings: keeps which files a person has agreed to.
        library: knows files.
        sources: knows which were downloaded and verified.
        ask: tells a person of a file; the second argument agrees to it.
    """

    def __init__(
        self,
        settings: SettingsFile,
        library: Library,
        sources: Sources,
        ask: Callable[[ModelRef, Callable[[], None]], None],
    ) -> None:
        self._settings = settings
        self._library = library
        self._sources = sources
        self._ask = ask
        self._label = ""

    def hear(self, events: Iterable[object]) -> None:
        """Takes what the porter has read of processes."""
        for event in events:
            if isinstance(event, Facts) and event.kind in SAME_WALLS:
                self._label = event.label

    def may_load(self, ref: ModelRef, load: Callable[[], None]) -> bool:
        """Says whether a file may be loaded now; where it may not, a person is asked.

        Args:
            ref: the model.
            load: loads it, once a person agrees.
        """
        if self._label not in NOT_ENFORCED or self._is_known(ref):
            return True
        print_ = fingerprint(ref.path)
        agreed = self._settings.current.models.run_unenforced
        if print_ in agreed:
            return True

        def agree() -> None:
            kept = (*agreed, print_)[-MOST_REMEMBERED:]
            self._settings.change("models", run_unenforced=kept)
            load()

        self._ask(ref, agree)
        return False

    def _is_known(self, ref: ModelRef) -> bool:
        if ref.is_starter:
            return True
        file = self._library.at(ref.path)
        source = self._sources.of(file.id) if file is not None else None
        return source is not None and source.verified > 0


def fingerprint(path: Path) -> str:
    """Returns what names a file until it changes: its path, size and time of change."""
    try:
        found = path.stat()
    except OSError:
        return str(path)
    return f"{found.st_size}:{found.st_mtime_ns}:{path}"
