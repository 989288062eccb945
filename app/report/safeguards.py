"""The page's part on safeguards: which are there, by whose word, and who holds them. Knows no Qt."""

from app.report import html
from app.words.report import report_words
from app.words.safeguards import (
    detail_lines,
    evidence_lines,
    guards_sentence,
    hosted_sentence,
    not_of_it_sentence,
    not_read_sentence,
    presence_words,
    removed_sentences,
    safeguard_texts,
)
from inspector.report.values import Content
from inspector.safeguards.values import Level, Safeguard


def safeguards(content: Content) -> str:
    """Returns what stays with a host, signs of removal, and a row for each safeguard."""
    report, texts, said = content.safeguards, safeguard_texts(), report_words().said
    guards, where = guards_sentence(report)
    removed = removed_sentences(report)
    told = (hosted_sentence(report), not_of_it_sentence(report), not_read_sentence(report), guards)
    body = [*map(html.paragraph, told), html.source(where)]
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
    # Two words of one sentence met the same rule: it is one place.
    places = dict.fromkeys(
        f"{line.said} {line.label}" for line in evidence_lines(one) if line.said.startswith("“")
    )
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
