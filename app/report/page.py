"""A report as one page: self-contained, without scripts, in light and dark, and fit to print. Knows no Qt."""

import re
from collections.abc import Iterator
from string import Template

from app.report import html
from app.report.answers import measured, people_said, run_told, seen_here
from app.words.claims import (
    claim_texts,
    claim_words,
    group_of,
    in_order,
    place_words,
    report_notes,
    summary_words,
)
from app.words.dossier import lineage_rows, template_heading, template_rows
from app.words.facts import fact_texts, source_words, when_words
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
    question_rows,
    read_from,
    statement_rows,
)
from app.words.openness import line_words, next_of, openness_words, progress_of, range_of, said_of
from app.words.report import not_checked_words, report_words
from app.words.safeguards import (
    detail_lines,
    evidence_lines,
    guards_sentence,
    hosted_sentence,
    presence_words,
    removed_sentences,
    safeguard_texts,
)
from app.words.summary import headline, summary_rows
from inspector.findings import fingerprint
from inspector.frameworks.profile import Row, findings_of
from inspector.frameworks.reasons import marginal_risk
from inspector.frameworks.shapes import Kind
from inspector.frameworks.verdict import Verdict
from inspector.licences.report import Part
from inspector.report.values import Content
from inspector.safeguards.values import Level, Safeguard
from resources import text

