"""Derives findings from evidence, by the rules in `resources/stack/rules.toml`.

Readers of headers, cards, licences and listings hand over `Evidence`: a key, a fact, and the place
in the lineage that the fact is about. The rules say what a key shows. What no rule speaks of stays
unknown; in particular, nothing is closed because a quantiser doesn't mention it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

import msgspec

from inspector.errors import InspectorError
from inspector.facts import Fact, Source, SourceKind, known
from inspector.findings.evidence_values import Evidence
from inspector.findings.handed_down import contested
from inspector.findings.stack import stack
from inspector.findings.values import Availability, Finding, Findings, Link, Review, Terms
from inspector.frameworks.licences import licences
from resources import table

__all__ = ["Evidence", "Rule", "derive", "own_rows", "rules"]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of `rules.toml`; the words are explained there."""

    key: str
    part: str
    links: frozenset[Link]
    availability: Availability
    confidence: str
    licence: str = ""
    matches: str = ""
    at_least: bool = False

    def fits(self, evidence: Evidence) -> bool:
        """Whether `evidence` is what this rule is about."""
        if evidence.key != self.key or evidence.link not in self.links:
            return False
        if not evidence.fact.is_known or evidence.fact.value is False:
            return False
        return not self.matches or re.search(self.matches, evidence.fact.text) is not None

    def part_of(self, evidence: Evidence) -> str:
        """Returns the part that it speaks of here."""
        return evidence.fact.text if self.part == "*" else self.part


class _Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    rule: tuple[Rule, ...]


class _OwnRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    part: str
    availability: Availability
    statement: str
    where: str
    licence: str = ""
    link: Link = Link.APP


class _OwnRows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    row: tuple[_OwnRow, ...]


def derive(subject: str, evidence: Iterable[Evidence], reviews: Iterable[Review] = ()) -> Findings:
    """Returns what the evidence shows, with this app's own rows beside it.

    Args:
        subject: the name of the model.
        evidence: what readers found, in any order.
        reviews: a reviewer's word on parts.
    """
    every = tuple(evidence)
    by_key: dict[str, list[Evidence]] = defaultdict(list)
    for one in every:
        by_key[one.key].append(one)
    fired: dict[str, list[tuple[Rule, Evidence]]] = defaultdict(list)
    for rule in rules():
        for one in by_key.get(rule.key, ()):
            if rule.fits(one) and (part := rule.part_of(one)) in stack().keys:
                fired[part].append((rule, one))
    found = {part: _finding(part, hits, by_key) for part, hits in fired.items()}
    found |= contested(found, every)
    # A measurement of this machine says more than the row that ships with the app.
    own = {one.part: one for one in own_rows() if one.part not in found}
    return Findings(subject, (own | found).values(), reviews)


def _finding(
    part: str, hits: list[tuple[Rule, Evidence]], by_key: dict[str, list[Evidence]]
) -> Finding:
    rule, first = hits[0]
    facts = [one.fact for _, one in hits]
    licence = None
    for one in by_key.get(rule.licence, ()):
        if one.link is first.link and one.fact.is_known:
            licence = one.fact.text
            facts.append(one.fact)
            break
    return Finding(
        part=part,
        availability=rule.availability,
        terms=licences().terms(licence),
        licence=licence or "",
        link=first.link,
        facts=tuple(dict.fromkeys(facts)),
        confidence=rule.confidence,
        date=_date(first.fact),
        at_least=rule.at_least,
    )


def _date(fact: Fact) -> str:
    read_at = fact.source.read_at if fact.source else None
    return read_at.date().isoformat() if read_at else ""


@cache
def rules() -> tuple[Rule, ...]:
    """Returns the rules, checked against the stack.

    Raises:
        InspectorError: `framework.broken`, with the rule that speaks of an unknown part.
    """
    read: _Rules = table("stack/rules.toml", _Rules)
    for rule in read.rule:
        if rule.part != "*" and rule.part not in stack().keys:
            raise InspectorError(
                "framework.broken", f"{rule.key}: no part {rule.part!r}", file="stack/rules.toml"
            )
    return read.rule


@cache
def own_rows() -> tuple[Finding, ...]:
    """Returns the findings on this app and the engine under it."""
    return tuple(_own())


def _own() -> Iterator[Finding]:
    read: _OwnRows = table("stack/lightwell.toml", _OwnRows)
    for row in read.row:
        yield Finding(
            part=row.part,
            availability=row.availability,
            terms=licences().terms(row.licence) if row.licence else Terms.UNKNOWN,
            licence=row.licence,
            link=row.link,
            facts=(
                known(
                    row.statement,
                    Source(kind=SourceKind.MEASURED, document="Lightwell", where=row.where),
                ),
            ),
            confidence="own",
        )
