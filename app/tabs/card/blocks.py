"""Blocks as they come from the reader → blocks to draw; pictures become words with an address."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.markdown.blocks import (
    Block,
    Code,
    Formula,
    Heading,
    Paragraph,
    Place,
    Rule,
    Span,
    Spans,
    Style,
    Table,
    plain,
)
from app.reader.card import CardSheet, SheetBlock, SheetSpans
from app.words.card import card_texts, picture_words

LINE_END = "\n"


@dataclass(frozen=True, slots=True)
class DrawnBlock:
    """A block to draw, and the lines of the file that it stands for."""

    block: Block
    line: int
    end: int
    is_empty: bool = False


class SheetStream:
    """A card's text as a view wants it: all of it is here.

    Args:
        columns: how many columns of a table have room; a table with more becomes a record a row.
    """

    def __init__(self, sheet: CardSheet, columns: int) -> None:
        self.blocks = tuple(part for block in sheet.blocks for part in _parts(block, columns))
        self.settled: list[Block] = [part.block for part in self.blocks]
        self.is_finished = True

    def tail(self) -> list[Block]:
        """Nothing more will come."""
        return []


def widths_of_tables(sheet: CardSheet) -> frozenset[int]:
    """Returns the numbers of columns that tables of a card have."""
    return frozenset(len(block.aligns) for block in sheet.blocks if block.kind == "table")


def _parts(block: SheetBlock, columns: int) -> Iterator[DrawnBlock]:
    if block.kind != "table" or len(block.aligns) <= columns:
        yield DrawnBlock(drawn(block), block.line, block.end, block.is_empty)
        return
    above = 0 if block.continued else 2
    for number, row in enumerate(block.rows):
        line = min(block.line + above + number, max(block.line, block.end - 1))
        yield DrawnBlock(_record(block, row), line, line + 1)


def _record(block: SheetBlock, row: tuple[SheetSpans, ...]) -> Paragraph:
    """Returns a row of a wide table as a line of its own: what it is, then each column's value."""
    spans: list[Span] = []
    for column, cell in enumerate(row):
        said = _spans(cell)
        if not plain(said).strip():
            continue
        if column == 0:
            spans += [Span(one.text, one.style | Style.STRONG, one.target) for one in said]
            continue
        title = plain(_spans(block.header[column])) if column < len(block.header) else ""
        before = LINE_END if spans else ""
        spans.append(Span(f"{before}{title}: " if title.strip() else before))
        spans += said
    return Paragraph(tuple(spans), Place(block.quotes, block.indent))


def drawn(block: SheetBlock) -> Block:
    """Returns the block to draw."""
    place = Place(block.quotes, block.indent, block.marker)
    match block.kind:
        case "heading":
            return Heading(_spans(block.spans), block.level, place)
        case "code":
            return Code(block.text, block.language, block.continued, place)
        case "formula":
            return Formula(_spans(block.spans), block.text, place)
        case "rule":
            return Rule(place)
        case "table":
            return Table(
                tuple(map(_spans, block.header)),
                tuple(tuple(map(_spans, row)) for row in block.rows),
                block.aligns,
                block.widths,
                block.continued,
                block.omitted,
                place,
            )
        case _:
            spans = _spans(block.spans)
            if block.is_empty:
                spans = (*spans, Span(f"  · {card_texts().said['empty_mark']}", Style.EMPHASIS))
            return Paragraph(spans, place)


def _spans(spans: SheetSpans) -> Spans:
    made = []
    for one in spans:
        style = Style(one.style)
        if style & Style.IMAGE:
            words = picture_words(one.text, one.target)
            made.append(Span(words, Style.EMPHASIS, one.target))
        else:
            made.append(Span(one.text, style, one.target))
    return tuple(made)
