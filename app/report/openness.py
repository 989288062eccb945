"""The page's part on openness: findings with their evidence, and what each framework says. Knows no Qt."""

import re

from app.report import html
from app.words.facts import source_words
from app.words.openness import line_words, next_of, openness_words, progress_of, range_of, said_of
from app.words.report import report_words
from inspector.findings import fingerprint
from inspector.findings.stack import stack
from inspector.frameworks.profile import Row, findings_of
from inspector.frameworks.shapes import Kind
from inspector.frameworks.verdict import Verdict
from inspector.report.values import Content


def findings(content: Content) -> str:
    """Returns the picture, the reviewer's word, and what is held of each part."""
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
            html.bullets(f"{one.title}: {one.note}" for one in stack().group if one.note),
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


def frameworks(content: Content) -> str:
    """Returns every verdict, where they disagree, and what others published."""
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
