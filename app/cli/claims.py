"""The part of `lightwell inspect` on claims: a row each, grouped by what they are about."""

from app.cli.columns import print_groups
from app.cli.screen import Screen
from app.words.claims import (
    claim_texts,
    claim_words,
    group_of,
    in_order,
    owner_words,
    place_words,
    report_notes,
    summary_words,
)
from inspector.claims.values import Claim, ClaimReport


def print_claims(report: ClaimReport, screen: Screen, *, sources: bool = False) -> None:
    """Prints the claims; with `sources`, what each was compared with and what was left out."""
    texts = claim_texts()
    heading = texts.said["heading"]
    if report.about is not None:
        heading = texts.said["heading_of"].format(model=owner_words(report.about))
    notes = [summary_words(report.claims), *report_notes(report)]
    groups: dict[str, list[tuple[str, str]]] = {
        heading: [("", "\n".join(notes))],
    }
    for claim in in_order(report.claims):
        rows = groups.setdefault(texts.groups[group_of(claim)], [])
        rows.append(_row(claim, sources=sources))
    print_groups(groups, screen)


def _row(claim: Claim, *, sources: bool) -> tuple[str, str]:
    told = claim_words(claim)
    foot = " · ".join(filter(None, (told.foot, place_words(claim.passages))))
    lines = [f"{told.title}: {told.verdict}. {told.sentence}", foot]
    if sources:
        quoted = [f"“{told.text}”"] if told.text else []
        lines += [f"  {line}" for line in (*quoted, *told.evidence, told.looks, told.left) if line]
    # The rule's short name as label: titles would push every value to the middle of the screen.
    return claim.rule, "\n".join(lines)
