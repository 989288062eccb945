"""Joins what the engine says it tried to what the kernel told the porter. Knows no Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from runner.porter.wire import Attempt
from runner.protocol.engine import Try

OPEN = "open"


@dataclass(frozen=True, slots=True)
class Told:
    """A way out as its process tells of it, and the porter's word where there is one."""

    tried: Try
    attempt: Attempt | None = None

    @property
    def is_open(self) -> bool:
        """Whether it was let through."""
        return self.tried.outcome == OPEN


def join(tries: Sequence[Try], attempts: Sequence[Attempt]) -> tuple[Told, ...]:
    """Gives each try the first attempt of its call that no earlier try has taken.

    The process is not believed about being refused: a try without an attempt says so.
    """
    left = list(attempts)
    told = []
    for one in tries:
        match = next((a for a in left if one.call and a.call == one.call), None)
        if match is not None:
            left.remove(match)
        told.append(Told(one, match))
    return tuple(told)
