"""The licence part of `lightwell inspect`: the rows that the window's Licence tab shows."""

from collections.abc import Sequence

from app.cli.columns import print_groups
from app.cli.screen import Screen
from app.words.licence import (
    clause_words,
    edition,
    explanation,
    finding_rows,
    heading,
    identified_by,
    licence_texts,
    lineage_rows,
    part_words,
    passages,
    policy_heading,
    policy_lines,
    policy_rows,
    question_rows,
    questions_heading,
    read_from,
    silent_parts,
    statement_rows,
    told_parts,
)
from inspector.licences.catalogue import Licence
from inspector.licences.names import title_of
from inspector.licences.parts import Part
from inspector.licences.report import LicenceReport

Rows = list[tuple[str, str]]


def print_licence(report: LicenceReport, screen: Screen, *, sources: bool = False) -> None:
    """Prints what is known of the licences; with `sources`, where each line came from."""
    texts, weights = licence_texts(), report.part(Part.WEIGHTS)
    stated: Rows = [
        (_word(told), _with(_rest(told), why, sources)) for told, why in identified_by(report)
    ]
    found = finding_rows(report)
    # What contradicts comes before what is allowed: who stops at the answer must have read it.
    stated += [("", row.said) for row in found if row.disagrees]
    groups: dict[str, Rows] = {heading(report): stated}
    assessed = {one.id: one for one in weights.assessed}
    for licence in weights.licences:
        read = assessed.get(licence)
        if read is None:
            groups[title_of(licence)] = [("", texts.said["not_assessed"])]
        else:
            name = f"{texts.said['statements']}: {edition(read)}"
            groups[name] = _statements(read, sources=sources)
    groups[questions_heading(report)] = [
        (row.title, _with(row.said, row.why, sources)) for row in question_rows(weights)
    ]
    for part in told_parts(report):
        groups[part_words(part)] = [
            (row.title, _with(row.said, row.why, sources)) for row in question_rows(part)
        ]
    if rows := lineage_rows(report):
        groups[texts.said["lineage"]] = [
            (row.relation, _with(f"{row.model}: {row.said}", row.source, sources)) for row in rows
        ]
    for policy in policy_rows(report):
        groups[policy.title] = [
            *(("", _listed(*one)) for one in (policy.lists if sources else ())),
            ("", _with(policy.note, policy.source, sources)),
        ]
    print_groups(groups, screen)
    notes = [explanation(report), silent_parts(report)]
    places = [line for text in report.texts for line in passages(text)]
    quiet = (row.said for row in found if not row.disagrees)
    for line in (*quiet, *places, *filter(None, notes)):
        screen.line()
        screen.line(line)


def _statements(licence: Licence, *, sources: bool) -> Rows:
    texts = licence_texts()
    rows = [
        (
            row.title,
            _with(f"{texts.signs[row.sign.value]}: {row.says}", clause_words(row.clause), sources),
        )
        for row in statement_rows(licence)
    ]
    if policy := policy_heading(licence):
        rows.append(("", policy))
        groups = policy_lines(licence) if sources else ()
        rows += [
            ("", _listed(f"{title} · {clause_words(clause)}" if clause else title, uses))
            for title, clause, uses in groups
        ]
    rows.append(("", f"{read_from(licence)} {texts.said['not_advice']}"))
    return rows


def _listed(lead: str, entries: Sequence[str]) -> str:
    return "\n".join([lead, *(f"  {entry}" for entry in entries)])


def _with(told: str, source: str, sources: bool) -> str:
    if not sources or not source:
        return told
    return "\n".join([told, *(f"  {line}" for line in source.split("\n"))])


def _word(line: str) -> str:
    return line.partition(": ")[0]


def _rest(line: str) -> str:
    return line.partition(": ")[2]
