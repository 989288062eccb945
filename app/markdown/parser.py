"""Pieces → blocks, with markdown-it; it reads one piece at a time and never HTML."""

import re
import unicodedata
from collections.abc import Iterator, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

from app.markdown import maths
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
)
from app.markdown.neutral import visible
from app.markdown.splitter import NESTING, Kind, Piece

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

COLUMNS, ROWS = 50, 500
"""Largest table that is drawn; what goes beyond is left out, and the table says so."""

BRACKETS = 400
"""Brackets in one piece; with more, links are not looked for, which would take their square."""

REFERENCES = 200
"""Link definitions kept for one text."""

_WIDEST = 48
"""Letters of a cell that are looked at one by one: no column is wider."""

_BULLETS = "•◦▪"
_STYLES = {"strong": Style.STRONG, "em": Style.EMPHASIS, "s": Style.STRIKE}


class Parser:
    """Turns pieces into blocks; remembers the link definitions it has met.

    Args:
        keeps_lines: a line end inside a paragraph stays one, as models mean it; else it is a space.
    """

    def __init__(self, *, keeps_lines: bool = False) -> None:
        self._blocks = _block_reader()
        self._inline = _inline_reader()
        self._inline.options["breaks"] = keeps_lines
        self._no_links = _inline_reader().disable(["link", "image"])
        self._no_links.options["breaks"] = keeps_lines
        self._references: dict[str, Any] = {}

    def blocks(self, piece: Piece, *, settled: bool = True) -> list[Block]:
        """Returns the blocks of `piece`; link definitions are kept only where it is settled."""
        match piece.kind:
            case Kind.CODE:
                return [Code(piece.text, piece.language, piece.continued)]
            case Kind.RULE:
                return [Rule()]
            case Kind.MATHS:
                return [_formula(piece.text, Place())]
            case Kind.TABLE:
                return self._table(piece)
            case _:
                return self._read(piece, settled=settled)

    def _read(self, piece: Piece, *, settled: bool) -> list[Block]:
        env: MutableMapping[str, Any] = {"references": dict(self._references)}
        try:
            tokens = self._blocks.parse(piece.text, env)
            inline = self._no_links if piece.text.count("[") > BRACKETS else self._inline
            found = list(_Walk(tokens, env, inline, piece.number).blocks())
        except RecursionError:
            return [Paragraph((Span(piece.text),))]
        if settled and len(env["references"]) <= REFERENCES:
            self._references = env["references"]
        return found

    def _table(self, piece: Piece) -> list[Block]:
        if piece.row >= ROWS:
            return []
        env = {"references": dict(self._references)}
        tokens = self._blocks.parse(f"{piece.header}\n{piece.text}", env)
        found = list(_Walk(tokens, env, self._inline, -1).blocks())
        if len(found) != 1 or not isinstance(found[0], Table):
            return [Paragraph((Span(f"{piece.header}\n{piece.text}"),))]
        whole = found[0]
        last = piece.row + len(whole.rows) >= ROWS
        return [
            Table(
                header=() if piece.continued else whole.header,
                rows=whole.rows,
                aligns=whole.aligns,
                widths=_widths([whole.header, *([] if piece.continued else whole.rows)]),
                continued=piece.continued,
                omitted=whole.omitted or last,
            )
        ]


class _Walk:
    """One walk over the tokens of a piece, with where it stands."""

    def __init__(
        self,
        tokens: "Sequence[Token]",
        env: MutableMapping[str, Any],
        inline: "MarkdownIt",
        number: int,
    ) -> None:
        self._tokens = tokens
        self._env = env
        self._inline = inline
        self._number = number  # of the first item, where the piece is one item of a longer list
        self._quotes = 0
        self._lists: list[int] = []  # the next number of each list that is open; -1 for bullets
        self._sign = "."
        self._marker = ""

    def blocks(self) -> Iterator[Block]:
        at = 0
        while at < len(self._tokens):
            token = self._tokens[at]
            if token.type == "table_open":
                end = _closing(self._tokens, at)
                yield self._table(self._tokens[at : end + 1])
                at = end + 1
                continue
            self._step(token)
            if token.type == "heading_open":
                yield Heading(
                    self._spans(self._tokens[at + 1].content), int(token.tag[1]), self._place()
                )
                at += 2
            elif token.type == "inline":
                if spans := self._spans(token.content):
                    yield Paragraph(spans, self._place())
            elif token.type == "fence":
                yield Code(token.content.rstrip("\n"), token.info.strip()[:40], place=self._place())
            elif token.type == "hr":
                yield Rule(self._place())
            elif token.type == "list_item_close" and self._marker:
                yield Paragraph((), self._place())
            at += 1

    def _step(self, token: "Token") -> None:
        match token.type:
            case "blockquote_open":
                self._quotes += 1
            case "blockquote_close":
                self._quotes -= 1
            case "bullet_list_open":
                self._lists.append(-1)
            case "ordered_list_open":
                first = int(token.attrs.get("start", 1))
                if self._number >= 0 and not self._lists:
                    first = self._number
                self._lists.append(first)
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                if self._lists[-1] < 0:
                    self._marker = _BULLETS[(len(self._lists) - 1) % len(_BULLETS)]
                else:
                    self._marker = f"{self._lists[-1]}{token.markup or '.'}"
                    self._lists[-1] += 1

    def _place(self) -> Place:
        marker, self._marker = self._marker, ""
        return Place(min(self._quotes, NESTING), min(len(self._lists), NESTING), marker)

    def _spans(self, source: str) -> Spans:
        return tuple(_spans(self._inline, source, self._env))

    def _table(self, tokens: "Sequence[Token]") -> Table:
        rows: list[list[Spans]] = []
        aligns: list[str] = []
        omitted = False
        for at, token in enumerate(tokens):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open") and len(rows) <= ROWS + 1:
                if len(rows[-1]) == COLUMNS:
                    omitted = True
                    continue
                rows[-1].append(self._spans(tokens[at + 1].content))
                if len(rows) == 1:
                    style = str(token.attrs.get("style", ""))
                    aligns.append(style.removeprefix("text-align:") or "left")
        head, body = tuple(rows[0]), [tuple(row) for row in rows[1 : ROWS + 1]]
        omitted = omitted or len(rows) > ROWS + 1
        return Table(
            head, tuple(body), tuple(aligns), _widths([head, *body]), False, omitted, self._place()
        )