_ROW_END = "\n"


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
        "what": _what(content),
        "licence": _licence(content),
        "origin": _origin(content),
        "open": _open(content),
        "frameworks": _frameworks(content),
        "claims": _claims(content) + seen_here(content),
        "judged": people_said(content),
        "templates": _templates(content),
        "safeguards": _safeguards(content),
        "bench": measured(content),
        "card": _card(content),
        "worksheet": _worksheet(content),
        "runs": "".join(map(run_told, content.runs)),
        "files": _files(content),
        "not_checked": html.bullets(map(not_checked_words, content.not_checked)),
        "rules": _rules(content),
        "ledger": _ledger(content),
        "again": html.paragraph(said["again"].format(file=file)),
    }
    made = said["made"].format(when=when_words(content.made), app=_app(content))
    links = "".join(
        f'<li><a href="#{key}">{html.safe(titles[key])}</a></li>' for key, body in parts.items() if body
    )  # fmt: skip
    head = [
        f"<header><h1>{html.safe(title)}</h1>",
        html.paragraph(headline(content.inspection)),
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
    for part in report.parts:
        if part is weights or part.named.ids:
            name = "" if part is weights else f"{part_words(part)}"
            body.append(html.paragraph(name) + html.source(part_source(part) if name else ""))
            body.append(html.rows((row.title, row.said, row.why) for row in question_rows(part)))
    for licence in weights.assessed:
        told = html.rows(
            (row.title, f"{texts.signs[row.sign.value]}: {row.says}", clause_words(row.clause))
            for row in statement_rows(licence)
        )
        note = html.paragraph(f"{read_from(licence)} {texts.said['not_advice']}", "quiet")
        body.append(html.fold(f"{texts.said['statements']}: {edition(licence)}", told + note))
    body.append(html.bullets(row.said for row in finding_rows(report)))
    return "".join(body)


def _open(content: Content) -> str:
    words, said, read = openness_words(), report_words().said, content.openness
    picture = fingerprint.svg(findings_of(read, with_items=False), title=content.name)
    heads = [said["part"], said["found"], said["whose"], said["sure"]]
    rows = [row for row in read.rows if not row.ours]
    told = [row for row in rows if row.finding.facts]
    silent = [(row.name, row.settles, "") for row in rows if not row.finding.facts]
    held = html.grid(heads, map(_row, told)) if told else ""
    title = said["silent"].format(count=len(silent))
    held += html.fold(title, html.rows(silent), is_open=True)
    reviews = html.bullets(
        said["review"].format(
            said=f"{one.part}: {words.availability[one.availability.value]}, {words.terms[one.terms.value]}",
            reason=one.reason, source=one.source, author=one.author, date=one.date,
        )
        for one in content.reviews
    )  # fmt: skip
    return "".join(
        (
            f'<div class="picture">{_unscripted(picture)}</div>',
            html.paragraph(f"{fingerprint.tally(findings_of(read))}. {words.sentence['about_stack']}"),
            html.paragraph(words.sentence["dotted"]),
            reviews,
            held,
            html.paragraph(said["ours"], "quiet"),
        )
    )  # fmt: skip


def _unscripted(picture: str) -> str:
    """Returns our own picture without the ids that a page can hold once only."""
    return re.sub(r' id="[td]"', "", picture)


def _row(row: Row) -> tuple[str, str, str, str]:
    words, finding = openness_words(), row.finding
    where = dict.fromkeys(source_words(one) for fact in finding.facts for one in fact.sources)
    evidence = "\n".join(fact.text for fact in finding.facts if fact.text)
    settles = report_words().said["settles"].format(sentence=row.settles) if row.settles else ""
    tile = words.tile[row.tile.value]
    found = f"{tile}: {said_of(finding)}" if tile != said_of(finding) else tile
    return (
        html.safe(row.name),
        html.safe(found) + html.source(evidence) + html.source(settles),
        html.safe(words.link[finding.link.value]),
        html.safe(words.confidence[finding.confidence]) + html.source("\n".join(where)),
    )


def _frameworks(content: Content) -> str:
    said, read = report_words().said, content.openness
    again = {one.framework: one for one in content.reviewed.verdicts} if content.reviewed else {}
    overview = html.grid(
        [said["framework"], said["reading"]],
        ((html.safe(one.short), html.safe(one.reading)) for one in read.verdicts),
    )
    every = overview + "".join(_verdict(one, again.get(one.framework)) for one in read.verdicts)
    differ = html.bullets(f"{one.title}: {one.why}" for one in read.disagreements)
    rated = openness_words().rated
    ratings = html.bullets(
        f"{one.author} on {one.object} ({rated[one.kind]}), {one.date}: {one.value}. {one.link}"
        for one in read.ratings
    )
    return "".join(
        (
            every,
            f"<h3>{html.safe(said['differ'])}</h3>{differ}" if differ else "",
            f"<h3>{html.safe(said['ratings'])}</h3>{ratings}" if ratings else "",
        )
    )


def _verdict(verdict: Verdict, again: Verdict | None) -> str:
    said = report_words().said
    body = [
        f"<h3>{html.safe(verdict.title)}, {html.safe(verdict.version)}</h3>",
        html.paragraph(verdict.reading),
    ]
    if again is not None and again.reading != verdict.reading:
        body.append(html.paragraph(said["reviewed"].format(reading=again.reading)))
    body += [
        html.paragraph(" ".join(filter(None, (progress_of(verdict), range_of(verdict))))),
        html.paragraph(next_of(verdict)),
    ]
    lines = [line_words(one, verdict.kind) for one in verdict.decided]
    for table in verdict.tables:
        told = (line_words(one, Kind.CHECKLIST) for one in table.lines)
        lines += [f"{table.title}: {one}" for one in told]
    body.append(html.fold(said["decided"], html.bullets(lines)))
    body.append(html.bullets((*verdict.duties, *verdict.notes)))
    where = f"{verdict.source.title}: {verdict.source.url} ({verdict.source.retrieved})"
    return "".join([*body, html.paragraph(where, "quiet")])


def _claims(content: Content) -> str:
    said, every = report_words().said, in_order(content.claims.claims)
    notes = [summary_words(content.claims.claims), *report_notes(content.claims)]
    judged = {one.claim: one.entry for one in content.judged}
    grouped: dict[str, list[tuple[str, str]]] = {}
    for claim in every:
        told = claim_words(claim)
        lines = [f"{told.verdict}: {told.sentence}"]
        if (entry := judged.get(claim.id)) and entry.get("verdict"):
            words = [str(entry.get(key) or "") for key in ("verdict", "note", "author")]
            lines.append(said["judged"].format(said=" · ".join(filter(None, words))))
        where = [f"“{told.text}”"] if told.text else []
        where += [place_words(claim.passages), *told.evidence, told.foot]
        cell = html.safe("\n".join(lines)) + html.source("\n".join(filter(None, where)))
        title = f"{html.safe(claim.rule)} {html.safe(told.title)}"
        grouped.setdefault(claim_texts().groups[group_of(claim)], []).append((title, cell))
    tables = (
        f"<h3>{html.safe(title)}</h3>{html.grid([said['claim'], said['found']], rows)}"
        for title, rows in grouped.items()
    )
    return html.bullets(notes) + "".join(tables)


def _templates(content: Content) -> str:
    return "".join(
        f"<h3>{html.safe(template_heading(check))}</h3>"
        + html.rows((row.label, row.value, row.source) for row in template_rows(check))
        for check in content.templates
    )


def _safeguards(content: Content) -> str:
    report, texts, said = content.safeguards, safeguard_texts(), report_words().said
    guards, where = guards_sentence(report)
    removed = removed_sentences(report)
    body = [html.paragraph(hosted_sentence(report)), html.paragraph(guards), html.source(where)]
    body += [html.paragraph(sentence) + html.source(place) for sentence, place in removed]
    body.append(html.paragraph(texts.said["of_system"]))
    for title, every in (
        (texts.said["eight"], report.eight),
        (texts.said["layers"], report.layers),
    ):
        heads = [
            said[key] for key in ("safeguard", "there", "inspected", "held", "removed", "rests")
        ]
        rows = [_safeguard(one, report.level) for one in every]
        body.append(f"<h3>{html.safe(title)}</h3>{html.grid(heads, rows)}")
    return "".join(body)


def _safeguard(one: Safeguard, level: Level) -> tuple[str, ...]:
    said, texts = report_words().said, safeguard_texts()
    lines = {line.label: line.said for line in detail_lines(one, level)}
    declared = f"{said['declared']}: {lines[texts.said['declared']]}"
    settles = lines.get(texts.said["settles"], "")
    why = texts.rules.get(one.decided_by) or said["settles"].format(sentence=settles)
    places = [
        f"{line.said} {line.label}" for line in evidence_lines(one) if line.said.startswith("“")
    ]
    rests = html.source(why) + html.fold(
        said["places"].format(count=len(places)), html.source("\n".join(places)) if places else ""
    )
    return (
        html.safe(texts.names[one.id].replace("\n", " ")),
        html.safe(presence_words(one)) + html.source(declared),
        html.safe(lines[texts.said["inspect"]]),
        html.safe(lines[texts.said["holds"]]),
        html.safe(lines[texts.said["removes"]]),
        rests,
    )


def _card(content: Content) -> str:
    card, said = content.card, report_words().said
    if card is None:
        return ""
    empty = ", ".join(slot.id.replace("_", " ") for slot in card.slots if not slot.filled)
    figures = "\n".join(f"{one.what} {one.of}: {one.value}" for one in card.figures[:200])
    filled = said["slots"].format(filled=card.filled, slots=len(card.slots))
    told = [(card.document, filled, f"SHA-256 {card.sha256}")]
    told += [(said["empty_slots"], empty, "")] if empty else []
    title = f"{said['figures']}: {len(card.figures)}"
    lines = html.paragraph(figures, "lines")
    return html.rows(told) + (html.fold(title, lines, is_long=True) if figures else "")


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


def _rules(content: Content) -> str:
    return html.rows((one.id, one.version, f"SHA-256 {one.sha256}") for one in content.rules)


def _ledger(content: Content) -> str:
    said, head = report_words().said, content.ledger
    if head is None:
        return html.paragraph(said["ledger_none"])
    told = said["ledger"].format(lines=f"{head.lines:,}", hash=head.hash)
    return html.paragraph(told) + ("" if head.kept else html.paragraph(said["ledger_memory"]))
