"""A report as one page: self-contained, without scripts, in light and dark, and fit to print. Knows no Qt."""

import re
from collections.abc import Iterator
from string import Template

import msgspec

from app.report import html
from app.report.answers import measured, people_said, run_told, seen_here
from app.report.claims import claims
from app.report.openness import findings, frameworks
from app.report.safeguards import safeguards
from app.words.card import card_texts
from app.words.checked import parcel_words
from app.words.dossier import lineage_rows, template_heading, template_rows
from app.words.dossier_lines import (
    disagrees_line,
    origin_line,
    unknown_line,
    use_line,
    what_line,
)
from app.words.facts import fact_texts, when_words
from app.words.judged import found_to_differ
from app.words.licence import (
    clause_words,
    edition,
    explanation,
    finding_rows,
    heading,
    identified_by,
    licence_texts,
    part_source,
    part_words,
    policy_rows,
    question_rows,
    questions_heading,
    read_from,
    statement_rows,
    told_parts,
)
from app.words.report import not_checked_words, report_words
from app.words.summary import headline, summary_rows
from inspector.cards.values import Figure
from inspector.frameworks.reasons import marginal_risk
from inspector.licences.parts import Part
from inspector.report.values import Content, RuleSet
from resources import text

_ROW_END = "\n"
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~]|(?=\s|$))")
"""Markdown's sign that the next one is meant as it is; for people it is no part of a name."""


def page(content: Content, digest: str, file: str = "report.json") -> str:
    """Returns the page.

    Args:
        content: what the report says.
        digest: of the content in the file beside the page.
        file: that file's name.
    """
    said, titles = report_words().said, report_words().section
    title = said["title"].format(name=content.name)
    parts = {
        "five": _five(content),
        "conclusion": _conclusion(content),
        "what": _what(content),
        "licence": _licence(content),
        "origin": _origin(content),
        "open": findings(content),
        "frameworks": frameworks(content),
        "claims": claims(content) + seen_here(content),
        "judged": people_said(content),
        "templates": _templates(content),
        "safeguards": safeguards(content),
        "bench": measured(content),
        "card": _card(content),
        "worksheet": _worksheet(content),
        "runs": "".join(map(run_told, content.runs)),
        "files": _files(content),
        "not_checked": html.bullets(map(not_checked_words, content.not_checked)),
        "rules": _rules(content),
        "ledger": _ledger(content),
        "again": _again(content, file),
    }
    made = said["made"].format(when=when_words(content.made), app=_app(content))
    links = "".join(
        f'<li><a href="#{key}">{html.safe(titles[key])}</a></li>' for key, body in parts.items() if body
    )  # fmt: skip
    head = [
        f"<header><h1>{html.safe(title)}</h1>",
        html.paragraph(f"{content.files[0].name} · {headline(content.inspection)}"),
        html.paragraph(made, "quiet"),
        html.paragraph(f"{said['about']} {said['read'].format(when=_read_at(content))}"),
        f'<p class="quiet">{html.safe(said["digest"].format(file=file))}<br><code>{html.safe(digest)}</code></p>',
        html.paragraph(said["no_signature"], "quiet"),
        f"</header><nav><ul>{links}</ul></nav><main>",
    ]
    sections = [html.section(key, titles[key], body) for key, body in parts.items()]
    # Nearly everything was read in one go; told once, it doesn't stand behind each value.
    body = _ROW_END.join([*head, *sections, "</main>"]).replace(html.safe(_stamp(content)), "")
    return Template(text("report/page.html")).substitute(title=html.safe(title), body=body)


def _read_at(content: Content) -> str:
    """Returns when the model's file was read."""
    source = content.inspection.summary.file_bytes.source
    return when_words(source.read_at if source and source.read_at else content.made)


def _stamp(content: Content) -> str:
    """Returns how a source ends that was read when the file was."""
    return " · " + fact_texts().said["read"].format(when=_read_at(content))


def _app(content: Content) -> str:
    every = [f"{one.name} {one.version}" for one in content.software]
    return ", ".join(every)


def _five(content: Content) -> str:
    """What the Summary tab begins with: who opens a report wants to know first what disagrees."""
    every = {one.id: one for one in (*content.claims.claims, *content.claims_here)}
    claims = msgspec.structs.replace(content.claims, claims=tuple(every.values()))
    lines = [
        what_line(content.inspection),
        origin_line(content.lineage),
        use_line(content.licence),
        disagrees_line(content.licence, claims, content.lineage),
        unknown_line(content, content.licence, claims),
    ]
    told = [(one.title, one.said, one.source) for one in lines]
    # Most read no further: a person's finding is not to stand only where the rules' are spread out.
    own = found_to_differ(content.judged, (content.claims, *content.claims_of_forebears))
    if own:
        said = report_words().said
        row = (said["person_differs"], ", ".join(own), said["person_differs_of"])
        told.insert(len(told) - 1, row)
    return html.rows(told)


def _conclusion(content: Content) -> str:
    """A person's own words, called so: nothing of them is read from the file or checked."""
    own, said = content.conclusion, report_words().said
    if own is None:
        return ""
    who = said["concluded_by"].format(name=own.reviewer) if own.reviewer else said["concluded"]
    text = f'<div class="answer">{html.safe(own.text)}</div>' if own.text else ""
    return html.paragraph(who, "quiet") + text


