"""LaTeX maths → spans, as far as Unicode reaches; the rest is shown as its source.

Fractions, roots, scripts, sums, Greek and the usual signs become text. A matrix or an aligned
system would come out wrong, and wrong maths is worse than its source: `spans` returns None there.
"""

import re
from dataclasses import dataclass

import msgspec

from app.markdown.blocks import Span, Spans, Style
from resources import table

SOURCE_CHARS = 2_000
"""A longer source is shown as it is."""

DEPTH = 12
"""Braces in braces; a deeper source is shown as it is."""


class _Names(msgspec.Struct, frozen=True):
    names: list[str]


class Signs(msgspec.Struct, frozen=True):
    """The tables of `resources/markdown/maths.toml`."""

    signs: dict[str, str]
    spaced: _Names
    functions: _Names
    transparent: _Names
    accents: dict[str, str]
    blackboard: dict[str, str]
    raised: dict[str, str]
    lowered: dict[str, str]


class _CannotSayError(Exception):
    """The source has something that Unicode cannot show."""


_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[{}^_]|\s+|[^\\{}^_\s]", re.DOTALL)
_SPACES = {"\\,": "\u2009", "\\;": " ", "\\:": " ", "\\ ": " ", "\\!": "", "\\\\": "\n"}
_ESCAPED = {
    "\\{": "{",
    "\\}": "}",
    "\\%": "%",
    "\\$": "$",
    "\\#": "#",
    "\\&": "&",
    "\\_": "_",
    "\\|": "‖",
}
_RELATIONS = "=<>+−"


def spans(source: str) -> Spans | None:
    """Returns `source` as spans, or None where it should be shown as it is."""
    if len(source) > SOURCE_CHARS:
        return None
    try:
        reader = _Reader(_TOKEN.findall(source.strip()), table("markdown/maths.toml", Signs))
        found = reader.all()
    except _CannotSayError:
        return None
    merged = _merged(found)
    return merged or None


