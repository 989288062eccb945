"""The reader's job on one card: what it says, and its text as blocks that only have to be drawn.

The parsing of a card that was made to be slow happens here, under the job's deadline; the window
gets flat blocks, each with the lines of the file that it stands for.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from app.markdown.blocks import (
    Block,
    Code,
    Formula,
    Heading,
    Rule,
    Spans,
    Style,
    Table,
    plain,
)
from app.markdown.parser import REFERENCES, Parser
from app.markdown.splitter import Kind, Piece, Splitter
from app.reader.card_html import Hidden, as_markdown
from inspector.cards.front_matter import split
from inspector.cards.read import LARGEST, LINES, READ, card_from_bytes
from inspector.cards.slots import says_nothing
from inspector.cards.values import Card
from inspector.errors import InspectorError

MOST_BLOCKS = 6_000

_FENCE = re.compile(r"^ {0,6}(`{3,}|~{3,})")
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]^][^\[\]]{0,200}\]:\s{1,8}\S")


class SheetSpan(msgspec.Struct, frozen=True, array_like=True):
    """A span; `style` is the number of a `Style`."""

    text: str
    style: int = 0
    target: str = ""


SheetSpans = tuple[SheetSpan, ...]


class SheetBlock(msgspec.Struct, frozen=True, omit_defaults=True):
    """A block of `app.markdown.blocks` on its way between processes.

    Attributes:
        kind: the name of the block's class, in small letters.
        line, end: the first line of the file that it stands for, and the line after the last.
        is_empty: whether a placeholder stands there and nothing of the author's own.
    """

    kind: str
    line: int
    end: int
    spans: SheetSpans = ()
    level: int = 0
    text: str = ""
    language: str = ""
    header: tuple[SheetSpans, ...] = ()
    rows: tuple[tuple[SheetSpans, ...], ...] = ()
    aligns: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    continued: bool = False
    omitted: bool = False
    quotes: int = 0
    indent: int = 0
    marker: str = ""
    is_empty: bool = False


class HiddenText(msgspec.Struct, frozen=True, array_like=True):
    """Words of a card that a page would not show."""

    line: int
    text: str


class CardSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A card, ready to be drawn.

    Attributes:
        changed_at: when the file was last written, or the text was fetched, in seconds since the
            epoch.
        text: the file as it was read, for showing a place as it is written.
        blocks_left: blocks that are not here because there are too many.
    """

    card: Card
    changed_at: float
    text: str
    blocks: tuple[SheetBlock, ...]
    blocks_left: int = 0
    hidden: tuple[HiddenText, ...] = ()


