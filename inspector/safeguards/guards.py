"""Guard models: which one a file is by its name, and how its words are read."""

from enum import StrEnum

import msgspec

from inspector.safeguards.catalogue import pattern
from resources import table

_BEGINNING = 200


class GuardSaid(StrEnum):
    """What a guard said of one request. No verdict is never a pass."""

    FLAGGED = "flagged"
    PASSED = "passed"
    NO_VERDICT = "no verdict"


class Guard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A family of guard models.

    Attributes:
        names: a pattern for the names of its files.
        flagged, passed: patterns for the beginning of what it says.
        claim: its maker's own figures, in a sentence; empty where none is known here.
        claim_of: who says so, and where.
    """

    id: str
    title: str
    names: str
    flagged: str
    passed: str
    claim: str = ""
    claim_of: str = ""

    def said(self, words: str) -> GuardSaid:
        """Reads what it said."""
        beginning = words[:_BEGINNING]
        if pattern(self.flagged).search(beginning):
            return GuardSaid.FLAGGED
        if pattern(self.passed).search(beginning):
            return GuardSaid.PASSED
        return GuardSaid.NO_VERDICT


class _Guards(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    version: str
    guard: tuple[Guard, ...]


def guards() -> tuple[Guard, ...]:
    """Returns the families that can be read."""
    read: _Guards = table("safeguards/guards.toml", _Guards)
    return read.guard


def guard_named(name: str) -> Guard | None:
    """Returns the family that a file's name says it is of; None where it names none."""
    return next((one for one in guards() if pattern(one.names).search(name)), None)
