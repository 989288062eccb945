"""The reader's job on claims: a file, the card and texts beside it become a list of verdicts."""

import functools
from pathlib import Path

from app.reader.arguments import ClaimsOf
from app.reader.dossier import read_dossier, renderer
from app.reader.licence import licences
from inspector.cards.read import card_from_bytes
from inspector.claims.case import Case
from inspector.claims.check import check_claims
from inspector.claims.text import CardText
from inspector.claims.values import ClaimReport
from inspector.dossier import Dossier
from inspector.gguf.model import GgufModel
from inspector.licences.assess import assess
from inspector.licences.documents import (
    is_licence_file,
    is_notice_file,
    licence_text,
    notice,
    read_text,
)
from inspector.licences.from_header import labels_of, relatives_of
from inspector.licences.report import LicenceReport
from inspector.lineage.graph import lineage
from inspector.summary import summarise

CARD = "README.md"
"""The name of a card among the kept texts."""


def claims(
    model: GgufModel,
    asked: ClaimsOf,
    origin: Dossier | None = None,
    licence: LicenceReport | None = None,
) -> ClaimReport:
    """Returns what every rule says of an open model.

    Args:
        model: the file.
        asked: the card and what else lies beside it, and what the asker knows.
        origin: what was read of its origin already.
        licence: what was read of its licences already.

    Raises:
        InspectorError: `card.missing` or `card.too_large`.
    """
    origin = origin or read_dossier(model, asked.path, asked.card)
    beside = asked.beside
    card, text = origin.card, _text(asked.card) if origin.card is not None else None
    descent = origin.lineage
    if not asked.card and (paper := next((one for one in beside.kept if one.name == CARD), None)):
        raw = paper.text.encode("utf-8", "surrogatepass")
        card = card_from_bytes(raw, paper.name, paper.revision)
        text = CardText(raw, paper.name, paper.revision)
        descent = lineage(model, card, asked.path)
    texts = [(Path(one).name, read_text(Path(one))) for one in beside.publisher]
    return check_claims(
        Case(
            model=model,
            summary=summarise(model),
            lineage=descent,
            licence=licence or _licences(model, asked),
            templates=origin.templates,
            card=card,
            text=text,
            # One for all rules: to compile a long template takes longer than to render it.
            renderer=functools.cache(renderer),
            beside=beside,
            files=(
                *((name, text) for name, text in texts if text is not None),
                *((one.name, one.text) for one in beside.templates),
            ),
        )
    )


def _licences(model: GgufModel, asked: ClaimsOf) -> LicenceReport:
    """Reads the licence texts beside the file; where none lies there, those that were kept."""
    kept = [one for one in asked.beside.kept if is_licence_file(one.name)]
    if asked.documents or not kept:
        return licences(model, asked.documents)
    notices = [one for one in asked.beside.kept if is_notice_file(one.name)]
    summary = summarise(model)
    return assess(
        labels_of(summary),
        [licence_text(one.text, one.name) for one in kept],
        notice(notices[0].text, notices[0].name) if notices else None,
        relatives_of(summary),
        looked_for_texts=True,
    )


def _text(card: str) -> CardText | None:
    try:
        raw = Path(card).read_bytes()
    except OSError:
        # It was there a moment ago; without its lines it counts as not read.
        return None
    return CardText(raw, Path(card).name)
