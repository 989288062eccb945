"""A finding and its two values, a reviewer's word beside it, and the set of both.

Nothing here reads, judges or words: readers bring facts, `inspector.frameworks` judges, and the
word on a tile is a table in `resources/stack/tiles.toml`.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

import msgspec

from inspector.facts import Fact
from resources import table


class Availability(StrEnum):
    """Whether a person can get at a part."""

    PUBLIC = "public"
    GATED = "gated"
    PARTLY = "partly"
    NAMED = "named"
    NOT_RELEASED = "not_released"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Terms(StrEnum):
    """On which terms."""

    OPEN = "open"
    RESTRICTED = "restricted"
    NONE_STATED = "none_stated"
    UNKNOWN = "unknown"


class Tile(StrEnum):
    """The word on a tile: for the eye only."""

    OPEN = "open"
    RESTRICTED = "restricted"
    CLOSED = "closed"
    NAMED_ONLY = "named_only"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Link(StrEnum):
    """The place in the lineage that a finding is about."""

    FILE = "file"
    QUANTISER = "quantiser"
    END_MODEL = "end_model"
    BASE_MODEL = "base_model"
    DEVELOPER = "developer"
    APP = "app"
    MACHINE = "machine"
    UNKNOWN = "unknown"


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What we hold of one part of the stack.

    Attributes:
        part: id of a component or attribute, or of one of its items as `part/item`.
        licence: the licence behind `terms`, as an identifier where there is one.
        link: the place in the lineage that it belongs to.
        facts: what it rests on.
        confidence: code of the words that say how sure it is (`resources/texts`).
        date: the day it was found, as ISO 8601; empty where no fact has one.
        at_least: more of it may be out than its availability says; nobody told that this is all.
    """

    part: str
    availability: Availability = Availability.UNKNOWN
    terms: Terms = Terms.UNKNOWN
    licence: str = ""
    link: Link = Link.UNKNOWN
    facts: tuple[Fact, ...] = ()
    confidence: str = ""
    date: str = ""
    at_least: bool = False

    @property
    def tile(self) -> Tile:
        """The word on its tile, from both values."""
        return tile(self.availability, self.terms)

    @property
    def is_ours(self) -> bool:
        """Whether it is about this app or this machine, and so enters no verdict on the model."""
        return self.link in {Link.APP, Link.MACHINE}


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A reviewer's disagreement with a finding; kept beside it, never instead of it."""

    part: str
    availability: Availability
    terms: Terms = Terms.UNKNOWN
    licence: str = ""
    reason: str
    source: str
    author: str = ""
    date: str = ""


class Findings:
    """All findings on one model, with what a reviewer said of them.

    Args:
        subject: the name of what was looked at.
        findings: at most one for each part or item; those left out are unknown.
        reviews: a reviewer's word; the last one on a part counts.

    Attributes:
        answered: what judges have worked out already; many rule sets ask the same.
    """

    def __init__(
        self, subject: str, findings: Iterable[Finding], reviews: Iterable[Review] = ()
    ) -> None:
        self.subject = subject
        every = {finding.part: finding for finding in findings}
        self.all: Mapping[str, Finding] = MappingProxyType(every)
        self.reviews = tuple(reviews)
        self.answered: dict[Hashable, Any] = {}
        # What judges read: this app's rows say nothing of the model.
        self._judged = {part: one for part, one in every.items() if not one.is_ours}

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.all.values())

    def get(self, *parts: str) -> Finding:
        """Returns the first known finding among `parts`, else an unknown one of the first.

        An item (`part/item`) never falls back on its part: that a release has papers doesn't say
        which. Rows of this app are passed over.
        """
        unknown: Finding | None = None
        idle: Finding | None = None
        for part in parts:
            found = self._judged.get(part) or _unknown(part)
            if found.availability is Availability.UNKNOWN:
                unknown = unknown or found
            elif found.availability is Availability.NOT_APPLICABLE:
                idle = idle or found
            else:
                return found
        # Only where none of the parts applies is that the answer.
        return unknown or idle or _unknown(parts[0])

    def with_reviewer(self) -> "Findings":
        """Returns the findings as the reviewer sees them; the reviews stay attached."""
        said = {
            review.part: Finding(
                part=review.part,
                availability=review.availability,
                terms=review.terms,
                licence=review.licence,
                link=self.all[review.part].link if review.part in self.all else Link.UNKNOWN,
                confidence="reviewer",
                date=review.date,
            )
            for review in self.reviews
        }
        return Findings(self.subject, {**self.all, **said}.values(), self.reviews)


@cache
def _unknown(part: str) -> Finding:
    return Finding(part=part)


class _TileRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    tile: Tile
    availability: frozenset[Availability] = frozenset()
    terms: frozenset[Terms] = frozenset()


class _TileRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    rule: tuple[_TileRule, ...]


@cache
def tile(availability: Availability, terms: Terms) -> Tile:
    """Returns the word on the tile of a finding with these two values."""
    rules: _TileRules = table("stack/tiles.toml", _TileRules)
    for rule in rules.rule:
        if availability in rule.availability and (not rule.terms or terms in rule.terms):
            return rule.tile
    return Tile.UNKNOWN