@dataclass
class _Reader:
    tokens: list[str]
    table: Signs
    at: int = 0

    def all(self) -> list[Span]:
        found = self._run(0, until="")
        if self.at < len(self.tokens):
            raise _CannotSayError
        return found

    def _run(self, depth: int, until: str) -> list[Span]:
        if depth > DEPTH:
            raise _CannotSayError
        found: list[Span] = []
        while self.at < len(self.tokens):
            mark = self.tokens[self.at]
            if mark == until:
                break
            self.at += 1
            found += self._one(mark, depth)
        return found

    def _one(self, mark: str, depth: int) -> list[Span]:
        if mark.startswith("\\"):
            return self._command(mark, depth)
        if mark == "{":
            return self._group(depth)
        if mark in "^_":
            return self._script(mark, depth)
        if mark in ("}", "&"):
            raise _CannotSayError
        if mark.isspace():
            return []
        mark = "−" if mark == "-" else mark
        return [_maths(f" {mark} " if mark in _RELATIONS else mark)]

    def _group(self, depth: int) -> list[Span]:
        found = self._run(depth + 1, until="}")
        if self.at >= len(self.tokens):
            raise _CannotSayError
        self.at += 1
        return found

    def _argument(self, depth: int) -> list[Span]:
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1
        if self.at >= len(self.tokens):
            raise _CannotSayError
        self.at += 1
        return self._one(self.tokens[self.at - 1], depth + 1)

    def _command(self, mark: str, depth: int) -> list[Span]:
        name = mark[1:]
        if mark in _SPACES or mark in _ESCAPED:
            return [_maths(_SPACES.get(mark, _ESCAPED.get(mark, "")))]
        if name in self.table.transparent.names:
            return self._transparent(name, depth)
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            upper, lower = _text(self._argument(depth)), _text(self._argument(depth))
            line = "⁄" if (upper + lower).isdigit() else " / "
            return [_maths(f"{_bracketed(upper)}{line}{_bracketed(lower)}")]
        if name == "sqrt":
            return self._root(depth)
        if name in self.table.signs:
            sign = self.table.signs[name]
            return [_maths(f" {sign} " if name in self.table.spaced.names else sign)]
        if name in self.table.functions.names:
            return [Span(f"{name}\u2009", Style.PLAIN)]
        if name in self.table.accents:
            mark = self.table.accents[name]
            return [_maths("".join(char + mark for char in _text(self._argument(depth))))]
        if name == "mathbb":
            letters = _text(self._argument(depth))
            return [_maths("".join(self.table.blackboard.get(char, char) for char in letters))]
        raise _CannotSayError

    def _transparent(self, name: str, depth: int) -> list[Span]:
        takes = (
            name.startswith(("text", "math", "op", "bold", "bm", "boxed")) and name != "textstyle"
        )
        if not takes:
            if name in ("left", "right") and self.tokens[self.at : self.at + 1] == ["."]:
                self.at += 1
            return []
        if self.tokens[self.at : self.at + 1] != ["{"]:
            return self._argument(depth)
        end = self.at + 1
        while end < len(self.tokens) and self.tokens[end] != "}":
            end += 1
        words = self.tokens[self.at + 1 : end]
        if end < len(self.tokens) and not any(word[0] in "\\{^_" for word in words):
            self.at = end + 1
            return [Span("".join(words))]
        return self._argument(depth)

    def _root(self, depth: int) -> list[Span]:
        sign = "√"
        if self.tokens[self.at : self.at + 1] == ["["]:
            end = self.at
            while end < len(self.tokens) and self.tokens[end] != "]":
                end += 1
            degree = "".join(self.tokens[self.at + 1 : end])
            sign = {"2": "√", "3": "∛", "4": "∜"}.get(degree, "")
            if not sign:
                sign = "".join(_small(degree, self.table.raised)) + "√"
            self.at = end + 1
        return [_maths(f"{sign}{_bracketed(_text(self._argument(depth)))}")]

    def _script(self, mark: str, depth: int) -> list[Span]:
        style = Style.RAISED if mark == "^" else Style.LOWERED
        inner = self._argument(depth)
        text = ""
        for span in inner:
            if span.style & (Style.RAISED | Style.LOWERED):
                raised = bool(span.style & Style.RAISED)
                text += _small(span.text, self.table.raised if raised else self.table.lowered)
            else:
                text += span.text.replace(" ", "")
        if text in ("∘", "°"):
            return [_maths("°")]
        return [Span(text, Style.MATHS | style)]


def _maths(text: str) -> Span:
    return Span(text, Style.MATHS)


def _text(found: list[Span]) -> str:
    """Returns `found` as one line of text: scripts must have small characters of their own."""
    symbols = table("markdown/maths.toml", Signs)
    text = ""
    for span in found:
        if span.style & Style.RAISED:
            text += _small(span.text, symbols.raised)
        elif span.style & Style.LOWERED:
            text += _small(span.text, symbols.lowered)
        else:
            text += span.text
    return text.strip()


def _small(text: str, characters: dict[str, str]) -> str:
    if any(char not in characters for char in text):
        raise _CannotSayError
    return "".join(characters[char] for char in text)


def _bracketed(text: str) -> str:
    """Puts brackets around what would be read wrongly without them."""
    return text if re.fullmatch(r"[\w.′\u0300-\u036f⁰¹²³⁴-₉ⁿⁱ]*|\([^()]*\)", text) else f"({text})"


def _merged(found: list[Span]) -> Spans:
    merged: list[Span] = []
    for span in found:
        if merged and merged[-1].style == span.style:
            merged[-1] = Span(merged[-1].text + span.text, span.style)
        else:
            merged.append(span)
    tidy = [Span(re.sub(r" {2,3}(?! )", " ", span.text), span.style) for span in merged]
    return tuple(span for span in tidy if span.text)
