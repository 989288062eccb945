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

_PARENTS: Mapping[str, tuple[Link, ...]] = {
    "compressed-weights": (Link.END_MODEL, Link.BASE_MODEL),
    "adapted-weights": (Link.BASE_MODEL,),
    "weights-licences": (Link.BASE_MODEL,),
}
_FILE = "compressed-weights"
_BESIDE = frozenset({Link.QUANTISER, Link.UNKNOWN})
"""Whose papers come with a file: its quantiser's, or those of which nobody says whose they are."""

_LICENCE = "licence.weights"


def contested(found: Mapping[str, Finding], evidence: Iterable[Evidence]) -> dict[str, Finding]:
    """Returns the findings whose terms are in doubt, as they are then."""
    handed = [one for one in evidence if one.key == _LICENCE and one.fact.is_known]
    changed = _beside(found.get(_FILE), handed)
    for part, links in _PARENTS.items():
        finding = changed.get(part, found.get(part))
        if finding is None or finding.terms is not Terms.OPEN:
            continue
        facts = [one.fact for one in handed if one.link in links and _differs(finding, one.fact)]
        if facts:
            changed[part] = msgspec.structs.replace(
                finding,
                terms=Terms.UNKNOWN,
                confidence=CONTESTED,
                facts=tuple(dict.fromkeys((*finding.facts, *facts))),
            )
    return changed


def _beside(file: Finding | None, stated: Iterable[Evidence]) -> dict[str, Finding]:
    """Returns the file's finding, where papers beside it are of another licence than its label."""
    if file is None or file.link is not Link.FILE or not file.licence:
        return {}
    own = identify(file.licence).ids
    other = [
        one.fact
        for one in stated
        if one.link in _BESIDE
        and (ids := identify(one.fact.text).ids)
        and not any(same_licence(mine, its) for mine in own for its in ids)
    ]
    if not own or not other:
        return {}
    agreed = {file.terms, *(licences().terms(one.text) for one in other)}
    return {
        _FILE: msgspec.structs.replace(
            file,
            terms=file.terms if len(agreed) == 1 else Terms.UNKNOWN,
            confidence=PAPERS_DIFFER,
            facts=tuple(dict.fromkeys((*file.facts, *other))),
        )
    }


def _differs(finding: Finding, parents: Fact) -> bool:
    """Whether a parent's licence stays with what is made of it, and the label says another."""
    own = identify(finding.licence).ids
    for licence in identify(parents.text).ids:
        read = reading_of(licence)
        hands_down = read is not None and read.passes_on is not None
        if hands_down and not any(same_licence(licence, one) for one in own):
            return True
    return False
