"""What every evaluator does the same way: the head of a verdict, lines, and tables."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from inspector.findings.stack import stack
from inspector.findings.values import Findings
from inspector.frameworks.needs import answer, line, together
from inspector.frameworks.shapes import Answer, Entry, Framework, Need, Table
from inspector.frameworks.verdict import Line, TableRead


@cache
def names() -> dict[str, str]:
    """Returns the names of every part and item of the stack."""
    read = stack()
    return {key: read.name(key) for key in read.keys}


def head(framework: Framework, findings: Findings) -> dict[str, Any]:
    """Returns the fields of a verdict that don't depend on how it was reached."""
    return {
        "framework": framework.id,
        "title": framework.title,
        "short": framework.short,
        "version": framework.version,
        "date": framework.date,
        "kind": framework.kind,
        "source": framework.source,
        "about": framework.about,
        "notes": framework.notes,
        "duties": framework.duties,
        "tables": tuple(_table(one, findings) for one in framework.table),
        "glossary": framework.glossary,
    }


def lines(needs: Iterable[Need], findings: Findings, group: str = "") -> tuple[Line, ...]:
    """Returns the needs as lines, without the parts that don't apply."""
    every = (line(need, findings, names(), group) for need in needs)
    return tuple(one for one in every if one.answer is not Answer.NOT_APPLICABLE)


def answers(needs: Iterable[Need], findings: Findings) -> list[Answer]:
    """Returns the answers to the needs, without the parts that don't apply."""
    every = [answer(need, findings) for need in needs]
    return [one for one in every if one is not Answer.NOT_APPLICABLE]


def missing(every: Iterable[Line]) -> tuple[str, ...]:
    """Returns the labels of the lines that aren't met, each once."""
    return tuple(dict.fromkeys(one.label for one in every if one.answer is not Answer.MET))


def _table(table: Table, findings: Findings) -> TableRead:
    read = []
    for entry in table.entry:
        if not entry.needs:
            read.append(_told(entry))
            continue
        under = lines(entry.needs, findings)
        read.append(
            Line(
                id=entry.level or entry.title,
                label=entry.title,
                answer=together(one.answer for one in under),
                parts=entry.parts,
                value="; ".join(missing(under)),
                note="; ".join(filter(None, (entry.note, *entry.consider))),
            )
        )
    return TableRead(id=table.id, title=table.title, lines=tuple(read), note=table.note)


def _told(entry: Entry) -> Line:
    """Returns a row that only tells something, whatever the findings."""
    return Line(
        id=entry.level or entry.title,
        label=entry.title,
        answer=Answer.NOT_APPLICABLE,
        value=entry.text,
        note=entry.note,
    )
