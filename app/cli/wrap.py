"""Wraps streamed text at words, so that a terminal doesn't cut through them."""

import re
import unicodedata

BREAKS = " \n\t"
LEAST_ROOM = 24
"""Columns below which text beside a label is a column of single words."""

_WORD = re.compile(f"[{BREAKS}]*[^{BREAKS}]+")
"""A space that is not to be broken, as between a number and its unit, is part of a word."""


class WordWrap:
    """Takes text in pieces and gives it back with line ends where a line would be too long.

    A word is given back once it is known to have ended; `rest` gives the last one. Words that are
    longer than a line, and the spaces at the start of a line, stay as they are: code keeps its shape.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._column = 0
        self._word = ""
        self._gap = ""

    def add(self, text: str) -> str:
        """Returns what can be shown now that `text` has come."""
        shown: list[str] = []
        for sign in text:
            if sign not in BREAKS:
                self._word += sign
                continue
            shown.append(self.rest())
            if sign == "\n":
                shown.append(self._gap + sign)
                self._gap, self._column = "", 0
            else:
                self._gap += sign
        return "".join(shown)

    def rest(self) -> str:
        """Returns the word that has not been shown, with the gap before it."""
        word, self._word = self._word, ""
        if not word:
            return ""
        gap, self._gap = self._gap, ""
        length, before = columns(word), columns(gap)
        if self._column and self._column + before + length > self._width:
            self._column = length
            return "\n" + word
        self._column += before + length
        return gap + word


def hung(line: str, width: int, hang: int | None = None) -> str:
    """Returns a line wrapped at words, with what follows the first of them below its text.

    Args:
        line: one line.
        width: columns that it may take.
        hang: columns before every line but the first; by default as many as the line begins with spaces.
            Where that would leave too little room for words, a few.
    """
    if columns(line) <= width:
        return line
    before = len(line) - len(line.lstrip(" ")) if hang is None else hang
    indent = " " * (before if width - before >= LEAST_ROOM else min(before, 4))
    lines = [""]
    for piece in _WORD.findall(line):
        if lines[-1].strip() and columns(lines[-1] + piece) > width:
            lines.append(indent + piece.lstrip(" "))
        else:
            lines[-1] += piece
    return "\n".join(lines)


def columns(text: str) -> int:
    """Returns how many columns of a terminal the text takes."""
    wide = ("W", "F")
    return sum(2 if unicodedata.east_asian_width(sign) in wide else 1 for sign in text)
