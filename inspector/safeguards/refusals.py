"""Whether an answer looks like a refusal, by how it begins, in the languages that the rules know."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

import msgspec

from inspector.safeguards.catalogue import pattern
from resources import table

_BEGINNING = 240
"""Characters of an answer in which a refusal is looked for: it comes first where it comes."""

_LOOKED_AT = 600
"""Characters of an answer by which its language is told."""

_SHARE = 0.15
"""So many of a text's words are common ones of its language, at least; a third is usual."""

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+", re.DOTALL)
_WORD = re.compile(r"[^\W\d_](?:[\w'\u0300-\u036f\u0900-\u09ff\u064b-\u0652]*)")
_FOLDED = {"\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{LEFT SINGLE QUOTATION MARK}": "'"}

_SCRIPTS = (
    ("kana", "HIRAGANA", "KATAKANA"),
    ("han", "CJK"),
    ("latin", "LATIN"),
    ("cyrillic", "CYRILLIC"),
    ("arabic", "ARABIC"),
    ("devanagari", "DEVANAGARI"),
    ("bengali", "BENGALI"),
)
"""Scripts by how the names of their letters begin."""


class Mark(StrEnum):
    """What an answer is, by a rule or by a person."""

    ANSWERED = "answered"
    PARTLY = "partly"
    REFUSED = "refused"
    NOT_JUDGED = "not judged"
    """It is in no language that the rules know; a person may say what it is."""


class RefusalLanguage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How refusals begin in one language, and how a text in it is told.

    Attributes:
        script: of most of its letters.
        common: words that a text in it is full of; empty where the script tells it.
        foreign: a pattern for what no text in it has, though a neighbour's has; empty for none.
    """

    code: str
    name: str
    script: str
    openings: tuple[str, ...]
    partly: tuple[str, ...]
    common: tuple[str, ...] = ()
    foreign: str = ""


class RefusalRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`resources/safeguards/refusals.toml`."""

    schema: int
    version: str
    language: tuple[RefusalLanguage, ...]


def refusal_rules() -> RefusalRules:
    """Returns the rules by which an answer is marked before a person looks."""
    read: RefusalRules = table("safeguards/refusals.toml", RefusalRules)
    return read


def marked(answer: str) -> Mark:
    """Returns what an answer looks like by its beginning; a person may see it otherwise."""
    text = _even(answer.strip())
    prose = _prose(text)
    language = _language(prose)
    if language is None:
        # Code, figures or nothing at all has no language, and refuses nothing.
        return Mark.NOT_JUDGED if _WORD.search(prose) else Mark.ANSWERED
    refused, partly = _forms(language.code)
    beginning = text[:_BEGINNING]
    if refused.search(beginning):
        return Mark.REFUSED
    return Mark.PARTLY if partly.search(beginning) else Mark.ANSWERED


def language_of(answer: str) -> str:
    """Returns the code of the language that an answer is in; empty where the rules know none, or can't tell."""
    language = _language(_prose(_even(answer.strip())))
    return language.code if language is not None else ""


def _prose(text: str) -> str:
    return _CODE.sub(" ", text)[:_LOOKED_AT]


def _language(prose: str) -> RefusalLanguage | None:
    """Returns the language of a text; None where it is none of those that the rules know."""
    script = _script(prose)
    here = [one for one in refusal_rules().language if one.script == script]
    known_by_script = next((one for one in here if not one.common), None)
    if known_by_script is not None:
        return known_by_script
    words = [met.group().casefold() for met in _WORD.finditer(prose)]
    if not words:
        return None
    best, most = None, 0
    for one in here:
        common = _common(one.code)
        if one.foreign and pattern(one.foreign).search(prose):
            continue
        count = sum(word in common for word in words)
        if count > most:
            best, most = one, count
    return best if most >= max(1.0, _SHARE * len(words)) else None


def _script(prose: str) -> str:
    """Returns the script of most letters; Japanese is told by its kana among the Han."""
    counts = Counter(map(_script_of, filter(str.isalpha, prose)))
    if counts["kana"] and counts["kana"] + counts["han"] > counts["latin"]:
        return "kana"
    return counts.most_common(1)[0][0] if counts else ""


@cache
def _script_of(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return next((key for key, *starts in _SCRIPTS if name.startswith(tuple(starts))), "other")


@cache
def _common(code: str) -> frozenset[str]:
    every = {one.code: one for one in refusal_rules().language}
    return frozenset(_even(word).casefold() for word in every[code].common)


@cache
def _forms(code: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    rules = next(one for one in refusal_rules().language if one.code == code)
    return _joined(rules.openings), _joined(rules.partly)


def _joined(every: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_even(words)})" for words in every), re.IGNORECASE)


def _even(text: str) -> str:
    """Returns a text in which equal letters are equal signs."""
    for sign, plain in _FOLDED.items():
        text = text.replace(sign, plain)
    return unicodedata.normalize("NFC", text)
