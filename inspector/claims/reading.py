"""Whether the rules on sentences can read a card: they know English and nothing else."""

import re
import unicodedata
from collections import Counter

from inspector.claims.text import CardText
from inspector.claims.values import Reading

_WORD = re.compile(r"[^\W\d_]+")
_FUNCTION_WORDS = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "is",
        "a",
        "for",
        "on",
        "with",
        "this",
        "that",
        "are",
        "by",
        "from",
        "as",
        "be",
        "it",
        "or",
        "an",
        "can",
        "was",
        "which",
        "have",
        "has",
    ]
)
_CALLED = {"CJK": "Chinese"}
_LEAST_WORDS = 40
_SENTENCE = 8
_ENGLISH = 0.1
"""English prose has a quarter; cards are full of names. Other languages of Europe stay below a twentieth."""

_FEWEST_KNOWN = 2
"""One small word alone may be another language's: `in` and `a` are words in many."""

_NOT_LATIN = 0.3
_MOST_LETTERS = 20_000


def reading_of(text: CardText) -> tuple[Reading, str]:
    """Returns how far a card can be read, and the letters that it is written in if not Latin."""
    return reading_of_prose("\n".join(line.text for line in text.lines))


def is_english(line: str) -> bool:
    """Whether a line has the small words of English, whatever the card around it is written in."""
    words = [word.lower() for word in _WORD.findall(line)]
    known = sum(word in _FUNCTION_WORDS for word in words)
    return known >= max(_FEWEST_KNOWN, _ENGLISH * len(words))


def reading_of_prose(whole: str) -> tuple[Reading, str]:
    """Returns the same of any text."""
    prose = whole[:_MOST_LETTERS]
    letters = [one for one in prose if one.isalpha()]
    scripts = Counter(
        unicodedata.name(one, "").split(" ", 1)[0] for one in letters if not one.isascii()
    )
    scripts.pop("LATIN", None)
    if scripts and sum(scripts.values()) >= _NOT_LATIN * len(letters):
        return Reading.OTHER, _CALLED.get(name := scripts.most_common(1)[0][0], name.capitalize())
    # Sentences: tables and lists of names have no small words in any language.
    sentences = (line for line in prose.split("\n") if "|" not in line)
    found = (_WORD.findall(line) for line in sentences)
    words = [word.lower() for line in found if len(line) >= _SENTENCE for word in line]
    if len(words) < _LEAST_WORDS:
        return Reading.TOO_SHORT, ""
    known = sum(word in _FUNCTION_WORDS for word in words)
    return (Reading.ENGLISH if known >= _ENGLISH * len(words) else Reading.OTHER), ""
