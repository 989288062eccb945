"""A label against what else bears on the same weights: a parent's licence, and the papers beside a file.

A copy or a fine-tune often carries another label than its parent, whose licence says that it stays
with copies and derived models; and a folder often holds another licence than the header names. Which
of the two holds is for a person to judge, so its terms are then unknown, with both as facts; no rule
set may call it open on the label alone. Two licences that are both open leave open what is open.
"""

from collections.abc import Iterable, Mapping

import msgspec

from inspector.facts import Fact
from inspector.findings.evidence_values import Evidence
from inspector.findings.values import Finding, Link, Terms
from inspector.frameworks.licences import licences
from inspector.licences.catalogue import reading_of
from inspector.licences.names import identify, same_licence

CONTESTED = "contested"
PAPERS_DIFFER = "papers_differ"
PAPERS_CONTRADICT = "papers_contradict"
TWO_OPEN = "two_open"
TEXT_CHANGED = "text_changed"

_PARENTS: Mapping[str, tuple[Link, ...]] = {
    "compressed-weights": (Link.END_MODEL, Link.DEVELOPER, Link.BASE_MODEL),
    "adapted-weights": (Link.BASE_MODEL,),
    "weights-licences": (Link.BASE_MODEL,),
}
_SAME_WEIGHTS = frozenset({Link.END_MODEL, Link.DEVELOPER})
"""Whose word is about the very weights of a file, whatever its licence says of copies."""

_FILE = "compressed-weights"
_BESIDE = frozenset({Link.QUANTISER, Link.UNKNOWN})
"""Whose papers come with a file: its quantiser's, or those of which nobody says whose they are."""

_LICENCE, _DISPUTED = "licence.weights", "licence.disputed"
_CHANGED, _UNREAD = "licence.changed", "licence.unread"
_WEIGHTS = frozenset({"compressed-weights", "adapted-weights", "base-weights", "weights-licences"})
"""What the text of the weights' licence is about."""


def contested(found: Mapping[str, Finding], evidence: Iterable[Evidence]) -> dict[str, Finding]:
    """Returns the findings whose terms are in doubt, as they are then."""
    every = tuple(evidence)
    stated = [one for one in every if one.key in {_LICENCE, _DISPUTED} and one.fact.is_known]
    changed = _rewritten(found, every)
    changed |= _beside(found.get(_FILE), stated)
    changed |= _disputed(found, stated)
    for part, links in _PARENTS.items():
        finding = changed.get(part, found.get(part))
        if finding is None or finding.terms is not Terms.OPEN:
            continue
        facts = [
            one.fact
            for one in stated
            if one.link in links and _differs(finding, one.fact, same=one.link in _SAME_WEIGHTS)
        ]
        if facts:
            changed[part] = _in_doubt(finding, facts, CONTESTED)
    return changed


def _disputed(found: Mapping[str, Finding], stated: Iterable[Evidence]) -> dict[str, Finding]:
    """Returns what is called open by a text whose own card names another licence."""
    changed = {}
    against: dict[Link, list[Fact]] = {}
    for one in stated:
        if one.key == _DISPUTED:
            against.setdefault(one.link, []).append(one.fact)
    told = {(one.link, one.fact.text) for one in stated if one.key == _LICENCE}
    for part, finding in found.items():
        facts = against.get(finding.link, [])
        if not facts or finding.terms is not Terms.OPEN:
            continue
        if (finding.link, finding.licence) in told:
            is_open = all(licences().terms(one.text) is Terms.OPEN for one in facts)
            changed[part] = (
                _with(finding, facts, TWO_OPEN)
                if is_open
                else _in_doubt(finding, facts, PAPERS_CONTRADICT)
            )
    return changed


def _rewritten(found: Mapping[str, Finding], every: Iterable[Evidence]) -> dict[str, Finding]:
    """Returns what is called open though the licence's text beside the file was changed, or is none that we know."""
    texts = [one for one in every if one.key in {_CHANGED, _UNREAD} and one.fact.is_known]
    changed = {}
    for part, finding in found.items():
        facts = [
            one.fact
            for one in texts
            if (part == _FILE or one.link is finding.link)
            and (part in _WEIGHTS if one.key == _UNREAD else _is_same(finding, one.fact))
        ]
        if facts and finding.terms is Terms.OPEN:
            changed[part] = _in_doubt(finding, facts, TEXT_CHANGED)
    return changed


def _is_same(finding: Finding, theirs: Fact) -> bool:
    own = identify(finding.licence).ids
    return any(same_licence(one, mine) for one in identify(theirs.text).ids for mine in own)


def _in_doubt(finding: Finding, facts: Iterable[Fact], why: str) -> Finding:
    return msgspec.structs.replace(_with(finding, facts, why), terms=Terms.UNKNOWN)


def _with(finding: Finding, facts: Iterable[Fact], why: str) -> Finding:
    every = tuple(dict.fromkeys((*finding.facts, *facts)))
    return msgspec.structs.replace(finding, confidence=why, facts=every)


def _beside(file: Finding | None, stated: Iterable[Evidence]) -> dict[str, Finding]:
    """Returns the file's finding, where papers beside it are of another licence than its label."""
    if file is None or file.link is not Link.FILE or not file.licence:
        return {}
    own = identify(file.licence).ids
    other = [
        one.fact
        for one in stated
        if _comes_with_it(one)
        and (ids := identify(one.fact.text).ids)
        and not any(same_licence(mine, its) for mine in own for its in ids)
    ]
    if not own or not other:
        return {}
    agreed = {file.terms, *(licences().terms(one.text) for one in other)}
    if len(agreed) > 1:
        return {_FILE: _in_doubt(file, other, PAPERS_DIFFER)}
    return {_FILE: _with(file, other, PAPERS_DIFFER)}


def _comes_with_it(stated: Evidence) -> bool:
    """Whether papers come with the file; of its model's own, whatever is not open is judged by itself."""
    if stated.link in _SAME_WEIGHTS:
        return licences().terms(stated.fact.text) is Terms.OPEN
    return stated.link in _BESIDE


def _differs(finding: Finding, theirs: Fact, *, same: bool) -> bool:
    """Whether another licence than the label's is stated for the same weights, or stays with them."""
    own = identify(finding.licence).ids
    named = identify(theirs.text).ids
    if any(same_licence(one, mine) for one in named for mine in own):
        return False
    if same and named:
        return licences().terms(theirs.text) is not Terms.OPEN
    return any(
        (read := reading_of(one)) is not None and read.passes_on is not None for one in named
    )
