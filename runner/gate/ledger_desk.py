"""Says a line to the parent, and waits until it is on the disk."""

import itertools
import threading
from collections.abc import Callable
from typing import Any

from runner.protocol.gate import Announce, Passing, Written

WAIT_S = 20.0
"""How long a line may take to reach the disk; without it nothing leaves."""


class NotWritten(Exception):  # noqa: N818 - what happened, in the words of the protocol
    """The line is not on the disk: what it tells of must not happen."""


class Desk:
    """Where lines are handed in.

    Thread: any; `heard` on the thread that reads the parent's messages.

    Args:
        send: passes an announcement to the parent.
    """

    def __init__(self, send: Callable[[Announce | Passing], None]) -> None:
        self._send = send
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._waiting: dict[int, tuple[threading.Event, list[bool]]] = {}

    def write(self, event: str, errand: int, **fields: Any) -> int:
        """Hands a line in and waits until it is on the disk; returns its number here.

        Raises:
            NotWritten: it is not, or nobody said so in time.
        """
        number = next(self._numbers)
        told, answer = threading.Event(), [False]
        with self._lock:
            self._waiting[number] = (told, answer)
        self._send(Announce(number=number, errand=errand, event=event, **fields))
        told.wait(WAIT_S)
        with self._lock:
            del self._waiting[number]
        if not answer[0]:
            raise NotWritten
        return number

    def passing(self, line: int, bytes_up: int, bytes_down: int) -> None:
        """Tells how many bytes a connection has had so far; nobody waits for that."""
        self._send(Passing(of=line, bytes_up=bytes_up, bytes_down=bytes_down))

    def heard(self, message: Written) -> None:
        """Takes the parent's answer."""
        with self._lock:
            waiting = self._waiting.get(message.run)
        if waiting is not None:
            told, answer = waiting
            answer[0] = message.done
            told.set()
