"""Lines → pieces that can be understood alone.

A piece is a paragraph, one item of a list, a quote, a stretch of code, some rows of a table. What
decides its end is only the lines up to there, so that a text cut in any way gives the same pieces:
that is what lets an answer be drawn while it grows, and never drawn again.
"""

import re
from enum import Enum, auto

import msgspec
from msgspec.structs import replace

from app.markdown.long_lines import broken
from app.markdown.neutral import visible

PIECE_CHARS = 6_000
"""A piece longer than this ends at its next line."""

CODE_CHARS = 2_000
"""Code goes into parts of about this size, so that a part is drawn in a moment."""

TABLE_ROWS = 20
"""Rows of a table in one piece."""

NESTING = 8
"""Quote and list signs in front of a line; a ninth is text."""


class Kind(Enum):
    """What a piece is."""

    TEXT = auto()
    ITEM = auto()
    QUOTE = auto()
    HEADING = auto()
    RULE = auto()
    CODE = auto()
    TABLE = auto()
    MATHS = auto()


class Piece(msgspec.Struct, frozen=True):
    """Some lines that belong together.

    Attributes:
        text: the lines, without the fence where the piece is code.
        language: what stands behind the fence.
        number: for an item of a numbered list, its number; -1 for others.
        continued: the piece before is the beginning of the same code or table.
        header: for a table, its head and the line under it.
        row: for a table, how many rows came before.
    """

    kind: Kind
    text: str
    language: str = ""
    number: int = -1
    continued: bool = False
    header: str = ""
    row: int = 0


