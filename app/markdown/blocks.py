"""What a text consists of once it is understood: a flat list of blocks, each a list of spans.

Flat, because nesting is what hostile texts are made of: a quote in a list in a quote is a paragraph
whose `Place` says so, and nothing that draws it has to recurse.
"""

from dataclasses import dataclass
from enum import IntFlag


class Style(IntFlag):
    """How a span is set; the flags combine."""

    PLAIN = 0
    STRONG = 1
    EMPHASIS = 2
    CODE = 4
    STRIKE = 8
    MATHS = 16
    RAISED = 32
    LOWERED = 64
    IMAGE = 128


@dataclass(frozen=True, slots=True)
class Span:
    """Some text in one style.

    Attributes:
        target: the address of a link, exactly as written; empty where this is none.
    """

    text: str
    style: Style = Style.PLAIN
    target: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands.

    Attributes:
        quotes: how many quotes it is in.
        indent: how many lists it is in.
        marker: the bullet or number in front of it, where it begins a list item.
    """

    quotes: int = 0
    indent: int = 0
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    spans: Spans
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` is 1 to 6."""

    spans: Spans
    level: int
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Code:
    """A code block, or the next part of one (`continued`) where it is long."""

    text: str
    language: str = ""
    continued: bool = False
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Formula:
    """Maths on lines of its own, which could be written in Unicode."""

    spans: Spans
    source: str
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""

    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Table:
    """A table, or the next rows of one (`continued`, without header) where it is long.

    Attributes:
        aligns: for each column `left`, `center` or `right`.
        widths: for each column its share of the width; the same in all parts of one table.
        omitted: rows or columns were left out here because there are too many to draw.
    """

    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]
    aligns: tuple[str, ...]
    widths: tuple[int, ...]
    continued: bool = False
    omitted: bool = False
    place: Place = Place()


Block = Paragraph | Heading | Code | Formula | Rule | Table


def plain(spans: Spans) -> str:
    """Returns the text of `spans` without its styles."""
    return "".join(span.text for span in spans)


def weight(block: Block) -> int:
    """Returns about how many characters a block costs to draw; a table's cell is as dear as a line."""
    match block:
        case Code():
            return len(block.text)
        case Table():
            return 60 * (len(block.rows) + 1) * len(block.aligns)
        case Rule():
            return 1
        case _:
            return 40 + sum(len(span.text) for span in block.spans)
