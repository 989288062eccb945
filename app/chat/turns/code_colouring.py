"""Has the reader colour the code of answers, and puts the colours where the code still is."""

from functools import partial

import shiboken6
from PySide6.QtCore import QObject, Slot

from app.chat.turns.turn_view import TurnView
from app.markdown.view import ColourRange
from inspector.code_colours import CODE_CHARS, ColouredCode
from runner.errors import RunnerError
from runner.reader_client import ReaderClient

DEADLINE_S = 2.0


class CodeColouring(QObject):
    """Asks once for each piece of code; without an answer it stays in one colour.

    Owned by: ChatPage. Thread: GUI.
    """

    def __init__(self, reader: ReaderClient, parent: QObject) -> None:
        super().__init__(parent)
        self._reader = reader
        self._known: dict[tuple[str, str], list[ColourRange]] = {}

    @Slot(object, int, str, str)
    def colour(self, view: TurnView, number: int, language: str, text: str) -> None:
        """Colours code block `number` of a turn, now or when the reader has answered."""
        if not language or len(text) > CODE_CHARS:
            return
        key = (language, text)
        if key in self._known:
            view.body.set_colours(number, self._known[key])
            return
        self._reader.ask(
            "code_colours",
            {"code": text, "language": language},
            ColouredCode,
            partial(self._on_coloured, view, number, key),
            _leave_plain,
            deadline_s=DEADLINE_S,
        )

    def _on_coloured(
        self, view: TurnView, number: int, key: tuple[str, str], coloured: ColouredCode
    ) -> None:
        ranges = [ColourRange(start, length, role) for start, length, role in coloured.ranges]
        if len(self._known) > 200:
            self._known.clear()
        self._known[key] = ranges
        if shiboken6.isValid(view):
            view.body.set_colours(number, ranges)


def _leave_plain(error: RunnerError) -> None:
    """Colour is a nicety: a reader that could not answer in time is nothing to tell people about."""
