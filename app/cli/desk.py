"""What every command is given: the screen, the way to other processes, and where they report."""

import queue
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from app.cli.screen import Screen
from runner.porter.client import PorterClient

T = TypeVar("T")


class Interrupted:
    """The person pressed Ctrl+C."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Made once by the terminal process, handed to the command.

    Attributes:
        events: what children, and Ctrl+C, report; drained on the main thread alone.
    """

    screen: Screen
    porter: PorterClient
    events: "queue.SimpleQueue[object]" = field(default_factory=queue.SimpleQueue)

    def post(self, work: Callable[[], None]) -> None:
        """Has something done on the main thread, the next time it waits for events."""
        self.events.put(work)

    def next_event(self, timeout: float | None = None) -> object:
        """Waits for the next event and returns it; does what was posted on the way.

        Raises:
            queue.Empty: if none came in time.
        """
        while True:
            event = self.events.get(timeout=timeout)
            if not callable(event) or isinstance(event, type):
                return event
            event()
