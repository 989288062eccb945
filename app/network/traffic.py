"""What is on the wire now and was since a model was loaded, folded from the ledger's lines.

Knows no Qt. The top bar, the status line and Monitor read this one account.
"""

import time
from collections.abc import Callable, Iterable

import msgspec
from msgspec.structs import replace

from runner.protocol.engine import Loaded
from runner.store.ledger_lines import Entry, Event, Line, Passing


class Open(msgspec.Struct, frozen=True):
    """A connection that has no result yet."""

    number: int
    host: str
    why: str
    bytes_up: int = 0
    bytes_down: int = 0


class Sum(msgspec.Struct, frozen=True):
    """What was counted since a moment; bytes include those of open connections."""

    since: float
    connections: int = 0
    refused: int = 0
    bytes_up: int = 0
    bytes_down: int = 0


class Traffic:
    """Counts as lines and live counts come in.

    Owned by: the window's context. Thread: GUI.

    Attributes:
        since_load: from the last time a model was loaded, or the app's start.
        has_load: whether a model was loaded since the start.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._open: dict[int, Open] = {}
        self._looking_up: set[int] = set()
        self._begun: set[int] = set()
        self._at_load: dict[int, Open] = {}
        self._ended = Sum(since=clock())
        self.has_load = False

    @property
    def open(self) -> tuple[Open, ...]:
        """The connections that are open now, oldest first."""
        return tuple(self._open.values())

    @property
    def under_way(self) -> frozenset[int]:
        """The numbers of the lines of this start whose end is still to come, look-ups' too."""
        return frozenset(self._open) | self._looking_up

    @property
    def since_load(self) -> Sum:
        """What was counted since a model was loaded, open connections included."""
        up = sum(one.bytes_up for one in self._open.values())
        down = sum(one.bytes_down for one in self._open.values())
        return replace(
            self._ended,
            bytes_up=self._ended.bytes_up + up,
            bytes_down=self._ended.bytes_down + down,
        )

    def take(self, events: Iterable[object]) -> bool:
        """Folds events; says whether any of them counted."""
        taken = False
        for event in events:
            match event:
                case Line():
                    self._line(event)
                case Passing():
                    self._passing(event)
                case Loaded():
                    self._begin_anew()
                case _:
                    continue
            taken = True
        return taken

    def gate_gone(self) -> None:
        """No gate runs: what it had open is over, told or not."""
        self._open.clear()
        self._looking_up.clear()

    def _begin_anew(self) -> None:
        """Counts from now on; what is open goes on, so that it is of this count too."""
        self._at_load = dict(self._open)
        self._begun = set(self._open)
        self._ended = Sum(since=self._clock(), connections=len(self._open))
        self.has_load = True

    def _line(self, line: Line) -> None:
        entry, ended = line.entry, self._ended
        if entry.event is Event.LOOK_UP:
            self._looking_up.add(line.number)
        elif entry.event is Event.RESULT:
            self._looking_up.discard(entry.of)
        if entry.event is Event.CONNECTION:
            self._begun.add(line.number)
            self._open[line.number] = Open(line.number, entry.host, entry.why)
            self._ended = replace(ended, connections=ended.connections + 1)
        elif entry.event is Event.REFUSED:
            self._ended = replace(ended, refused=ended.refused + 1)
        elif entry.event is Event.RESULT and entry.of in self._begun:
            # Its gate may be gone by now, and with it the open connection.
            self._begun.discard(entry.of)
            self._open.pop(entry.of, None)
            if self._was_idle(entry):
                self._ended = replace(ended, connections=ended.connections - 1)
                return
            self._ended = replace(
                ended,
                bytes_up=ended.bytes_up + entry.bytes_up,
                bytes_down=ended.bytes_down + entry.bytes_down,
            )

    def _was_idle(self, entry: Entry) -> bool:
        """Whether a connection was open at the load and carried nothing since, as one does that lingers."""
        before = self._at_load.get(entry.of)
        return before is not None and (before.bytes_up, before.bytes_down) == (
            entry.bytes_up,
            entry.bytes_down,
        )

    def _passing(self, passing: Passing) -> None:
        if (known := self._open.get(passing.number)) is not None:
            self._open[passing.number] = replace(
                known, bytes_up=passing.bytes_up, bytes_down=passing.bytes_down
            )
