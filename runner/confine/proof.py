"""What the porter itself reads of a process that says it is sealed. Standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was read of a process, and what its own attempts to break out gave."""

    pid: int


def read(pid: int, report: Mapping[str, object], *, listened: bool) -> Proof:
    """Reads the proof of a process."""
    return Proof(pid=pid)