def _widths(rows: Sequence[Sequence[Spans]]) -> tuple[int, ...]:
    """Returns the share of each column: its longest cell, within bounds, so that none vanishes."""
    longest = [
        max(sum(_letters(span.text) for span in row[column]) for row in rows if column < len(row))
        for column in range(len(rows[0]))
    ]
    return tuple(min(max(length, 4), _WIDEST) for length in longest)


def _letters(text: str) -> int:
    """Returns how many letters of common width a text is as wide as: `MMLU` is wider than `mmlu`."""
    wide = sum(unicodedata.east_asian_width(sign) in {"W", "F"} for sign in text[:_WIDEST])
    return len(text) + wide + (sum(sign.isupper() for sign in text[:_WIDEST]) + 1) // 2


def _closing(tokens: "Sequence[Token]", opening: int) -> int:
    level = tokens[opening].level
    for at in range(opening + 1, len(tokens)):
        if tokens[at].type == "table_close" and tokens[at].level == level:
            return at
    return len(tokens) - 1


def _formula(source: str, place: Place) -> Block:
    inner = re.sub(r"^\s*(?:\$\$|\\\[)|(?:\$\$|\\\])\s*$", "", source).strip()
    found = maths.spans(inner)
    if found is None:
        return Code(inner, "latex", place=place)
    return Formula(found, inner, place)


def _spans(reader: "MarkdownIt", source: str, env: MutableMapping[str, Any]) -> Iterator[Span]:
    tokens: list[Token] = []
    reader.inline.parse(source.strip(), reader, env, tokens)
    style, target = Style.PLAIN, ""
    for token in tokens:
        name, _, what = token.type.rpartition("_")
        if name in _STYLES:
            style = style | _STYLES[name] if what == "open" else style & ~_STYLES[name]
        elif name == "link":
            target = visible(str(token.attrs.get("href", ""))) if what == "open" else ""
        else:
            yield from _leaf(token, style, target, keeps_lines=bool(reader.options["breaks"]))


def _leaf(token: "Token", style: Style, target: str, *, keeps_lines: bool) -> Iterator[Span]:
    match token.type:
        case "text" | "text_special":
            if token.content:
                # Again, because an entity such as `&#x202E;` has only now become a character.
                yield from _box(visible(token.content), style, target)
        case "code_inline":
            yield Span(token.content, style | Style.CODE, target)
        case "softbreak":
            yield Span("\n" if keeps_lines else " ", style, target)
        case "hardbreak":
            yield Span("\n", style, target)
        case "image":
            yield from _picture(token)
        case "maths":
            found = maths.spans(token.content)
            if found is None:
                yield Span(token.content, style | Style.CODE, target)
            else:
                yield from (Span(part.text, part.style | style, target) for part in found)
        case _:
            pass


def _box(text: str, style: Style, target: str) -> Iterator[Span]:
    """Yields `text`, a task's box at its start as a sign."""
    if text.startswith(("[ ] ", "[x] ", "[X] ")):
        text = ("☐ " if text[1] == " " else "☑ ") + text[4:]
    yield Span(text, style, target)


def _picture(token: "Token") -> Iterator[Span]:
    """A picture is never fetched: its words and its address are shown."""
    address = visible(str(token.attrs.get("src", "")))
    yield Span(visible(token.content.strip()) or address, Style.IMAGE, address)


def _block_reader() -> "MarkdownIt":
    """Blocks only. Indented code is off: models indent by accident far more often than on purpose."""
    # Late: a start shows no Markdown, and the library would lengthen it.
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 400})
    reader.enable(["table"])
    reader.disable(["code", "html_block"])
    reader.core.ruler.disable(["inline"])
    return reader


def _inline_reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    reader.enable(["strikethrough"])
    reader.disable(["html_inline"])
    reader.inline.ruler.before("escape", "maths", _maths_rule)
    # Any address is shown and none is followed without a person: nothing has to be refused here.
    reader.validateLink = lambda url: True  # type: ignore[method-assign]
    reader.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return reader


_BRACKETS = (("$$", "$$"), ("\\(", "\\)"), ("\\[", "\\]"), ("$", "$"))


def _maths_rule(state: "StateInline", silent: bool) -> bool:
    """Finds maths in a line; a single dollar must look like maths and not like money."""
    source, start = state.src, state.pos
    for opening, closing in _BRACKETS:
        if not source.startswith(opening, start):
            continue
        inner = start + len(opening)
        end = source.find(closing, inner, inner + 400)
        if end <= inner:
            return False
        content = source[inner:end]
        if opening == "$" and (
            content[0].isspace()
            or content[-1].isspace()
            or source[end + 1 : end + 2].isdigit()
            or (content[0].isdigit() and not re.search(r"[=^_\\+*/<>-]", content))
        ):
            return False
        if not silent:
            state.push("maths", "", 0).content = content.strip()
        state.pos = end + len(closing)
        return True
    return False
