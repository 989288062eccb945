"""Finds text that was written so that nobody reads it: base64, hex, numbers for letters, Morse."""

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Iterator

from inspector.templates.rules import rules

_RUN = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}")
_IN_LINES = re.compile(
    r"(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/]{8,76}\r?\n[ \t]*){2,40}[A-Za-z0-9+/]{2,76}={0,2}"
)
_BASE32 = re.compile(r"(?<![A-Za-z0-9])[A-Z2-7]{24,}={0,6}(?![A-Za-z0-9])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}){12,}(?![0-9A-Za-z])")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){6,}")
_ENTITIES = re.compile(r"(?:&#x?[0-9a-fA-F]{2,6};){4,}")
_LETTERS_ASKED_FOR = re.compile(r"(?:%c[^%\n]{0,3}){4,}")
_APART = r"[\s,;:_-]{1,3}"
_GROUPS: tuple[tuple[re.Pattern[str], int], ...] = (
    (
        re.compile(
            rf"(?<![\w.])(?:(?:0x|\\x)?[0-9a-fA-F]{{2}}{_APART}){{9,}}(?:0x|\\x)?[0-9a-fA-F]{{2}}(?!\w)"
        ),
        16,
    ),
    (re.compile(rf"(?<![\w.])(?:\d{{2,3}}{_APART}){{9,}}\d{{2,3}}(?!\w)"), 10),
    (re.compile(rf"(?<!\w)(?:[01]{{8}}{_APART}){{5,}}[01]{{8}}(?!\w)"), 2),
    (re.compile(rf"(?<!\w)(?:[01]?[0-7]{{2}}{_APART}){{9,}}[01]?[0-7]{{2}}(?!\w)"), 8),
)
"""Letters as numbers, each apart, and the base of the numbers."""
_MORSE = re.compile(
    r"(?<![.\w-])(?:[.\-\u2013\u2022]{1,5}[ /|]{1,3}){8,}[.\-\u2013\u2022]{1,5}(?![.\w-])"
)
_LINE = re.compile(r"[^\n]{20,2000}")
_LETTERS = re.compile(r"[A-Za-z]+")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_TABLES = (
    *(str.maketrans(_ALPHABET, _ALPHABET[by:] + _ALPHABET[:by]) for by in range(1, 26)),
    str.maketrans(_ALPHABET, _ALPHABET[::-1]),
)
_SMALL_WORDS = frozenset(
    [
        "the",
        "and",
        "that",
        "this",
        "with",
        "from",
        "for",
        "you",
        "your",
        "not",
        "all",
        "are",
        "is",
        "of",
        "to",
        "in",
        "on",
        "it",
        "be",
        "as",
        "or",
        "any",
        "when",
    ]
)
_SENTENCE = 5
_KINDS = 2
_SHARE = 0.25
_LONGEST = 65_536
"""Longer texts are not turned letter by letter: no template is, and it takes its time."""


def ciphered(text: str) -> Iterator[tuple[int, str]]:
    """Yields where a text holds encoded signs, with what they turn into where that can be read."""
    limits = rules().encoded
    for run in _RUN.finditer(text):
        word = run.group()
        plain = _from_base64(word)
        if plain is not None or (len(word) >= limits.any and _is_dense(word)):
            yield run.start(), _told(word, plain)
    for pattern, turned in ((_IN_LINES, _from_base64), (_BASE32, _from_base32)):
        for run in pattern.finditer(text):
            if (plain := turned("".join(run.group().split()))) is not None:
                yield run.start(), _told(run.group(), plain)
    for run in _HEX.finditer(text):
        plain = _readable(bytes.fromhex(run.group()))
        if plain is not None or len(run.group()) >= limits.any:
            yield run.start(), _told(run.group(), plain)
    yield from _numbers(text)
    yield from _other_alphabets(text)


