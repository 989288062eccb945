"""What of an engine's messages is heard: what was asked for, and no oftener than anybody can see.

An engine that works says nothing else. One that a file has taken over could say anything of any run, as
often as it likes; of a second `Loaded`, say, the connections would be counted anew.
"""

import msgspec

from runner.budget import Budget
from runner.protocol.common import Ended, Failed, Heartbeat, Log, Silent
from runner.protocol.engine import (
    Chunk,
    Counted,
    Done,
    Loaded,
    Loading,
    Reading,
    StateRestored,
    StateSaved,
    Tried,
    Unloaded,
)

MOST_ANSWERS, MOST_PASSING = 1000, 300
"""So many messages of an engine are taken at once: of those that answer something, and of the passing."""

PASSING = (Heartbeat, Loading, Log, Reading)
"""Messages of which one more or less is no matter: beyond their budget they are left out."""

OUTSIDE = (Chunk, Ended, Silent)
"""Messages that the budget is not about: pieces of an answer have a limit of their own, and the last two
are said about a process, not by it."""


class Awaited:
    """What is to be expected of one engine, from its start to its end.

    Owned by: ModelSession, whose lock is held.
    """

    def __init__(self) -> None:
        self._answers, self._passing = Budget(MOST_ANSWERS), Budget(MOST_PASSING)
        self._asked: set[int] = set()

    def ask(self, run: int) -> None:
        """Expects one answer to a question that neither loads nor writes anything."""
        self._asked.add(run)

    def is_left_out(self, message: msgspec.Struct) -> bool:
        """Whether a message of which one is no matter comes too often."""
        return isinstance(message, PASSING) and not self._passing.take()

    def is_too_much(self, message: msgspec.Struct) -> bool:
        """Whether an engine says more than anybody asked it."""
        return not isinstance(message, (*PASSING, *OUTSIDE)) and not self._answers.take()

    def is_due(self, message: msgspec.Struct, work: int, *, loading: bool, answering: bool) -> bool:
        """Whether this was to be expected now.

        Args:
            message: what the engine says.
            work: the number of the present load or answer.
            loading: a load is under way.
            answering: an answer is.
        """
        run = getattr(message, "run", 0)
        match message:
            case Loading() | Loaded():
                return run == work and loading
            case Chunk() | Reading() | Done():
                return run == work and answering
            case Failed():
                return (run == work and (loading or answering)) or self._was_asked(run)
            case Counted() | StateSaved() | StateRestored() | Tried():
                return self._was_asked(run)
            case Unloaded():
                return False
            case _:
                return True

    def _was_asked(self, run: int) -> bool:
        """Says whether an answer to this question is still to come; there is one alone."""
        if run not in self._asked:
            return False
        self._asked.discard(run)
        return True
