"""Whether the findings hold what a rule needs: met, not met, or not known.

Unknown never becomes "not met" here. The two ends of a verdict's range come from `suppose`.
"""

from collections.abc import Iterable
from functools import lru_cache

from inspector.findings.values import Availability, Finding, Findings, Terms
from inspector.frameworks.licences import licences
from inspector.frameworks.shapes import Answer, Need, TermsNeeded
from inspector.frameworks.verdict import Line

_BEST_FIRST = (Answer.MET, Answer.UNKNOWN, Answer.NOT_MET)
_REVERSED = {Answer.MET: Answer.NOT_MET, Answer.NOT_MET: Answer.MET}


def answer(need: Need, findings: Findings) -> Answer:
    """Returns what `findings` say to `need`; asked again, it isn't worked out again."""
    key = need.asks
    said = findings.answered.get(key)
    if said is None:
        said = findings.answered[key] = _worked_out(need, findings)
    return said


def _worked_out(need: Need, findings: Findings) -> Answer:
    if need.any_of:
        every = {_answer(need, findings.get(part)) for part in need.parts}
        said = next((one for one in _BEST_FIRST if one in every), Answer.NOT_APPLICABLE)
    else:
        said = _answer(need, findings.get(*need.parts))
    return _REVERSED.get(said, said) if need.absent else said


def _answer(need: Need, found: Finding) -> Answer:
    if found.availability is Availability.NOT_APPLICABLE:
        return Answer.NOT_APPLICABLE if need.where_applicable else Answer.NOT_MET
    if found.availability is Availability.UNKNOWN:
        return Answer.UNKNOWN
    if found.availability in need.availability:
        return _terms(need.terms, found.terms, found.licence)
    # What is seen of it falls short, and that this is all of it nobody said.
    return Answer.UNKNOWN if found.at_least else Answer.NOT_MET


@lru_cache(maxsize=4096)
def _terms(needed: TermsNeeded, terms: Terms, licence: str) -> Answer:
    """Answers for one licence; cached, because few licences serve many models."""
    if needed == "any":
        return Answer.MET
    if terms is Terms.UNKNOWN:
        return Answer.UNKNOWN
    if needed == "stated":
        return _met(terms is not Terms.NONE_STATED)
    if needed == "open":
        return _met(terms is Terms.OPEN)
    if terms is not Terms.OPEN:
        return Answer.NOT_MET
    known = licences().find(licence) if licence else None
    if known is None or not known.recognised:
        return Answer.UNKNOWN  # open by somebody's word, and we don't know by which licence
    return _met({"osi": known.osi, "fsf": known.fsf, "open_data": known.open_data}[needed])


def line(need: Need, findings: Findings, names: dict[str, str], group: str = "") -> Line:
    """Returns `need` as a line of a verdict."""
    said = answer(need, findings)
    licence = findings.get(*need.parts).licence if need.terms != "any" else ""
    return need.remembered(
        (said, licence, group),
        lambda: Line(
            id=need.parts[0],
            label=label_of(need, names),
            answer=said,
            parts=need.parts,
            group=group,
            value=licence,
        ),
    )


def label_of(need: Need, names: dict[str, str]) -> str:
    """Returns what a rule set calls a need, or the name of its first part."""
    return need.label or names.get(need.parts[0], need.parts[0])


# Of lines that must all be met, the weightiest answer is the answer to all of them.
_BY_WEIGHT = (
    Answer.MET,
    Answer.PARTLY,
    Answer.CONTESTED,
    Answer.PERSON,
    Answer.UNKNOWN,
    Answer.NOT_MET,
)
_WEIGHT = {Answer.NOT_APPLICABLE: 0} | {one: rank for rank, one in enumerate(_BY_WEIGHT)}


def together(answers: Iterable[Answer]) -> Answer:
    """Returns one answer for lines that must all be met; those that don't apply don't count."""
    return _BY_WEIGHT[max(map(_WEIGHT.__getitem__, answers), default=0)]


_IF_OPEN = {one: one for one in Answer} | dict.fromkeys(
    (Answer.UNKNOWN, Answer.PERSON, Answer.CONTESTED), Answer.MET
)
_IF_CLOSED = {one: one for one in Answer} | dict.fromkeys(
    (Answer.UNKNOWN, Answer.PERSON, Answer.CONTESTED), Answer.NOT_MET
)


def supposed(answers: Iterable[Answer], *, open_: bool) -> Answer:
    """Returns one answer for all, as if what isn't known had turned out open, or closed."""
    return together(map((_IF_OPEN if open_ else _IF_CLOSED).__getitem__, answers))


def suppose(one: Answer, *, open_: bool) -> Answer:
    """Returns `one` as it would read if what isn't known turned out open, or closed."""
    return _IF_OPEN[one] if open_ else _IF_CLOSED[one]


def _met(is_so: bool) -> Answer:
    return Answer.MET if is_so else Answer.NOT_MET
