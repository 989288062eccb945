"""A transparency index read as coverage: which of its indicators our findings bear on.

Its authors' scores are the only scores of the index. This counts the lines that what we read shows
as disclosed, and says of how many nothing here can tell.
"""

from inspector.findings.values import Findings
from inspector.frameworks.kinds.common import head
from inspector.frameworks.needs import answer, suppose, together
from inspector.frameworks.shapes import Answer, Framework, Indicator
from inspector.frameworks.verdict import Line, Verdict


def evaluate(framework: Framework, findings: Findings) -> Verdict:
    """Returns how many indicators the findings show."""
    decided = tuple([_line(one, findings) for one in framework.shown_indicators])
    answers = [one.answer for one in decided]
    return Verdict(
        **head(framework, findings),
        reading=_reading(framework, answers),
        worst=_reading(framework, [suppose(one, open_=False) for one in answers]),
        best=_reading(framework, [suppose(one, open_=True) for one in answers]),
        decided=decided,
        missing=tuple(one.label for one in decided if one.answer is not Answer.MET),
    )


def _line(indicator: Indicator, findings: Findings) -> Line:
    said = together([answer(need, findings) for need in indicator.needs])
    return indicator.remembered(
        said,
        lambda: Line(
            id=indicator.name,
            label=indicator.name,
            answer=said,
            parts=indicator.parts,
            group=indicator.heading,
        ),
    )


def _reading(framework: Framework, answers: list[Answer]) -> str:
    every = len(framework.indicator)
    return framework.texts["reading"].format(
        shown=answers.count(Answer.MET),
        checkable=len(answers),
        beyond=every - len(answers),
        every=every,
    )
