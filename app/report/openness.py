"""The page's part on openness: findings with their evidence, and what each framework says. Knows no Qt."""

import re

from app.report import html
from app.report.decided import Held, anchor, decided, fact_lines
from app.words.dossier import doubt_about_card
from app.words.openness import next_of, openness_words, progress_of, range_of, said_of
from app.words.report import report_words
from inspector.findings import fingerprint
from inspector.findings.stack import stack
from inspector.findings.values import Finding
from inspector.frameworks.profile import Row, findings_of
from inspector.frameworks.verdict import Verdict
from inspector.report.values import Content


def findings(content: Content) -> str:
    """Returns the picture, the reviewer's word, and what is held of each part."""
    words, said, read = openness_words(), report_words().said, content.openness
    picture = fingerprint.svg(findings_of(read, with_items=False), title=content.name)
    heads = [said["part"], said["found"], said["whose"], said["sure"]]
    rows = [row for row in read.rows if not row.ours]
    told = [row for row in rows if row.finding.facts]
    held = html.grid(heads, [_row(one.name, one.finding, one.settles) for one in told], _ids(told))
    if items := [one for one in read.items if one.facts]:
        drawn = [_row(stack().name(one.part), one, "") for one in items]
        ids = [anchor(one.part) for one in items]
        # Open: lines of frameworks lead to its rows, and not every browser opens a fold for a link.
        title = said["items"].format(count=len(items))
        held += html.fold(title, html.grid(heads, drawn, ids), is_open=True)
    held += _silent([row for row in rows if not row.finding.facts], content)
    reviews = html.bullets(
        said["review"].format(
            said=f"{stack().name(one.part)}: {words.availability[one.availability.value]}, {words.terms[one.terms.value]}",
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


def _ids(rows: list[Row]) -> list[str]:
    return [anchor(row.part) for row in rows]


def _silent(rows: list[Row], content: Content) -> str:
    """Returns the parts that stay unknown, and which of them the rules on safeguards met words of.

    That nothing is known of how open a part is doesn't say that nothing was read of it.
    """
    said = report_words().said
    met = {one.id for one in content.safeguards.eight if one.evidence}
    told = [
        (html.safe(row.name), html.safe(row.settles) + (_elsewhere() if row.part in met else ""))
        for row in rows
    ]
    heads = [said["part"], said["would_settle"]]
    doubt = doubt_about_card(content.lineage)
    note = html.paragraph(said["not_counted"].format(doubt=doubt)) if doubt else ""
    return html.fold(
        said["silent"].format(count=len(rows)),
        note + html.grid(heads, told, _ids(rows)),
        is_open=True,
    )


def _elsewhere() -> str:
    words = report_words()
    link = f'<a href="#safeguards">{html.safe(words.section["safeguards"])}</a>'
    return f'<span class="source">{html.safe(words.said["elsewhere"])}: {link}</span>'


def _row(name: str, finding: Finding, settles: str) -> tuple[str, str, str, str]:
    words = openness_words()
    asked = report_words().said["settles"].format(sentence=settles) if settles else ""
    tile = words.tile[finding.tile.value]
    found = f"{tile}: {said_of(finding)}" if tile != said_of(finding) else tile
    return (
        html.safe(name),
        html.safe(found) + html.source("\n".join(fact_lines(finding))) + html.source(asked),
        html.safe(words.link[finding.link.value]),
        html.safe(words.confidence[finding.confidence]),
    )


def frameworks(content: Content) -> str:
    """Returns every verdict, where they disagree, and what others published."""
    said, read = report_words().said, content.openness
    again = {one.framework: one for one in content.reviewed.verdicts} if content.reviewed else {}
    overview = html.grid(
        [said["framework"], said["reading"]],
        ((html.safe(one.short), html.safe(one.reading)) for one in read.verdicts),
    )
    held = Held.of(read)
    every = overview + "".join(
        _verdict(one, again.get(one.framework), held) for one in read.verdicts
    )
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


def _verdict(verdict: Verdict, again: Verdict | None, held: Held) -> str:
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
    body.append(decided(verdict, held))
    body.append(html.bullets((*verdict.duties, *verdict.notes)))
    where = f"{verdict.source.title}: {verdict.source.url} ({verdict.source.retrieved})"
    return "".join([*body, html.paragraph(where, "quiet")])
