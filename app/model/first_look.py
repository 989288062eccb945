"""The first look at a file that a person opens: whether it can answer at all.

The reader looks, so a file that is damaged or for something else never costs the model in use.
"""

from collections.abc import Callable
from pathlib import Path

from app.model.files import files_of_model
from app.reader import arguments
from runner.errors import RunnerError
from runner.library.library import Library
from runner.reader_client import ReaderClient, Ticket
from runner.store.files import FileState

DEADLINE_S = 10.0

CANNOT_ANSWER = "window.cannot_answer"

_ABOUT_THE_FILE = ("gguf.", "file.")
"""Errors that say something of the file; any other leaves the judging to the engine."""

_CAN_TRY = frozenset({"model", "other"})
"""Kinds that the engine is asked to load; what each kind is for stands in `facts.toml`."""


class FirstLook:
    """Looks at one file at a time; a later one takes the place of an earlier one.

    Owned by: OpenModels. Thread: GUI.
    """

    def __init__(self, reader: ReaderClient, library: Library) -> None:
        self._reader = reader
        self._library = library
        self._ticket: Ticket | None = None

    def ask(
        self, path: Path, take: Callable[[], None], refuse: Callable[[RunnerError], None]
    ) -> None:
        """Calls `take` where the engine may try the file, at once where it had it before.

        Args:
            path: the model's first file.
            take: loads it.
            refuse: called with the reason: the inspector's own, or `CANNOT_ANSWER`.
        """
        self.drop()
        if self._was_loaded(path):
            take()
            return

        def failed(error: RunnerError) -> None:
            self._ticket = None
            if error.code.startswith(_ABOUT_THE_FILE):
                refuse(error)
            else:
                take()

        def looked(kind: str) -> None:
            self._ticket = None
            if kind in _CAN_TRY:
                take()
            else:
                # Late: a start without such a file has no use for the inspector's words.
                from app.words.facts import fact_texts

                purpose = fact_texts().purposes[kind]
                refuse(RunnerError(CANNOT_ANSWER, name=path.name, purpose=purpose))

        self._ticket = self._reader.ask(
            "kind",
            arguments.ModelFile(path=str(path)),
            str,
            looked,
            failed,
            deadline_s=DEADLINE_S,
            readable=files_of_model(path),
        )

    def drop(self) -> None:
        """Gives up the present look: something else was chosen meanwhile."""
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None

    def _was_loaded(self, path: Path) -> bool:
        """Whether the file is the starter, or one that was loaded and has not changed since."""
        path = path.absolute()
        if path == self._library.starter.path():
            return True
        try:
            known = self._library.at(path)
        except RunnerError:
            return False
        return known is not None and known.last_used is not None and known.state() is FileState.SAME
