"""Gradients: the furthest step whose needs the findings show, for each row.

A step without needs is the starting point of its row.
"""

import msgspec

from inspector.findings.values import Findings
from inspector.frameworks.kinds.common import head, raw_answers, unmet
from inspector.frameworks.needs import supposed, together
from inspector.frameworks.shapes import Answer, Framework, Row
from inspector.frameworks.verdict import Line, Verdict


def evaluate(framework: Framework, findings: Findings) -> Verdict:
    """Returns the step reached in each row."""
    read = [_row(row, findings) for row in framework.row]
    verdict = Verdict(
        **head(framework, findings),
        reading=_reading(framework, [one.now for one in read], [one.best for one in read]),
        worst=_reading(framework, [one.worst for one in read]),
        best=_reading(framework, [one.best for one in read]),
        decided=tuple(line for one in read for line in one.lines),
        missing=tuple(dict.fromkeys(label for one in read for label in one.missing)),
        next=_reading(framework, [one.following for one in read], leave_out_last=True),
    )
    if len(read) == 1 and read[0].now >= 0:
        return msgspec.structs.replace(verdict, level=read[0].now)
    return verdict


class _Read(msgspec.Struct, frozen=True):
    """One row read: the steps reached now, at worst and at best; -1 where none is shown."""

    now: int
    worst: int
    best: int
    following: int
    lines: tuple[Line, ...]
    missing: tuple[str, ...]


def _row(row: Row, findings: Findings) -> _Read:
    said = tuple([raw_answers(level.needs, findings) for level in row.level])
    return row.remembered(said, lambda: _row_read(row, said))


def _row_read(row: Row, said: tuple[tuple[Answer, ...], ...]) -> _Read:
    now = _reached([together(each) for each in said], row)
    worst = _reached([supposed(each, open_=False) for each in said], row)
    best = _reached([supposed(each, open_=True) for each in said], row)
    if now == 0 and best > 0 and not row.level[0].needs:
        now = -1  # nothing shown isn't "closed": an unknown may yet turn out open
    steps = range(now + 1, len(row.level))
    following = next((step for step in steps if row.level[step].needs), -1)
    read = [
        Line(
            id=level.id,
            label=level.title,
            answer=_answer(index, now, best),
            parts=level.parts,
            group=row.title,
            value="here" if index == now else "",
            note=level.note,
        )
        for index, level in enumerate(row.level)
    ]
    lacking = unmet(row.level[following].needs, said[following]) if following >= 0 else ()
    return _Read(now, worst, best, following, tuple(read), lacking)


def _answer(index: int, now: int, best: int) -> Answer:
    if index <= now:
        return Answer.MET
    return Answer.UNKNOWN if index <= best else Answer.NOT_MET


def _reached(answers: list[Answer], row: Row) -> int:
    """Returns the furthest step whose needs are met; a first step without needs is met by all."""
    met = [
        index
        for index, (answer, level) in enumerate(zip(answers, row.level, strict=True))
        if answer is Answer.MET and (level.needs or index == 0)
    ]
    return max(met, default=-1)


def _reading(
    framework: Framework,
    steps: list[int],
    best: list[int] | None = None,
    *,
    leave_out_last: bool = False,
) -> str:
    """Words the steps of all rows; a step that unknowns may yet exceed is "at least" that."""
    pieces = []
    for row, step, most in zip(framework.row, steps, best or steps, strict=True):
        if step < 0 and leave_out_last:
            continue
        title = row.level[step].title if step >= 0 else framework.texts["not_shown"]
        if 0 <= step < most:
            title = framework.texts["at_least"].format(level=title)
        pieces.append(title if len(framework.row) == 1 else f"{row.title}: {title}")
    return "; ".join(pieces)
