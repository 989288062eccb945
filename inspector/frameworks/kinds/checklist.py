"""A list of conditions, each met, not met, contested or not knowable from here.

No sentence says that a rule applies or that a duty falls away: the conditions are shown, and the
duties that remain in any case.
"""

from inspector.findings.values import Availability, Finding, Findings
from inspector.frameworks.kinds.common import head, lines, names
from inspector.frameworks.licences import licences
from inspector.frameworks.needs import suppose, together
from inspector.frameworks.shapes import Answer, Condition, Framework
from inspector.frameworks.verdict import Line, Verdict

_EU = {
    "yes": Answer.MET,
    "no": Answer.NOT_MET,
    "contested": Answer.CONTESTED,
    "unknown": Answer.UNKNOWN,
}


def evaluate(framework: Framework, findings: Findings) -> Verdict:
    """Returns the answer to each condition."""
    decided = tuple(_condition(one, findings) for one in framework.condition)
    answers = [one.answer for one in decided]
    return Verdict(
        **head(framework, findings),
        reading=_reading(framework, answers),
        worst=_reading(framework, [suppose(one, open_=False) for one in answers]),
        best=_reading(framework, [suppose(one, open_=True) for one in answers]),
        decided=decided,
        missing=tuple(one.label for one in decided if one.answer is not Answer.MET),
    )


def _condition(condition: Condition, findings: Findings) -> Line:
    parts = tuple(part for need in condition.needs for part in need.parts)
    value, note = "", ""
    if condition.unknowable:
        answer, note = Answer.UNKNOWN, condition.unknowable
    elif condition.licence == "eu":
        found = findings.get(*parts)
        value = found.licence
        if found.availability is Availability.UNKNOWN or not found.licence:
            answer = Answer.UNKNOWN
        else:
            answer = _eu(found)
    else:
        under = lines(condition.needs, findings)
        answer = together(one.answer for one in under)
        note = "; ".join(one.label for one in under if one.answer is not Answer.MET)
    return Line(
        id=condition.id,
        label=condition.title or names().get(parts[0], ""),
        answer=answer,
        parts=parts,
        value=value,
        note=note,
    )


def _eu(found: Finding) -> Answer:
    """Returns how the guidelines read the licence of a finding; one in doubt is contested."""
    in_doubt = found.terms is not licences().terms(found.licence)
    return Answer.CONTESTED if in_doubt else _EU[licences().find(found.licence).eu]


def _reading(framework: Framework, answers: list[Answer]) -> str:
    """Returns how many conditions have which answer; of a list of one, the answer itself."""
    if len(answers) == 1 and (alone := framework.texts.get(answers[0].value)):
        return alone
    return framework.texts["reading"].format(
        met=answers.count(Answer.MET),
        not_met=answers.count(Answer.NOT_MET),
        contested=answers.count(Answer.CONTESTED),
        unknown=answers.count(Answer.UNKNOWN),
        every=len(answers),
    )
