"""Two or three models beside each other: where they are the same, where they differ, and where an unknown leaves it open.

Compares what readers and judges have found; it reads nothing, and prefers none of them. An unknown
is no difference: it may turn out to be either.
"""

from collections.abc import Hashable, Iterator, Sequence
from enum import StrEnum
from typing import Literal, TypeVar

import msgspec

from inspector.facts import Fact, Source, SourceKind, known, now, unknown
from inspector.findings.stack import stack
from inspector.findings.values import Availability, Finding, Terms, Tile
from inspector.frameworks.profile import Profile, profile
from inspector.frameworks.published import ReferencePoint
from inspector.frameworks.verdict import Verdict
from inspector.inspection import Inspection
from inspector.licences.assess import assess
from inspector.licences.parts import Part
from inspector.licences.questions import Answer
from inspector.licences.report import Label, LicenceReport

SCHEMA = "lightwell.compare/1"
T = TypeVar("T")

NOT_KNOWN = "unknown"
"""An answer to a question on licences that is none."""

MOST = 3
"""Models that stand beside each other."""

LEAST_READ = 2
"""So many of them a framework must read; one alone stands beside nothing."""


class How(StrEnum):
    """How a line compares."""

    SAME = "same"
    DIFFERS = "differs"
    UNSETTLED = "unsettled"
    """Something isn't known of one of them, or unknowns bear on it."""
    UNKNOWN = "unknown"
    """Nothing is known of any of them."""


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the models.

    Attributes:
        kind: a file on this computer, or a reference point that was entered by hand.
        looked: what the file is; None of a reference point, whose file nobody has read.
    """

    name: str
    kind: Literal["file", "reference"]
    profile: Profile
    licence: LicenceReport
    looked: Inspection | None = None


class FactLine(msgspec.Struct, frozen=True):
    """A fact of each; `key` is a field of the summary."""

    key: str
    facts: tuple[Fact, ...]
    how: How


class PartLine(msgspec.Struct, frozen=True):
    """A part of the stack, with what is held of it in each."""

    part: str
    name: str
    group: str
    kind: str
    tiles: tuple[Tile, ...]
    findings: tuple[Finding, ...]
    how: How


class Reading(msgspec.Struct, frozen=True):
    """A verdict in short: its words, and those if the unknowns turned out closed or open."""

    reading: str
    worst: str
    best: str


class VerdictLine(msgspec.Struct, frozen=True):
    """A framework with its reading of each."""

    framework: str
    title: str
    short: str
    version: str
    readings: tuple[Reading, ...]
    how: How


class LicenceLine(msgspec.Struct, frozen=True):
    """A question on the licence of the weights, answered for each."""

    question: str
    answers: tuple[Answer, ...]
    how: How


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What `lightwell compare` prints and the Compare page shows."""

    schema: str = SCHEMA
    date: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    facts: tuple[FactLine, ...]
    parts: tuple[PartLine, ...]
    verdicts: tuple[VerdictLine, ...]
    licences: tuple[tuple[str, ...], ...]
    questions: tuple[LicenceLine, ...]

    def count(self, how: How) -> int:
        """Returns how many parts of the stack compare so."""
        return sum(line.how is how for line in self.parts)


_UNREAD = unknown("settle.reference")

FACTS = (
    "architecture", "parameters", "quantisation", "bits_per_weight", "file_bytes",
    "context_trained", "vocabulary", "tokenizer", "template", "languages", "licence",
    "organisation", "quantised_by", "repository",
)  # fmt: skip
"""Fields of the summary that are compared."""


def compare(sides: Sequence[Side]) -> Comparison:
    """Returns what stands beside what."""
    return Comparison(
        date=now().date().isoformat(),
        names=tuple(one.name for one in sides),
        kinds=tuple(one.kind for one in sides),
        facts=tuple(_facts(sides)),
        parts=tuple(_parts(sides)),
        verdicts=tuple(_verdicts(sides)),
        licences=tuple(one.licence.part(Part.WEIGHTS).licences for one in sides),
        questions=tuple(_questions(sides)),
    )


