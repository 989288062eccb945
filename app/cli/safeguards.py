"""The part of `lightwell inspect` on safeguards: what stays with a host, then a row each."""

from app.cli.columns import print_groups
from app.cli.screen import Screen
from app.words.safeguards import (
    evidence_lines,
    guards_sentence,
    held_words,
    hosted_sentence,
    not_of_it_sentence,
    not_read_sentence,
    presence_words,
    removed_sentences,
    safeguard_texts,
)
from inspector.safeguards.values import Level, Safeguard, SafeguardReport


def print_safeguards(report: SafeguardReport, screen: Screen, *, sources: bool = False) -> None:
    """Prints the safeguards; with `sources`, the places that each rests on."""
    said = safeguard_texts().said
    guards, _ = guards_sentence(report)
    removed = [sentence for sentence, _ in removed_sentences(report)]
    notes = [
        hosted_sentence(report),
        not_of_it_sentence(report),
        not_read_sentence(report),
        guards,
        *removed,
        said["of_system"],
    ]
    notes.append(said["rules"].format(version=report.rules))
    print_groups(
        {
            said["title"]: [("", "\n".join(note for note in notes if note))],
            **{
                title: [_row(one, report.level, sources=sources) for one in every]
                for title, every in ((said["eight"], report.eight), (said["layers"], report.layers))
            },
        },
        screen,
    )


def _row(safeguard: Safeguard, level: Level, *, sources: bool) -> tuple[str, str]:
    lines = [presence_words(safeguard), held_words(safeguard, level)]
    if sources:
        for line in evidence_lines(safeguard):
            lines += [f"  {one}" for one in (line.said, *line.source.split("\n")) if one]
    return safeguard_texts().names[safeguard.id].replace("\n", " "), "\n".join(lines)
