"""The reader's job on two texts of one card: which lines went, and which came."""

import difflib
from enum import StrEnum
from pathlib import Path

import msgspec

from app.reader.card import as_read
from inspector.cards.read import read_card
from inspector.untrusted import legible, shortened

MOST_LINES = 1_500
LONGEST = 400
_AROUND = 2


class Change(StrEnum):
    """What became of a line."""

    CAME = "came"
    WENT = "went"
    STAYED = "stayed"
    GAP = "gap"


class DifferenceLine(msgspec.Struct, frozen=True, array_like=True):
    """A line; of a gap, which lines of the older text come next."""

    change: Change
    text: str


class CardDifference(msgspec.Struct, frozen=True, kw_only=True):
    """How two texts differ; `more` lines are not here because there are too many."""

    came: int
    went: int
    lines: tuple[DifferenceLine, ...]
    more: int = 0


def text_of_card(path: Path) -> str:
    """Returns a card's text.

    Raises:
        InspectorError: `card.missing` or `card.too_large`.
    """
    read_card(path)  # Which says why, where it can't be read.
    return as_read(path.read_bytes())


def difference(before: str, after: str) -> CardDifference:
    """Returns how the later text differs from the earlier one, with two lines around each change."""
    old, new = (as_read(text.encode("utf-8", "replace")).split("\n") for text in (before, after))
    lines, came, went = [], 0, 0
    for line in list(difflib.unified_diff(old, new, n=_AROUND, lineterm=""))[2:]:
        sign, text = line[:1], shortened(legible(line[1:]), LONGEST)
        if sign == "@":
            lines.append(DifferenceLine(Change.GAP, line.split(" ")[1].lstrip("-").split(",")[0]))
        elif sign == "+":
            came += 1
            lines.append(DifferenceLine(Change.CAME, text))
        elif sign == "-":
            went += 1
            lines.append(DifferenceLine(Change.WENT, text))
        else:
            lines.append(DifferenceLine(Change.STAYED, text))
    return CardDifference(
        came=came,
        went=went,
        lines=tuple(lines[:MOST_LINES]),
        more=max(0, len(lines) - MOST_LINES),
    )
