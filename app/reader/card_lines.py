"""A card beside a file, or the one that was kept: what was read of it, and its lines."""

from collections.abc import Sequence
from pathlib import Path

from app.reader.card import as_read
from app.reader.kept import kept_card, raw_of
from inspector.cards.front_matter import split
from inspector.cards.read import LARGEST, card_from_bytes
from inspector.cards.values import Card
from inspector.claims.inputs import KeptText
from inspector.errors import InspectorError


def card_of(card: str, kept: Sequence[KeptText]) -> Card | None:
    """Returns the card at the path `card`, else the one that was kept; None where there is none.

    Raises:
        InspectorError: `card.missing` or `card.too_large`.
    """
    if card:
        return card_from_bytes(_raw(Path(card)), Path(card).name)
    if (paper := kept_card(kept)) is not None:
        return card_from_bytes(raw_of(paper), paper.name, paper.revision)
    return None


def card_lines(card: str, kept: Sequence[KeptText]) -> tuple[tuple[str, ...], int]:
    """Returns a card's lines after its fields, and the number of the first of them.

    Raises:
        InspectorError: `card.missing` or `card.too_large`.
    """
    paper = kept_card(kept)
    raw = _raw(Path(card)) if card else raw_of(paper) if paper is not None else b""
    text = as_read(raw)
    _, at, _ = split(text)
    return tuple(text[at:].split("\n")), text.count("\n", 0, at) + 1


def _raw(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise InspectorError("card.too_large", name=path.name, size=size // 1024)
        return path.read_bytes()[:LARGEST]
    except OSError as error:
        raise InspectorError("card.missing", str(error), name=path.name) from error
