"""From what the rules met to what is said of each safeguard."""

from collections.abc import Iterator

from inspector.facts import Fact
from inspector.safeguards.catalogue import Rule, SafeguardKind, catalogue
from inspector.safeguards.evidence import Papers, hits
from inspector.safeguards.values import (
    Evidence,
    Inspection,
    Presence,
    Removed,
    Safeguard,
    SafeguardReport,
)

REMOVED = "removed"
GUARDS = "card-guard"
"""Rules that are told of apart, too."""

_MOST_GUARDS = 40


def safeguards(papers: Papers) -> SafeguardReport:
    """Returns what is known of the safeguards of one model as it runs here."""
    known = catalogue()
    met = {rule.id: tuple(_evidence(rule, papers)) for rule in known.rule}
    found = [_safeguard(kind, met) for kind in known.safeguard]
    layers = {kind.id for kind in known.safeguard if kind.group == "layer"}
    return SafeguardReport(
        rules=known.version,
        level=known.level,
        eight=tuple(one for one in found if one.id not in layers),
        layers=tuple(one for one in found if one.id in layers),
        stay_behind=tuple(kind.id for kind in known.safeguard if kind.stays_behind),
        named_guards=_each_once(
            hit.fact
            for rule in known.rule
            if rule.id == GUARDS
            for hit in hits(rule, papers, _MOST_GUARDS)
        ),
        removed=tuple(
            Removed(word=one.fact.text, sources=one.fact.sources) for one in met[REMOVED]
        ),
        left_out=papers.left_out,
        not_english=papers.card.document if papers.card is not None and papers.unread else "",
    )


def _evidence(rule: Rule, papers: Papers) -> Iterator[Evidence]:
    for hit in hits(rule, papers):
        presence = rule.presence
        if hit.negated and presence is Presence.PRESENT:
            presence = Presence.ABSENT
        if hit.advice or hit.unread:
            presence = Presence.UNKNOWN
        yield Evidence(
            rule=rule.id,
            by=rule.by,
            presence=presence,
            fact=hit.fact,
            negated=hit.negated and not hit.advice,
            advice=hit.advice,
            unread=hit.unread,
        )


def _safeguard(kind: SafeguardKind, met: dict[str, tuple[Evidence, ...]]) -> Safeguard:
    rules = [rule for rule in catalogue().rule if kind.id in rule.safeguards]
    evidence = tuple(one for rule in rules for one in met[rule.id])
    decided = next((rule for rule in rules if any(one.counts for one in met[rule.id])), None)
    if decided is None:
        return Safeguard(
            id=kind.id,
            presence=Presence.UNKNOWN,
            inspect=Inspection.UNKNOWN,
            evidence=evidence,
            control=kind.control,
            remove=kind.remove,
        )
    return Safeguard(
        id=kind.id,
        presence=_presence(met[decided.id]),
        inspect=decided.inspect,
        decided_by=decided.id,
        evidence=evidence,
        control=kind.control,
        remove=kind.remove,
    )


def _presence(evidence: tuple[Evidence, ...]) -> Presence:
    """Returns what the places of one rule say together: one that is not negated is enough."""
    said = [one.presence for one in evidence if one.counts]
    return Presence.PRESENT if Presence.PRESENT in said else said[0]


def _each_once(facts: Iterator[Fact]) -> tuple[Fact, ...]:
    found: dict[str, Fact] = {}
    for fact in facts:
        found.setdefault(fact.text.lower().replace(" ", ""), fact)
    return tuple(found.values())
