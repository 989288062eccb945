"""What every evaluator does the same way: the head of a verdict, lines, and tables."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from inspector.findings.stack import stack
from inspector.findings.values import Findings
from inspector.frameworks.needs import answer, label_of, line, together
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


def raw_answers(needs: Iterable[Need], findings: Findings) -> tuple[Answer, ...]:
    """Returns the answers to the needs, one for each."""
    return tuple([answer(need, findings) for need in needs])


def unmet(needs: Iterable[Need], said: Iterable[Answer]) -> tuple[str, ...]:
    """Returns the labels of the needs that aren't met and do apply, each once."""
    fine = (Answer.MET, Answer.NOT_APPLICABLE)
    pairs = zip(needs, said, strict=True)
    return tuple(dict.fromkeys(label_of(need, names()) for need, one in pairs if one not in fine))


def missing(every: Iterable[Line]) -> tuple[str, ...]:
    """Returns the labels of the lines that aren't met, each once."""
    return tuple(dict.fromkeys(one.label for one in every if one.answer is not Answer.MET))


def _table(table: Table, findings: Findings) -> TableRead:
    said = tuple([raw_answers(entry.needs, findings) for entry in table.entry])
    return table.remembered(said, lambda: _table_read(table, said))


def _table_read(table: Table, said: tuple[tuple[Answer, ...], ...]) -> TableRead:
    read = tuple(
        Line(
            id=entry.level or entry.title,
            label=entry.title,
            answer=together(answers),
            parts=entry.parts,
            value=_still_needed(table, unmet(entry.needs, answers)),
            note="; ".join(filter(None, (entry.note, *entry.consider))),
        )
        if entry.needs
        else _told(entry)
        for entry, answers in zip(table.entry, said, strict=True)
    )
    return TableRead(id=table.id, title=table.title, lines=read, note=table.note)


def _still_needed(table: Table, labels: tuple[str, ...]) -> str:
    return f"{table.lead} {', '.join(labels)}" if table.lead and labels else ""


def _told(entry: Entry) -> Line:
    """Returns a row that only tells something, whatever the findings."""
    return Line(
        id=entry.level or entry.title,
        label=entry.title,
        answer=Answer.NOT_APPLICABLE,
        value=entry.text,
        note=entry.note,
    )
