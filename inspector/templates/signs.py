"""Signs that nobody sees in a text, and signs that are taken for others."""

import re
import unicodedata
from collections.abc import Iterator

_FILLERS = {0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x180E, 0x034F, 0x17B4, 0x17B5, 0x00AD}
_WORD = re.compile(r"[\w\u0334-\u0338]{3,}")
_ESCAPED = re.compile(r"\\[abfnrtv]")
_JOINERS = {0x200C, 0x200D, 0xFE0E, 0xFE0F}
_CROSSED_OUT = re.compile(r"[A-Za-z][\u0334-\u0338]")
_UNSEEN = re.compile(
    r"(?<=\S)(?=[ \t]{16})(?= *\t+ )(?=\t* +\t| +\t)[ \t]{16,}|(?<=\S)(?: +\t+){4,}[ \t]*"
)
"""Blanks and tabs that take turns behind a word: who indents does so at a line's beginning."""
_WIDE_BLANKS = re.compile("[\u2000-\u200a\u202f\u205f]")
_MANY = 8
_DRESSED = 3


def strange_signs(text: str) -> Iterator[tuple[str, int, str]]:
    """Yields a rule, a place and what stands there: signs that nobody sees, or takes for others."""
    for at, sign in enumerate(text):
        if sign.isascii() and (sign.isprintable() or sign in "\n\t\r"):
            continue
        if sign.isprintable() and ord(sign) not in _FILLERS and not _is_selector(ord(sign)):
            continue
        if _is_at_home(text, at):
            continue
        yield "invisible", at, f"U+{ord(sign):04X} {_sign_name(sign)}"
    for run in _UNSEEN.finditer(text):
        yield "invisible", run.start(), f"{len(run.group())} tabs and blanks, mixed"
    wide = list(_WIDE_BLANKS.finditer(text))
    if len(wide) >= _MANY:
        kinds = sorted({f"U+{ord(one.group()):04X}" for one in wide})
        yield (
            "invisible",
            wide[0].start(),
            f"{len(wide)} blanks of other widths: {', '.join(kinds)}",
        )
    # Behind a backslash a letter stands for a sign: it begins no word with the next one.
    for word in _WORD.finditer(_ESCAPED.sub("  ", text)):
        if _is_dressed(word.group()):
            plain = unicodedata.normalize("NFKC", word.group())
            yield "lookalike", word.start(), f"{word.group()} ({plain})"
            continue
        if not word.group().isascii() and (scripts := _mixed(word.group())):
            detail = f"{word.group()} ({', '.join(scripts)})"
            yield "lookalike", word.start(), detail


def _is_selector(code: int) -> bool:
    return 0xFE00 <= code <= 0xFE0F or 0xE0000 <= code <= 0xE01EF


def _is_at_home(text: str, at: int) -> bool:
    """Whether an invisible sign does what it is for: a mark at the start, a joined emoji or letter."""
    code = ord(text[at])
    if code == 0xFEFF:
        return at == 0
    if text[at] in "\u00a0\u3000\u2003\u2002\u2009\u202f":
        return True
    if code in _JOINERS and at > 0:
        before = text[at - 1]
        return not before.isascii() and unicodedata.category(before) in {
            "So",
            "Sk",
            "Lo",
            "Mn",
            "Mc",
        }
    return False


def _is_dressed(word: str) -> bool:
    """Whether a word is written in signs that only look like Latin letters: wide, bold, crossed out."""
    if word.isascii():
        return False
    if _CROSSED_OUT.search(word):
        return True
    dressed = [one for one in word if not one.isascii() and one.isalpha()]
    return len(dressed) >= _DRESSED and all(
        unicodedata.normalize("NFKC", one).isascii() for one in dressed
    )


def _sign_name(sign: str) -> str:
    return unicodedata.name(sign, "control character" if ord(sign) < 0xA0 else "unnamed")


def _mixed(word: str) -> list[str]:
    """Returns the scripts of a word that mixes letters which look alike."""
    scripts = set()
    for letter in word:
        if letter.isalpha():
            name = unicodedata.name(letter, "")
            scripts.add(name.split(" ", 1)[0])
    found = scripts & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}
    return sorted(one.capitalize() for one in found) if len(found) > 1 else []
