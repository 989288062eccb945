"""Guard models: which one a file is by its name, and how its words are read."""

from collections.abc import Sequence
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


class Principle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule that a guard is asked about by itself, in its maker's words."""

    title: str
    text: str


class Guard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A family of guard models.

    Attributes:
        names: a pattern for the names of its files.
        flagged, passed: patterns for the beginning of what it says.
        claim: its maker's own figures, in a sentence; empty where none is known here.
        claim_of: who says so, and where.
        kinds: what it was made to find, as its maker calls it.
        prompt: the whole text that it is given, for one that is asked without the file's template;
            `{request}` and `{principle}` stand for what is filled in.
        principles: what it is asked about, one after the other.
        prompt_of: where that text is published.
    """

    id: str
    title: str
    names: str
    flagged: str
    passed: str
    claim: str = ""
    claim_of: str = ""
    kinds: tuple[str, ...] = ()
    prompt: str = ""
    principles: tuple[Principle, ...] = ()
    prompt_of: str = ""

    @property
    def is_raw(self) -> bool:
        """Whether it gets its text as it is, past the file's template."""
        return bool(self.prompt)

    def asked(self, request: str) -> tuple[str, ...]:
        """Returns what is put to it for one request: a text for each principle, or the request."""
        if not self.prompt:
            return (request,)
        begin, _, rest = self.prompt.partition("{request}")
        middle, _, end = rest.partition("{principle}")
        # Put together, not formatted: a request may hold braces of its own.
        return tuple(f"{begin}{request}{middle}{one.text}{end}" for one in self.principles)

    def verdict(self, every: Sequence[str]) -> GuardSaid:
        """Reads what it said to all that it was asked of one request: one flag is enough."""
        said = [self.said(words) for words in every]
        if GuardSaid.FLAGGED in said:
            return GuardSaid.FLAGGED
        if not said or GuardSaid.NO_VERDICT in said:
            return GuardSaid.NO_VERDICT
        return GuardSaid.PASSED

    def told(self, every: Sequence[str]) -> str:
        """Returns its words, each behind the principle that it was asked about."""
        if not self.principles:
            return "".join(every)
        pairs = zip(self.principles, every, strict=False)
        return "\n".join(f"{one.title}: {words}" for one, words in pairs)

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