def read_sheet(path: Path) -> CardSheet:
    """Returns the card at `path`.

    Raises:
        InspectorError: `card.missing` or `card.too_large`.
    """
    try:
        status = path.stat()
        if status.st_size > LARGEST:
            raise InspectorError("card.too_large", name=path.name, size=status.st_size // 1024)
        raw = path.read_bytes()[:LARGEST]
    except OSError as error:
        raise InspectorError("card.missing", str(error), name=path.name) from error
    return sheet_of(raw, path.name, changed_at=status.st_mtime)


def sheet_of(raw: bytes, name: str, *, changed_at: float, revision: str = "") -> CardSheet:
    """Returns a card from its bytes; never raises."""
    text = as_read(raw)
    _, at, _ = split(text)
    written = as_markdown(text[at:], text.count("\n", 0, at) + 1)
    blocks = list(_blocks(_in_order(written.lines)))
    return CardSheet(
        card=card_from_bytes(raw, name, revision),
        changed_at=changed_at,
        text=text,
        blocks=tuple(blocks[:MOST_BLOCKS]),
        blocks_left=max(0, len(blocks) - MOST_BLOCKS),
        hidden=tuple(HiddenText(one.line, one.text) for one in _worth_showing(written.hidden)),
    )


def as_read(raw: bytes) -> str:
    """Returns the text of a card, within the bounds that the card's own reader has."""
    text = raw[: READ + 4].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n", LINES)
    return "\n".join(lines[:LINES]).replace("\0", "\N{REPLACEMENT CHARACTER}")


def _worth_showing(hidden: Iterable[Hidden]) -> Iterator[Hidden]:
    """Leaves out the remarks to tools that check how Markdown is written."""
    for one in hidden:
        if not one.text.startswith("markdownlint-"):
            yield one


def _blocks(lines: list[tuple[int, str]]) -> Iterator[SheetBlock]:
    """Yields the blocks of lines that know their numbers."""
    splitter, parser = Splitter(), Parser()
    # Cards name their addresses at the end, and a link is known only by a definition before it.
    for _ in parser.blocks(Piece(Kind.TEXT, "\n".join(_definitions(lines)))):
        pass
    first = 0  # index of the first line that no piece has yet
    for number, (_, line) in enumerate(lines):
        for piece in splitter.line(line):
            first, ends = _place(lines, first, piece, number)
            yield from _parsed(parser, piece, lines[first][0], lines[ends - 1][0] + 1)
            first = ends
    for piece in splitter.finish():
        first, ends = _place(lines, first, piece, len(lines) - 1)
        yield from _parsed(parser, piece, lines[first][0], lines[ends - 1][0] + 1)
        first = ends


def _definitions(lines: list[tuple[int, str]]) -> Iterator[str]:
    """Yields the lines that say where a link or a picture leads, outside of code."""
    found, fence = 0, ""
    for _, line in lines:
        if opened := _FENCE.match(line):
            fence = "" if fence and opened[1].startswith(fence) else fence or opened[1]
        elif not fence and found < REFERENCES and _DEFINITION.match(line):
            found += 1
            yield line


def _in_order(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Returns lines whose numbers never fall: what a table that is never closed holds comes after its frame."""
    numbers = itertools.accumulate((number for number, _ in lines), max)
    return [(number, line) for number, (_, line) in zip(numbers, lines, strict=True)]


def _place(lines: list[tuple[int, str]], first: int, piece: Piece, latest: int) -> tuple[int, int]:
    """Returns where a piece begins and ends among the lines, as near as its own length tells."""
    first = min(first, latest)
    while first < latest and not lines[first][1].strip():
        first += 1
    length = piece.text.count("\n") + 1
    if piece.kind is Kind.TABLE and not piece.continued:
        length += 2
    if piece.kind is Kind.CODE:
        length += 2 if not piece.continued else 1
    return first, max(first + 1, min(first + length, latest + 1))


def _parsed(parser: Parser, piece: Piece, line: int, end: int) -> Iterator[SheetBlock]:
    for block in parser.blocks(piece):
        yield _sheet_block(block, line, end)


def _sheet_block(block: Block, line: int, end: int) -> SheetBlock:
    place = block.place
    made = SheetBlock(
        kind=type(block).__name__.lower(),
        line=line,
        end=end,
        quotes=place.quotes,
        indent=place.indent,
        marker=place.marker,
    )
    change = msgspec.structs.replace
    match block:
        case Code():
            return change(made, text=block.text, language=block.language, continued=block.continued)
        case Formula():
            return change(made, spans=_sheet_spans(block.spans), text=block.source)
        case Rule():
            return made
        case Table():
            return change(
                made,
                header=tuple(map(_sheet_spans, block.header)),
                rows=tuple(tuple(map(_sheet_spans, row)) for row in block.rows),
                aligns=block.aligns,
                widths=block.widths,
                continued=block.continued,
                omitted=block.omitted,
            )
        case Heading():
            return change(made, spans=_sheet_spans(block.spans), level=block.level)
        case _:
            return change(made, spans=_sheet_spans(block.spans), is_empty=_is_empty(block.spans))


def _is_empty(spans: Spans) -> bool:
    """Whether a paragraph has a placeholder in it and nothing else but a label."""
    said = plain(spans).strip()
    label, colon, rest = said.partition(":")
    if colon and spans and spans[0].style & Style.STRONG and len(label) < 60:
        return bool(rest.strip()) and says_nothing(rest)
    return bool(said) and says_nothing(said)


def _sheet_spans(spans: Spans) -> SheetSpans:
    return tuple(SheetSpan(span.text, int(span.style), span.target) for span in spans)
