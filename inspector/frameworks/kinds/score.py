"""An index that adds up criteria: shown only under the index's own name and version.

`total` is the index's arithmetic, for ratings read from elsewhere as well as for ours. What isn't
known of a criterion widens the range; it never counts as closed.
"""

from collections.abc import Mapping

import msgspec

from inspector.findings.values import Findings
from inspector.frameworks.kinds.common import answers, head
from inspector.frameworks.needs import supposed
from inspector.frameworks.shapes import Answer, Criterion, Framework
from inspector.frameworks.verdict import Line, Verdict

VALUES = {"open": 1.0, "partial": 0.5, "closed": 0.0}
_ANSWERS = {"open": Answer.MET, "partial": Answer.PARTLY, "closed": Answer.NOT_MET}


def total(framework: Framework, values: Mapping[str, str]) -> float:
    """Returns the index's figure for ratings by criterion; a missing rating counts nothing.

    Args:
        framework: the index.
        values: `open`, `partial` or `closed` by the criterion's id.
    """
    stated = [values.get(one.id, "").strip().lower() for one in framework.criterion]
    figures = [VALUES.get(one, 0.0) for one in stated]
    return sum(figures) / (len(figures) if framework.rule == "mean" else 1)


def evaluate(framework: Framework, findings: Findings) -> Verdict:
    """Returns the figure that the findings show, with the range of what isn't known."""
    decided = []
    low: dict[str, str] = {}
    high: dict[str, str] = {}
    for criterion in framework.criterion:
        line, low[criterion.id], high[criterion.id] = _criterion(criterion, findings)
        decided.append(line)
    lowest, highest = total(framework, low), total(framework, high)
    most = 1.0 if framework.rule == "mean" else float(len(framework.criterion))
    unknown = sum(one.answer is Answer.UNKNOWN for one in decided)
    verdict = Verdict(
        **head(framework, findings),
        reading=_span(framework, lowest, highest, most, unknown),
        worst=_figure(framework, lowest, most),
        best=_figure(framework, highest, most),
        decided=tuple(decided),
        missing=tuple(one.label for one in decided if one.answer is not Answer.MET),
        next=_figure(framework, most, most) if lowest < most else "",
        score_range=(lowest, highest),
        score_most=most,
    )
    # One figure stands for the index only where nothing of it is unknown.
    return msgspec.structs.replace(verdict, score=lowest) if lowest == highest else verdict


def _criterion(criterion: Criterion, findings: Findings) -> tuple[Line, str, str]:
    """Returns the criterion's line with its value if unknowns turned out closed, and open."""
    whole = answers(criterion.open, findings)
    part = answers(criterion.partial, findings)
    return criterion.remembered(
        (tuple(whole), tuple(part)), lambda: _criterion_read(criterion, whole, part)
    )


def _criterion_read(
    criterion: Criterion, whole: list[Answer], part: list[Answer]
) -> tuple[Line, str, str]:
    low = _value(whole, part, open_=False)
    high = _value(whole, part, open_=True)
    line = Line(
        id=criterion.id,
        label=criterion.title,
        answer=_ANSWERS[low] if low == high else Answer.UNKNOWN,
        parts=criterion.parts,
        group=criterion.category,
        value=low if low == high else "",
        note=criterion.note,
    )
    return line, low, high


def _value(whole: list[Answer], part: list[Answer], *, open_: bool) -> str:
    whole_met = bool(whole) and supposed(whole, open_=open_) is Answer.MET
    part_met = bool(part) and supposed(part, open_=open_) is Answer.MET
    if whole_met:
        return "open"
    # Where only a person can tell partial from open, open stays possible while partial is.
    if open_ and not whole and (part_met or not part):
        return "open"
    return "partial" if part_met else "closed"


def _figure(framework: Framework, value: float, most: float) -> str:
    if framework.rule == "mean":
        return f"{value:.2f}"
    return f"{value:g} / {most:g}"


def _span(framework: Framework, low: float, high: float, most: float, unknown: int) -> str:
    if not unknown:
        return _figure(framework, low, most)
    return framework.texts["range"].format(
        low=_figure(framework, low, most), high=_figure(framework, high, most), unknown=unknown
    )
