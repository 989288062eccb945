"""A claim, the places where it stands, and what became of comparing it."""

from enum import StrEnum

import msgspec

from inspector.facts import Fact
from inspector.findings.values import Link as Place

SCHEMA = "lightwell.claims/1"

QUOTED = 300
"""Characters of a claim's own words that are kept."""


class Verdict(StrEnum):
    """What comparing a claim brought. Words of a report: never renumbered, never a score."""

    AGREES = "agrees"
    AGREES_IN_PART = "agrees in part"
    DIFFERS = "differs"
    STATED = "stated"
    NOT_STATED = "not stated"
    CANNOT = "cannot be checked here"
    OUT_OF_DATE = "out of date"
    PERSON = "a person must judge"
    UNKNOWN = "unknown"
    """Nobody has read what would say it: another thing than reading it and finding nothing."""


class Grade(StrEnum):
    """The best that a verdict rests on, from a card's own word to an evaluation made here."""

    CARD = "card only"
    TWO_PLACES = "two places"
    HEADER = "file header"
    COMPUTED = "computed from the file"
    RUN = "seen in a run here"
    EVALUATION = "evaluation redone here"


_WORDS_ALONE = frozenset({Grade.CARD, Grade.TWO_PLACES})
_NEEDS_MORE = frozenset({Verdict.AGREES, Verdict.AGREES_IN_PART})


def may_say(verdict: Verdict, grade: Grade | None) -> bool:
    """Whether evidence of that grade can carry a verdict: words alone never make one agree."""
    return not (verdict in _NEEDS_MORE and (grade is None or grade in _WORDS_ALONE))


class Passage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a claim stands.

    Attributes:
        document: a card's name, or what else was read.
        line, end: first and last line, counted in the whole file from 1; 0 where lines mean nothing.
        heading: the heading that it stands below.
        quote: its own words, short.
    """

    document: str
    line: int = 0
    end: int = 0
    heading: str = ""
    quote: str = ""
    revision: str = ""


class CardOwner(msgspec.Struct, frozen=True, kw_only=True):
    """Another model of the lineage, whose card was read.

    Attributes:
        name: its repository, or what it is called.
        place: which step of the lineage it is.
    """

    name: str
    place: Place


class Claim(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One checkable statement and what became of it.

    Attributes:
        id: stable between looks at the same model: the rule, and which of its claims; behind an @
            the model whose card says so, where that is another.
        rule, version: which rule compared, and in which version.
        text: the claim as written; empty where nothing states it.
        reason: code of the sentence that says what was found, filled from `context`.
        evidence: what it was compared with, each with its source.
        probe: the prepared questions that can be put to the model; empty where there are none.
    """

    id: str
    rule: str
    version: int
    text: str = ""
    passages: tuple[Passage, ...] = ()
    verdict: Verdict
    grade: Grade | None = None
    reason: str
    context: dict[str, str | int | float] = {}
    evidence: tuple[Fact, ...] = ()
    probe: str = ""
    about: CardOwner | None = None
    """Whose claim it is, where it is not this file's."""


class Reading(StrEnum):
    """How far the rules on sentences could read a card: they know English."""

    ENGLISH = "english"
    OTHER = "other language"
    TOO_SHORT = "too short to tell"


class ClaimReport(msgspec.Struct, frozen=True, kw_only=True):
    """Every claim of one model.

    Attributes:
        rules: version of the rule set.
        card: name of the card that was read, empty where there was none; `card_sha256` is its hash.
        failed: rules that met an error of ours; they said nothing.
        about: the model whose card was read, where it is another than this file.
        reading: whether the card's sentences could be read; None where there is no card.
        script: the letters that most of it is written in, as Unicode names them, if they are not Latin.
    """

    schema: str = SCHEMA
    rules: str
    document: str
    claims: tuple[Claim, ...]
    card: str = ""
    card_sha256: str = ""
    failed: tuple[str, ...] = ()
    about: CardOwner | None = None
    reading: Reading | None = None
    script: str = ""

    def of(self, rule: str) -> tuple[Claim, ...]:
        """Returns the claims that a rule made."""
        return tuple(one for one in self.claims if one.rule == rule)
