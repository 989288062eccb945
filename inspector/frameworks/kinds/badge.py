"""A badge with a corner for each kind of artefact: drawn, with no threshold and no verdict."""

from inspector.findings.values import Findings
from inspector.frameworks.kinds.common import head, lines
from inspector.frameworks.needs import suppose, together
from inspector.frameworks.shapes import Answer, Framework
from inspector.frameworks.verdict import Line, Verdict


def evaluate(framework: Framework, findings: Findings) -> Verdict:
    """Returns, for each corner, whether the findings show it open."""
    decided = []
    worst, best = [], []
    for axis in framework.axis:
        under = lines(axis.needs, findings)
        answers = [one.answer for one in under]
        met = sum(one is Answer.MET for one in answers)
        whole = together(answers)
        decided.append(
            Line(
                id=axis.id,
                label=axis.title,
                answer=Answer.PARTLY if met and whole is Answer.NOT_MET else whole,
                parts=tuple(part for need in axis.needs for part in need.parts),
                value=f"{met}/{len(under)}",
            )
        )
        if together(suppose(one, open_=False) for one in answers) is Answer.MET:
            worst.append(axis.title)
        if together(suppose(one, open_=True) for one in answers) is Answer.MET:
            best.append(axis.title)
    shown = [one.label for one in decided if one.answer is Answer.MET]
    return Verdict(
        **head(framework, findings),
        reading=_reading(framework, shown),
        worst=_reading(framework, worst),
        best=_reading(framework, best),
        decided=tuple(decided),
        missing=tuple(one.label for one in decided if one.answer is not Answer.MET),
        next=_reading(framework, [axis.title for axis in framework.axis])
        if len(shown) < len(framework.axis)
        else "",
    )


def _reading(framework: Framework, titles: list[str]) -> str:
    if not titles:
        return framework.texts["none"]
    return framework.texts["shown"].format(corners=", ".join(titles))