def _other_alphabets(text: str) -> Iterator[tuple[int, str]]:
    """Yields lines that are English once their letters are moved, mirrored or read from the end."""
    if len(text) > _LONGEST:
        return
    for line in _LINE.finditer(text):
        words = _LETTERS.findall(line.group())
        if len(words) < _SENTENCE or _is_english(words):
            continue
        said = " ".join(words).lower()
        for other in (said[::-1], *(said.translate(table) for table in _TABLES)):
            if _is_english(other.split()):
                yield line.start(), f"{line.group()[:40].strip()}… {other[:80]}"
                break


def _is_english(words: list[str]) -> bool:
    known = {word.lower() for word in words} & _SMALL_WORDS
    held = sum(word.lower() in _SMALL_WORDS for word in words)
    return len(known) >= _KINDS and held >= _SHARE * len(words)


def _numbers(text: str) -> Iterator[tuple[int, str]]:
    """Yields letters that are written as numbers, or in Morse."""
    for pattern, base in _GROUPS:
        for run in pattern.finditer(text):
            if (plain := _from_numbers(run.group(), base)) is not None:
                yield run.start(), _told(run.group(), plain)
    for pattern in (_PERCENT, _ENTITIES, _LETTERS_ASKED_FOR):
        for run in pattern.finditer(text):
            yield run.start(), run.group()[:60]
    for run in _MORSE.finditer(text):
        # A ruler of dashes is one sign over and over.
        if len(set(run.group().split())) >= 4:
            yield run.start(), run.group()[:60]


def shifted(text: str) -> Iterator[tuple[str, Callable[[str], str]]]:
    """Yields a text as it reads backwards, and with its letters shifted by half the alphabet.

    With each comes what turns a piece of it back into the piece of the text that it was.
    """
    if len(text) <= _LONGEST:
        yield text[::-1], lambda piece: piece[::-1]
        yield codecs.encode(text, "rot13"), lambda piece: codecs.encode(piece, "rot13")


def _told(word: str, plain: str | None) -> str:
    return f"{' '.join(word[:40].split())}… {plain or ''}".strip()


def _from_base64(word: str) -> str | None:
    """Returns the readable text behind base64; None if there is none."""
    if len(word.rstrip("=")) < rules().encoded.readable:
        return None
    whole = word.rstrip("=").translate(str.maketrans("-_", "+/"))
    whole += "=" * (-len(whole) % 4)
    try:
        raw = base64.b64decode(whole, validate=True)
    except (binascii.Error, ValueError):
        return None
    return _readable(raw)


def _from_base32(word: str) -> str | None:
    whole = word.rstrip("=")
    try:
        return _readable(base64.b32decode(whole + "=" * (-len(whole) % 8)))
    except (binascii.Error, ValueError):
        return None


def _from_numbers(run: str, base: int) -> str | None:
    """Returns the text whose letters some numbers are; None where they are only numbers."""
    codes = [int(one, base) for one in re.findall(r"[0-9a-fA-F]+", re.sub(r"0x|\\x", "", run))]
    if not all(code in (9, 10, 13) or 32 <= code < 127 for code in codes):
        return None
    text = "".join(map(chr, codes))
    # Years, ages and sizes are numbers between 32 and 126, too; they make no words.
    return (
        text[:80]
        if sum(sign.isalpha() or sign == " " for sign in text) >= 0.9 * len(text)
        else None
    )


def _readable(raw: bytes) -> str | None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    usual = sum(
        sign.isascii() and (sign.isalnum() or sign in " \n.,:;/-_'\"!?()<>{}=%") for sign in text
    )
    return text[:80] if len(text) >= 10 and usual >= 0.95 * len(text) else None


def _is_dense(word: str) -> bool:
    """Whether a long run has the mix of signs that encoded bytes have and rulers and words have not."""
    kinds = (
        any(sign.islower() for sign in word),
        any(sign.isupper() for sign in word),
        any(sign.isdigit() for sign in word),
    )
    return all(kinds) and len(set(word)) > 20
