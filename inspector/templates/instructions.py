"""Sentences that ask a model to keep something from a person, or to set aside what it was told."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from inspector.templates.ciphers import shifted
from inspector.templates.prose import longest_prose
from inspector.templates.rules import rules

_QUOTED = 120
_SHORTEST = 8
"""No sentence of that kind is shorter, in any of the languages."""
_APART = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .*_\u00b7-]{1,3}){9,}[^\W\d_](?![^\W_])")
"""Letters one by one, ten and more."""


_REMARK = re.compile(r"<!--(.{1,1000}?)-->", re.DOTALL)
_DIGITS_IN_WORDS = re.compile(r"[A-Za-z][0134578@$]+[A-Za-z]")
_LETTERS = str.maketrans("0134578@$", "oieastbas")
_LONGEST = 65_536


def instructions(text: str) -> Iterator[tuple[int, str]]:
    """Yields where such a sentence stands, plain or disguised, and how it reads."""
    if len(text) < _SHORTEST:
        return
    yield from _plain(text)
    if not text.isascii():
        folded = unicodedata.normalize("NFKC", text)
        if folded != text:
            for _, said in _plain(folded):
                yield _place(text, folded, said), said
    for run in _APART.finditer(text):
        yield run.start(), run.group()[:_QUOTED]
    for remark in _REMARK.finditer(text):
        # A page hides it, a model reads it.
        if longest_prose(remark.group(1)) >= rules().content.prose_words:
            yield remark.start(), remark.group()[:_QUOTED]
    if len(text) <= _LONGEST and _DIGITS_IN_WORDS.search(text):
        for _, said in _plain(text.translate(_LETTERS)):
            yield 0, said
    for other, back in shifted(text):
        for _, said in _plain(other):
            yield max(0, text.find(back(said))), f"{back(said)} ({said})"[:_QUOTED]


def _plain(text: str) -> Iterator[tuple[int, str]]:
    for pattern in _patterns():
        for found in pattern.finditer(text):
            yield found.start(), found.group()[:_QUOTED]


def _place(text: str, folded: str, said: str) -> int:
    """Returns where a piece of a folded text begins in the text itself, to the line."""
    line = folded.count("\n", 0, max(0, folded.find(said)))
    at = 0
    for _ in range(line):
        at = text.find("\n", at) + 1
    return at


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    known = rules().instructions
    return (
        *(re.compile(rf"(?i)\b{one}") for one in known.patterns),
        *(re.compile(rf"(?i){one}") for one in known.other_languages),
    )
