"""Characters that deceive, made visible.

A text can hide words (tag characters), turn them round (bidi overrides) or break the programs that
draw it (NUL, lone surrogates, Qt's own frame marks). None of that is removed, because its presence
is itself worth knowing; each is replaced by a sign that can be seen and copied.
"""

import re
from itertools import groupby

MARKS_IN_A_ROW = 16
"""Combining marks kept on one letter; a thousand of them hang the shaping of text."""

# What is left alone: tab, line feed, the joiners that emoji and Persian need, and the two
# direction marks that ordinary Arabic and Hebrew use and that cannot turn other text round.
_DECEIVING = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls
    "\u202a-\u202e\u2066-\u2069"  # bidi embeddings, overrides and isolates
    "\u2028\u2029"  # line and paragraph separators: Qt would start a block
    "\ufdd0-\ufdef\ufff9-\ufffc\ufffe\uffff\ufeff"  # Qt's frame marks, anchors, non-characters
    "\ud800-\udfff"  # surrogates without a partner
    "\U000e0000-\U000e0fff"  # tags: invisible letters
    "]+"
)
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20f0]"
_STACKED = re.compile(f"({_MARK}{{{MARKS_IN_A_ROW}}}){_MARK}+")


def visible(text: str) -> str:
    """Returns `text` with every deceiving character as a sign such as `⟦U+202E⟧`."""
    return _STACKED.sub(r"\1", _DECEIVING.sub(_signs, text))


def _signs(match: re.Match[str]) -> str:
    return "".join(_sign(char, len(list(run))) for char, run in groupby(match.group()))


def _sign(char: str, count: int) -> str:
    code = ord(char)
    if code in (0x2028, 0x2029, 0x0B, 0x0C):
        return " "
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd" if count == 1 else f"\ufffd×{count}"
    return f"⟦U+{code:04X}⟧" if count == 1 else f"⟦U+{code:04X} ×{count}⟧"
