"""The part of `lightwell inspect` on origin, templates and the card beside the file."""

from app.cli.columns import print_groups
from app.cli.screen import Screen
from app.words.dossier import (
    Row,
    card_rows,
    dossier_texts,
    lineage_rows,
    template_heading,
    template_rows,
)
from inspector.dossier import Dossier


def print_dossier(found: Dossier, screen: Screen, *, sources: bool = False) -> None:
    """Prints the rows; with `sources`, where each came from."""
    said = dossier_texts().said
    groups = {said["lineage"]: _told(lineage_rows(found.lineage), sources=sources)}
    for check in found.templates:
        groups[template_heading(check)] = _told(template_rows(check), sources=sources)
    if found.card is not None:
        groups[said["card"]] = _told(card_rows(found.card), sources=sources)
    print_groups(groups, screen)
    if found.templates_left:
        screen.line()
        screen.line(said["left"].format(count=found.templates_left))


def _told(rows: list[Row], *, sources: bool) -> list[tuple[str, str]]:
    told = []
    for row in rows:
        below = [f"  {line}" for line in row.source.split("\n")] if sources and row.source else []
        told.append((row.label, "\n".join([row.value, *below])))
    return told
