"""A definition that a system meets or doesn't: the Open Source AI Definition.

Each element is a list of needs. Where the definition itself leaves an element to judgement, the
verdict says that a person must judge, and never decides for them.
"""

from inspector.findings.values import Findings
from inspector.frameworks.kinds.common import answers, head, lines, missing
from inspector.frameworks.needs import suppose, together
from inspector.frameworks.shapes import Answer, Framework
from inspector.frameworks.verdict import Line, Verdict


def evaluate(framework: Framework, findings: Findings) -> Verdict:
    """Returns whether the findings show every element."""
    decided: list[Line] = []
    now: list[Answer] = []
    worst: list[Answer] = []
    best: list[Answer] = []
    for element in framework.element:
        under = lines(element.needs, findings, element.title)
        needed = [one.answer for one in under]
        instead = answers(element.unless, findings)
        answer = _element(needed, instead)
        note = element.person if answer is Answer.PERSON else ""
        decided.append(Line(id=element.id, label=element.title, answer=answer, note=note))
        decided.extend(under)
        now.append(answer)
        worst.append(_element(*_supposed(needed, instead, open_=False)))
        best.append(_element(*_supposed(needed, instead, open_=True)))
    shown = together(now)
    return Verdict(
        **head(framework, findings),
        reading=_reading(framework, shown),
        worst=_reading(framework, together(worst)),
        best=_reading(framework, together(best)),
        decided=tuple(decided),
        missing=missing(one for one in decided if one.group),
        next=framework.texts["met"] if shown is not Answer.MET else "",
    )


def _element(needed: list[Answer], instead: list[Answer]) -> Answer:
    """Returns the answer to one element.

    The definition asks for information about data that can't be shared, not for the data. With the
    documents there (`instead`), whether they say enough is a judgement, and a person's.
    """
    answer = together(needed)
    if answer is Answer.MET or not instead:
        return answer
    said = together(instead)
    if said is Answer.MET:
        return Answer.PERSON
    return said if answer is Answer.NOT_MET else answer


def _supposed(*both: list[Answer], open_: bool) -> list[list[Answer]]:
    return [[suppose(one, open_=open_) for one in every] for every in both]


def _reading(framework: Framework, answer: Answer) -> str:
    return framework.texts[
        {Answer.MET: "met", Answer.NOT_MET: "not_met", Answer.PERSON: "person"}.get(
            answer, "not_shown"
        )
    ]
