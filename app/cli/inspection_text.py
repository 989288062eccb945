"""What `lightwell inspect` prints: the five lines of the window's Summary, then each of its tabs in turn."""

from collections.abc import Iterator

from app.cli.claims import print_claims
from app.cli.columns import print_groups
from app.cli.dossier import print_dossier
from app.cli.everything import Everything
from app.cli.kept import KeptState
from app.cli.licence import print_licence
from app.cli.openness import print_profile
from app.cli.safeguards import print_safeguards
from app.cli.screen import Screen
from app.words.bench import bench_texts
from app.words.claims import claim_texts, rule_title, verdict_word
from app.words.dossier_lines import (
    DossierLine,
    disagrees_line,
    line_texts,
    origin_line,
    unknown_line,
    use_line,
    what_line,
)
from app.words.facts import fact_texts, oddity_words, when_words
from app.words.judged import remark
from app.words.report import counted_words, report_words
from app.words.summary import FactRow, summary_rows
from inspector.claims.values import Verdict
from inspector.report.bench import BenchTold
from inspector.report.recipes import answers_of
from inspector.report.values import ClaimJudged


def print_everything(found: Everything, screen: Screen, *, sources: bool = False) -> None:
    """Prints all of it; with `sources`, where each value came from."""
    print_groups({line_texts().said["heading"]: list(_five(found))}, screen)
    screen.line()
    _print_inspection(found, screen, sources=sources)
    screen.line()
    print_licence(found.licence, screen, sources=sources)
    screen.line()
    print_dossier(found.dossier, screen, sources=sources)
    screen.line()
    print_claims(found.claims, screen, sources=sources)
    for report in found.forebears:
        screen.line()
        print_claims(report, screen, sources=sources)
    _print_people(found, screen)
    screen.line()
    print_safeguards(found.safeguards, screen, sources=sources)
    _print_benches(found, screen)
    screen.line()
    screen.line(report_words().section["open"])
    screen.line()
    print_profile(found.openness, screen)
    if found.kept is not KeptState.READ:
        screen.line()
        screen.line(line_texts().said[f"store_{found.kept.value}"])


def _five(found: Everything) -> Iterator[tuple[str, str]]:
    lineage = found.dossier.lineage
    lines: tuple[DossierLine, ...] = (
        what_line(found.inspection),
        origin_line(lineage),
        use_line(found.licence),
        disagrees_line(found.licence, found.claims, lineage),
        unknown_line(found.dossier, found.licence, found.claims),
    )
    yield from ((line.title, line.said) for line in lines)


def _print_inspection(found: Everything, screen: Screen, *, sources: bool) -> None:
    """Prints the rows that the window's Summary shows, and what is odd."""
    texts = fact_texts()
    groups = {
        heading: [(row.label, _value(row, sources=sources)) for row in rows]
        for heading, rows in summary_rows(found.inspection).items()
    }
    if (hashed := found.digests) is not None:
        groups[texts.groups["prints"]] = [
            (texts.labels["sha256"], "\n".join(hashed.files)),
            (texts.labels["weights"], hashed.weights),
        ]
    print_groups(groups, screen)
    for oddity in found.inspection.oddities:
        screen.line()
        screen.line(oddity_words(oddity))


def _value(row: FactRow, *, sources: bool) -> str:
    """Returns a row's value, with its sources below it where they are wanted."""
    if not sources or not row.source:
        return row.value
    return "\n".join([row.value, *(f"  {line}" for line in row.source.split("\n"))])


def _print_people(found: Everything, screen: Screen) -> None:
    """Prints what people said of the claims, as the window shows it beside the rules' word."""
    if found.judged:
        screen.line()
        reports = (found.claims, *found.forebears)
        rows = [_judged(one, remark(one, reports)) for one in found.judged]
        print_groups({report_words().section["judged"]: rows}, screen)


def _judged(judged: ClaimJudged, doubt: str) -> tuple[str, str]:
    entry = judged.entry
    rule = str(entry.get("rule") or judged.claim)
    words = [str(entry.get("verdict") or "")]
    if words[0] in list(Verdict):
        words[0] = verdict_word(Verdict(words[0]))
    words += [str(entry.get(key) or "") for key in ("text", "note", "author")]
    if answers := answers_of(judged):
        words.append(report_words().said["answers_kept"].format(count=len(answers)))
    title = rule_title(rule) if rule in claim_texts().rules else ""
    return rule, " · ".join(filter(None, (title, *words, when_words(judged.changed), doubt)))


def _print_benches(found: Everything, screen: Screen) -> None:
    screen.line()
    said = bench_texts().said
    rows = list(map(_bench, found.benches)) or [("", said["not_yet"])]
    print_groups({said["title"]: [*rows, ("", said["catch"])]}, screen)


def _bench(bench: BenchTold) -> tuple[str, str]:
    refused = report_words().said["refused"]
    return when_words(bench.measured), f"{bench.prompts}\n{refused}: {counted_words(bench.refused)}"
