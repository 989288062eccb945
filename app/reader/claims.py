"""The reader's job on claims: a file, the card and texts beside it become a list of verdicts."""

import functools
from dataclasses import replace
from pathlib import Path

from app.reader.arguments import ClaimsOf
from app.reader.dossier import read_dossier, renderer
from app.reader.kept import kept_card, raw_of
from app.reader.licence import licences
from inspector.cards.read import card_from_bytes, read_card
from inspector.cards.values import Card
from inspector.claims.case import Case
from inspector.claims.check import check_claims
from inspector.claims.inputs import OtherCard
from inspector.claims.others import check_other_card
from inspector.claims.text import CardText
from inspector.claims.values import CardOwner, ClaimReport
from inspector.dossier import Dossier
from inspector.findings.values import Link as Place
from inspector.gguf.model import GgufModel
from inspector.licences.documents import read_text
from inspector.licences.report import LicenceReport
from inspector.summary import summarise


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
    beside = asked.beside
    origin = origin or read_dossier(model, asked.path, asked.card, beside.kept)
    texts = [(Path(one).name, read_text(Path(one))) for one in beside.publisher]
    case = Case(
        model=model,
        summary=summarise(model),
        lineage=origin.lineage,
        licence=licence
        or licences(model, asked.documents, beside.kept, asked.card, path=asked.path),
        templates=origin.templates,
        card=origin.card,
        text=_text(asked) if origin.card is not None else None,
        # One for all rules: to compile a long template takes longer than to render it.
        renderer=functools.cache(renderer),
        beside=beside,
        files=(
            *((name, text) for name, text in texts if text is not None),
            *((one.name, one.text) for one in beside.templates),
        ),
    )
    if asked.other is None:
        return check_claims(case)
    card, text = _other(asked.other)
    owner = CardOwner(name=asked.other.name, place=Place(asked.other.place))
    return check_other_card(replace(case, card=card, text=text, own=case.card), owner)


def _other(other: OtherCard) -> tuple[Card, CardText]:
    """Returns the card of another model, and its lines.

    Raises:
        InspectorError: `card.missing` or `card.too_large`.
    """
    if other.text is not None:
        raw, name = raw_of(other.text), other.text.name
        text = CardText(raw, name, other.text.revision)
        return card_from_bytes(raw, name, other.text.revision), text
    path = Path(other.path)
    return read_card(path), CardText(path.read_bytes(), path.name)


def _text(asked: ClaimsOf) -> CardText | None:
    """Returns the lines of the card beside the file, or of the one that was kept."""
    if not asked.card:
        paper = kept_card(asked.beside.kept)
        return CardText(raw_of(paper), paper.name, paper.revision) if paper else None
    try:
        raw = Path(asked.card).read_bytes()
    except OSError:
        # It was there a moment ago; without its lines it counts as not read.
        return None
    return CardText(raw, Path(asked.card).name)
