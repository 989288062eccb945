"""Terms that a parent's licence hands down, against what the label of what was made of it says.

A copy or a fine-tune often carries another label than its parent, whose licence says that it stays
with copies and derived models. Which of the two holds is for a person to judge, so its terms are
then unknown, with both labels as facts; no rule set may call it open on the label alone.
"""

from collections.abc import Iterable, Mapping

import msgspec

from inspector.facts import Fact
from inspector.findings.evidence_values import Evidence
from inspector.findings.values import Finding, Link, Terms
from inspector.licences.catalogue import reading_of
from inspector.licences.names import identify, same_licence

CONTESTED = "contested"

_PARENTS: Mapping[str, tuple[Link, ...]] = {
    "compressed-weights": (Link.END_MODEL, Link.BASE_MODEL),
    "adapted-weights": (Link.BASE_MODEL,),
    "weights-licences": (Link.BASE_MODEL,),
}
_LICENCE = "licence.weights"


def contested(found: Mapping[str, Finding], evidence: Iterable[Evidence]) -> dict[str, Finding]:
    """Returns the findings whose terms are in doubt, as they are then."""
    handed = [one for one in evidence if one.key == _LICENCE and one.fact.is_known]
    changed = {}
    for part, links in _PARENTS.items():
        finding = found.get(part)
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


def _differs(finding: Finding, parents: Fact) -> bool:
    """Whether a parent's licence stays with what is made of it, and the label says another."""
    own = identify(finding.licence).ids
    for licence in identify(parents.text).ids:
        read = reading_of(licence)
        hands_down = read is not None and read.passes_on is not None
        if hands_down and not any(same_licence(licence, one) for one in own):
            return True
    return False