def reference_side(point: ReferencePoint) -> Side:
    """Returns a reference point as one side."""
    found = point.findings()
    weights = found.get("adapted-weights", "base-weights")
    source = Source(kind=SourceKind.REVIEWER, document=point.source.title, where=point.source.url)
    label = Label(stated=known(weights.licence, source)) if weights.licence else Label()
    # A system without weights is no object of the frameworks on models.
    rule_sets = () if point.place == "system" else None
    return Side(
        name=point.name,
        kind="reference",
        profile=profile(found, rule_sets=rule_sets),
        licence=assess((label,)),
    )


def of_values(values: Sequence[Hashable | None]) -> How:
    """Returns how values compare, of which None is unknown."""
    told = {one for one in values if one is not None}
    if not told:
        return How.UNKNOWN
    if len(told) > 1:
        return How.DIFFERS
    return How.UNSETTLED if None in values else How.SAME


def _facts(sides: Sequence[Side]) -> Iterator[FactLine]:
    if all(one.looked is None for one in sides):
        return
    for key in FACTS:
        facts = tuple(getattr(one.looked.summary, key) if one.looked else _UNREAD for one in sides)
        if any(fact.is_known for fact in facts):
            values = [_hashable(fact.value) if fact.is_known else None for fact in facts]
            yield FactLine(key, facts, of_values(values))


def _hashable(value: object) -> Hashable:
    return tuple(value) if isinstance(value, list) else str(value)


def _parts(sides: Sequence[Side]) -> Iterator[PartLine]:
    rows = [{row.part: row for row in one.profile.rows} for one in sides]
    kinds = {group.id: group.kind for group in stack().group}
    for part in stack().part:
        every = [one[part.id] for one in rows]
        # This app and this machine are the same whatever the model; they are nobody's difference.
        if any(row.ours for row in every):
            continue
        findings = tuple(row.finding for row in every)
        yield PartLine(
            part.id,
            part.name,
            part.group,
            kinds[part.group],
            tuple(row.tile for row in every),
            findings,
            _findings(findings),
        )


def _findings(findings: Sequence[Finding]) -> How:
    """Compares both values apart: what differs in one differs, whatever is unknown of the other."""
    availability = of_values(
        [None if one.availability is Availability.UNKNOWN else one.availability for one in findings]
    )
    if availability is not How.SAME:
        return availability
    terms = of_values([None if one.terms is Terms.UNKNOWN else one.terms for one in findings])
    return How.SAME if terms is How.UNKNOWN else terms


def _verdicts(sides: Sequence[Side]) -> Iterator[VerdictLine]:
    judged = [{one.framework: one for one in side.profile.verdicts} for side in sides]
    for first in next((one.profile.verdicts for one in sides if one.profile.verdicts), ()):
        every = [one.get(first.framework) for one in judged]
        read = [one for one in every if one]
        if len(read) < LEAST_READ:
            continue
        readings = tuple(
            Reading(one.reading, one.worst, one.best) if one else Reading("", "", "")
            for one in every
        )
        yield VerdictLine(
            first.framework,
            first.title,
            first.short,
            first.version,
            readings,
            _readings(read),
        )


def _readings(verdicts: Sequence[Verdict]) -> How:
    if len({one.reading for one in verdicts}) == 1:
        return How.SAME
    return How.DIFFERS if _are_apart(verdicts) else How.UNSETTLED


def _are_apart(verdicts: Sequence[Verdict]) -> bool:
    """Whether two of the verdicts differ whatever their unknowns turn out to be."""
    spans = [{one.worst, one.reading, one.best} for one in verdicts if one.worst == one.best]
    return any(one.isdisjoint(other) for one in spans for other in spans)


def _questions(sides: Sequence[Side]) -> Iterator[LicenceLine]:
    by_side = [side.licence.part(Part.WEIGHTS).answers for side in sides]
    for every in zip(*by_side, strict=True):
        values = [None if one.answer == NOT_KNOWN else one.answer for one in every]
        yield LicenceLine(every[0].question.value, every, of_values(values))