def _what(content: Content) -> str:
    return "".join(
        f"<h3>{html.safe(title)}</h3>"
        + html.rows((row.label, row.value, row.source) for row in rows)
        for title, rows in summary_rows(content.inspection).items()
    )


def _origin(content: Content) -> str:
    return html.rows((row.label, row.value, row.source) for row in lineage_rows(content.lineage))


def _licence(content: Content) -> str:
    report, texts = content.licence, licence_texts()
    weights = report.part(Part.WEIGHTS)
    body = [f"<h3>{html.safe(heading(report))}</h3>", html.paragraph(explanation(report))]
    body.append(html.bullets(told for told, _ in identified_by(report)))
    # What contradicts comes before what is allowed: who stops at the answer must have read it.
    found = finding_rows(report)
    body.append(html.bullets(row.said for row in found if row.disagrees))
    for part in (weights, *told_parts(report)):
        name = questions_heading(report) if part is weights else part_words(part)
        source = "" if part is weights else part_source(part)
        body.append(html.paragraph(name) + html.source(source))
        body.append(html.rows((row.title, row.said, row.why) for row in question_rows(part)))
    for licence in weights.assessed:
        told = html.rows(
            (row.title, f"{texts.signs[row.sign.value]}: {row.says}", clause_words(row.clause))
            for row in statement_rows(licence)
        )
        note = html.paragraph(f"{read_from(licence)} {texts.said['not_advice']}", "quiet")
        body.append(html.fold(f"{texts.said['statements']}: {edition(licence)}", told + note))
    body.append(html.bullets(row.said for row in found if not row.disagrees))
    for policy in policy_rows(report):
        lists = "".join(
            html.paragraph(lead) + html.bullets(entries) for lead, entries in policy.lists
        )
        body.append(
            html.fold(policy.title, lists + html.paragraph(policy.note, "quiet"), is_long=True)
        )
    return "".join(body)


def _templates(content: Content) -> str:
    return "".join(
        f"<h3>{html.safe(template_heading(check))}</h3>"
        + html.rows((row.label, row.value, row.source) for row in template_rows(check))
        for check in content.templates
    )


def _card(content: Content) -> str:
    card, said = content.card, report_words().said
    if card is None:
        return ""
    names = card_texts().slots
    empty = ", ".join(names.get(slot.id, slot.id) for slot in card.slots if not slot.filled)
    figures = "\n".join(map(_figure, card.figures[:200]))
    filled = said["slots"].format(filled=card.filled, slots=len(card.slots))
    told = [(card.document, filled, f"SHA-256 {card.sha256}")]
    told += [(said["empty_slots"], empty, "")] if empty else []
    title = f"{said['figures']}: {len(card.figures)}"
    lines = html.paragraph(figures, "lines")
    return html.rows(told) + (html.fold(title, lines, is_long=True) if figures else "")


def _figure(one: Figure) -> str:
    place = fact_texts().said["line"].format(line=one.line) if one.line else ""
    told = _ESCAPED.sub(r"\1", f"{one.what} {one.of}: {one.value}")
    return " · ".join(filter(None, (told, place)))


def _worksheet(content: Content) -> str:
    if not content.worksheet:
        return ""
    sheet = marginal_risk()
    told = [
        (f"{step.title}. {step.question}", content.worksheet.get(step.id, ""), "")
        for step in sheet.step
    ]
    where = f"{sheet.source['title']}, {sheet.source['url']}"
    return html.rows(told) + html.paragraph(where, "quiet")


def _files(content: Content) -> str:
    return html.rows(_prints(content))


def _prints(content: Content) -> Iterator[tuple[str, str, str]]:
    said = report_words().said
    for file in content.files:
        yield file.name, f"{file.size:,} bytes", f"SHA-256 {file.sha256 or said['not_read']}"
    if content.weights:
        method = said["method"].format(method=content.weights.method)
        yield said["weights"], content.weights.digest, method
    for one in content.documents:
        yield f"{one.name} ({one.kind})", f"{one.size:,} bytes", f"SHA-256 {one.sha256}"


def _again(content: Content, file: str) -> str:
    words = report_words()
    own = next((f"{one.name} {one.version}" for one in content.software), "")
    alone = words.said["without_app"].format(files=words.section["files"], app=own)
    said = (words.said["again"].format(file=file), parcel_words(content), alone)
    return "".join(map(html.paragraph, said))


def _rules(content: Content) -> str:
    said = report_words().said
    told = (
        (one.id, one.version, "\n".join(filter(None, (_files_of(one), f"SHA-256 {one.sha256}"))))
        for one in content.rules
    )
    return html.paragraph(said["rules"]) + html.rows(told)


def _files_of(rules: RuleSet) -> str:
    form = report_words().said["rule_files"]
    return form.format(files=", ".join(rules.files)) if rules.files else ""


def _ledger(content: Content) -> str:
    said, head = report_words().said, content.ledger
    if head is None:
        return html.paragraph(said["ledger_none"])
    told = said["ledger"].format(lines=f"{head.lines:,}", hash=head.hash)
    return html.paragraph(told) + ("" if head.kept else html.paragraph(said["ledger_memory"]))