_FENCE = re.compile(r"^( *)(`{3,}|~{3,})([^`]*)$")
_HEADING = re.compile(r"^ {0,3}#{1,6}(?:[ \t]|$)")
_RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_SETEXT = re.compile(r"^ {0,3}(?:=+|-+)[ \t]*$")
_ITEM = re.compile(r"^( {0,3})(?:([-*+])|(\d{1,9})([.)]))([ \t]+|$)")
_QUOTE = re.compile(r"^ {0,3}>")
_TABLE_LINE = re.compile(r"^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_MATHS = re.compile(r"^ {0,3}(\$\$|\\\[)")
_MARKERS = re.compile(r"(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))")


class _State(msgspec.Struct):
    """All that the next line's meaning depends on."""

    kind: Kind | None = None
    lines: list[str] = msgspec.field(default_factory=list)
    chars: int = 0
    language: str = ""
    number: int = -1
    continued: bool = False
    header: str = ""
    row: int = 0
    closer: str = ""  # the fence or bracket that ends code or maths
    fence_indent: int = 0
    item_sign: str = ""  # of the list that may still go on
    item_indent: int = 0
    item_fence: str = ""  # a fence that is open inside an item or quote
    blank: bool = False  # the line before was empty, inside an item


class Splitter:
    """Takes complete lines, and gives pieces as soon as they are complete."""

    def __init__(self) -> None:
        self._state = _State()

    def line(self, line: str) -> list[Piece]:
        """Takes one line without its end, and returns the pieces that it completes."""
        done: list[Piece] = []
        for part in broken(visible(line)):
            done += self._line(part)
        return done

    def finish(self) -> list[Piece]:
        """Returns what is left when no more lines come."""
        return self._close()

    def peek(self, line: str) -> list[Piece]:
        """Returns the pieces there would be if the text ended with `line`, and changes nothing."""
        kept = self._state
        self._state = replace(kept, lines=list(kept.lines))
        try:
            return (self.line(line) if line else []) + self._close()
        finally:
            self._state = kept

    def _line(self, line: str) -> list[Piece]:
        match self._state.kind:
            case Kind.CODE:
                return self._in_code(line)
            case Kind.MATHS:
                return self._in_maths(line)
            case Kind.TABLE if "|" in line and line.strip():
                return self._in_table(line)
            case Kind.ITEM:
                return self._in_item(line)
            case Kind.TEXT | Kind.QUOTE:
                return self._in_text(line)
            case _:
                return self._close() + self._begin(line)

    # ---- what is open goes on, or ends -----------------------------------------------------

    def _in_code(self, line: str) -> list[Piece]:
        state = self._state
        stripped = line.strip()
        if stripped and not stripped.strip(state.closer[0]) and len(stripped) >= len(state.closer):
            return self._close()
        indent = len(line) - len(line.lstrip(" "))
        self._add(line[min(indent, state.fence_indent) :])
        if state.chars < CODE_CHARS:
            return []
        done = self._close()
        self._state = _State(
            kind=Kind.CODE,
            language=state.language,
            closer=state.closer,
            fence_indent=state.fence_indent,
            continued=True,
        )
        return done

    def _in_maths(self, line: str) -> list[Piece]:
        if not line.strip():
            return self._close()
        self._add(line)
        ends = line.rstrip().endswith(self._state.closer)
        return self._close() if ends or self._state.chars > PIECE_CHARS else []

    def _in_table(self, line: str) -> list[Piece]:
        state = self._state
        self._add(line)
        if len(state.lines) < TABLE_ROWS:
            return []
        done = self._close()
        self._state = _State(
            kind=Kind.TABLE, header=state.header, continued=True, row=state.row + TABLE_ROWS
        )
        return done

    def _in_item(self, line: str) -> list[Piece]:
        state = self._state
        if not line.strip():
            state.blank = True
            self._add("")
            return []
        indent = len(line) - len(line.lstrip(" "))
        inside = indent >= state.item_indent or (state.blank is False and not _interrupts(line))
        if state.item_fence or (inside and not (indent < state.item_indent and _ITEM.match(line))):
            state.blank = False
            return self._add_limited(line)
        return self._close(keep_list=True) + self._begin(line)

    def _in_text(self, line: str) -> list[Piece]:
        state = self._state
        if not line.strip():
            return self._close()
        quote = state.kind is Kind.QUOTE
        if quote and _QUOTE.match(line):
            return self._add_limited(line)
        if not quote:
            if _SETEXT.match(line) and state.chars < 1000:
                self._add(line)
                return self._close()
            if _TABLE_LINE.match(line) and _columns(state.lines[-1]) == _columns(line) > 0:
                return self._begin_table(line)
        if _interrupts(line):
            return self._close() + self._begin(line)
        return self._add_limited(line)

    # ---- something new begins --------------------------------------------------------------

    def _begin(self, line: str) -> list[Piece]:
        if not line.strip():
            return []
        state = self._state
        if fence := _FENCE.match(line):
            self._state = _State(
                kind=Kind.CODE,
                language=fence[3].strip()[:40],
                closer=fence[2],
                fence_indent=len(fence[1]),
            )
            return []
        if (item := _ITEM.match(line)) and not _RULE.match(line):
            return self._begin_item(line, item, state)
        self._state = _State()
        if _RULE.match(line):
            return [Piece(Kind.RULE, line)]
        if _HEADING.match(line):
            return [Piece(Kind.HEADING, line)]
        if maths := _MATHS.match(line):
            self._state.kind = Kind.MATHS
            self._state.closer = "$$" if maths[1] == "$$" else "\\]"
            self._add(line)
            alone = line.strip()
            if alone != maths[1] and alone.endswith(self._state.closer):
                return self._close()
            return []
        self._state.kind = Kind.QUOTE if _QUOTE.match(line) else Kind.TEXT
        return self._add_limited(line)

    def _begin_item(self, line: str, item: re.Match[str], before: _State) -> list[Piece]:
        sign = item[2] or item[4]
        number = -1
        if item[3]:
            goes_on = before.item_sign == sign
            number = before.number + 1 if goes_on else int(item[3])
        width = len(item[0].expandtabs(4)) if item[5] else len(item[0]) + 1
        self._state = _State(
            kind=Kind.ITEM,
            number=number,
            item_sign=sign,
            item_indent=min(width, len(item[1]) + 5),
        )
        return self._add_limited(line)

    def _begin_table(self, under: str) -> list[Piece]:
        head = self._state.lines.pop()
        done = self._close()
        self._state = _State(kind=Kind.TABLE, header=f"{head}\n{under}")
        return done

    # ---- helpers ---------------------------------------------------------------------------

    def _add(self, line: str) -> None:
        self._state.lines.append(line)
        self._state.chars += len(line) + 1

    def _add_limited(self, line: str) -> list[Piece]:
        state = self._state
        self._add(_shallow(line))
        fence = line.lstrip(" >-*+0123456789.)")[:3]
        if fence in ("```", "~~~") and state.kind is Kind.ITEM:
            state.item_fence = "" if state.item_fence == fence else (state.item_fence or fence)
        if state.chars < PIECE_CHARS:
            return []
        done = self._close()
        self._state = _State(item_sign=state.item_sign, number=state.number)
        return done

    def _close(self, *, keep_list: bool = False) -> list[Piece]:
        state = self._state
        self._state = (
            _State(item_sign=state.item_sign, number=state.number) if keep_list else _State()
        )
        if state.kind is None:
            return []
        empty = not any(line.strip() for line in state.lines)
        whole = state.kind is Kind.CODE and state.chars >= CODE_CHARS
        if empty and state.kind is not Kind.TABLE and not whole:
            return []
        text = "\n".join(state.lines)
        if state.kind is not Kind.CODE:
            text = text.rstrip()
        return [
            Piece(
                kind=state.kind,
                text=text,
                language=state.language,
                number=state.number if state.kind is Kind.ITEM else -1,
                continued=state.continued,
                header=state.header,
                row=state.row,
            )
        ]


def _interrupts(line: str) -> bool:
    """Says whether `line` ends a paragraph without an empty line between."""
    if _FENCE.match(line) or _HEADING.match(line) or _RULE.match(line):
        return True
    if _QUOTE.match(line) or _MATHS.match(line):
        return True
    item = _ITEM.match(line)
    if item is None or len(line.rstrip()) <= len(item[0].rstrip()):
        return False
    return bool(item[2]) or int(item[3]) <= 1


def _columns(line: str) -> int:
    """Returns how many columns a table's line has; 0 where it is none."""
    if "|" not in line:
        return 0
    inner = re.sub(r"\\\|", "", line.strip())
    return inner.strip("|").count("|") + 1


def _shallow(line: str) -> str:
    """Returns `line` with every quote or list sign after the eighth turned into text."""
    position = 0
    for _ in range(NESTING):
        sign = _MARKERS.match(line, position)
        if sign is None:
            return line
        position = sign.end()
    if sign := _MARKERS.match(line, position):
        at = sign.end() - 1
        return f"{line[:at]}\\{line[at:]}"
    return line
