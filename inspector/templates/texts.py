"""Rules that read a template's characters: links, invisible signs, hidden text, odd instructions."""

import base64
import binascii
import itertools
import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from jinja2 import nodes

from inspector.templates.flow import Flow
from inspector.templates.links import is_sent_to, links
from inspector.templates.rules import rules
from inspector.templates.tree import walk
from inspector.templates.values import Grade

Hit = tuple[str, int, str, Grade]
"""A rule, a line from 1, what was met, and how much it asks."""

_MOST = 1_000
"""Hits of one rule that anybody counts; a file made of nothing else is no template."""

_COMMENT = re.compile(r"\{#.*?(?:#\}|\Z)", re.DOTALL)
_RUN = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}){12,}(?![0-9A-Za-z])")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){6,}")
_ENTITIES = re.compile(r"(?:&#x?[0-9a-fA-F]{2,6};){4,}")
_ESCAPES = re.compile(
    r"\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\([0-3]?[0-7]{2})|\\N\{([^}]{1,60})\}"
)
_FILLERS = {0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x180E, 0x034F, 0x17B4, 0x17B5, 0x00AD}
_WORD = re.compile(r"\w{3,}")
_JOINERS = {0x200C, 0x200D, 0xFE0E, 0xFE0F}


def text_hits(text: str) -> Iterator[Hit]:
    """Yields what the rules on characters meet in a template as it is written."""
    without = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    for hits in (
        _link_hits(text, without),
        _sign_hits(text),
        _encoded_hits(without),
        _escape_hits(without),
        _instruction_hits(without),
    ):
        yield from itertools.islice(hits, _MOST)


def made_hits(tree: nodes.Template, flow: Flow) -> Iterator[Hit]:
    """Yields what they meet in texts that the template puts together, or writes with escapes."""
    for node in walk(tree):
        if isinstance(node, nodes.List | nodes.Tuple):
            yield from _number_hits(node)
        if isinstance(node, nodes.TemplateData):
            # The rules on text as it is written have seen all of it but hosts without a scheme.
            for at, address in links(node.data):
                yield "link", node.lineno, address, _link_grade(node.data, at, address)
            continue
        is_piece = isinstance(node, nodes.Const | nodes.Concat | nodes.Add | nodes.Filter)
        if not (is_piece or isinstance(node, nodes.Call | nodes.Getitem | nodes.Mod)):
            continue
        text = flow.text(node)
        if not text:
            continue
        line = node.lineno
        for at, address in links(text):
            yield "link", line, address, _link_grade(text, at, address)
        for rule, _, detail, grade in _sign_hits(text):
            yield rule, line, detail, grade
        for rule, _, detail, grade in (*_encoded_hits(text), *_instruction_hits(text)):
            yield rule, line, detail, grade
        if not isinstance(node, nodes.Const) and (hidden := _turned(node, text)):
            yield "encoded", line, hidden, Grade.REVIEW


def _turned(node: nodes.Node, text: str) -> str:
    """Returns a text that was written backwards; empty if it was not."""
    is_backwards = isinstance(node, nodes.Filter) and node.name == "reverse"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice):
        step = node.arg.step
        is_backwards = isinstance(step, nodes.Neg)
    return text if is_backwards and any(sign.isalpha() for sign in text) else ""


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _link_hits(text: str, without: str) -> Iterator[Hit]:
    for at, address in links(without, bare=False):
        yield "link", _line(text, at), address, _link_grade(without, at, address)
    for comment in _COMMENT.finditer(text):
        for at, address in links(comment.group()):
            yield "link", _line(text, comment.start() + at), address, Grade.NOTE


def _link_grade(text: str, at: int, address: str) -> Grade:
    is_mail = "@" in address and "/" not in address
    return Grade.NOTE if is_mail and not is_sent_to(text, at) else Grade.REVIEW


def _sign_hits(text: str) -> Iterator[Hit]:
    for at, sign in enumerate(text):
        if sign.isascii() and (sign.isprintable() or sign in "\n\t\r"):
            continue
        if sign.isprintable() and ord(sign) not in _FILLERS and not _is_selector(ord(sign)):
            continue
        if _is_at_home(text, at):
            continue
        yield "invisible", _line(text, at), f"U+{ord(sign):04X} {_sign_name(sign)}", Grade.REVIEW
    for word in _WORD.finditer(text):
        if not word.group().isascii() and (scripts := _mixed(word.group())):
            detail = f"{word.group()} ({', '.join(scripts)})"
            yield "lookalike", _line(text, word.start()), detail, Grade.REVIEW


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


def _encoded_hits(text: str) -> Iterator[Hit]:
    limits = rules().encoded
    for run in _RUN.finditer(text):
        word = run.group()
        if (plain := _from_base64(word)) is not None or (
            len(word) >= limits.any and _is_dense(word)
        ):
            yield (
                "encoded",
                _line(text, run.start()),
                f"{word[:40]}… {plain or ''}".strip(),
                Grade.REVIEW,
            )
    for run in _HEX.finditer(text):
        word = run.group()
        plain = _readable(bytes.fromhex(word))
        if plain is not None or len(word) >= limits.any:
            yield (
                "encoded",
                _line(text, run.start()),
                f"{word[:40]}… {plain or ''}".strip(),
                Grade.REVIEW,
            )
    for pattern in (_PERCENT, _ENTITIES):
        for run in pattern.finditer(text):
            yield "encoded", _line(text, run.start()), run.group()[:60], Grade.REVIEW


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


def _escape_hits(text: str) -> Iterator[Hit]:
    """Letters written as escapes: nobody writes one for `_` to be read."""
    for number, line in enumerate(text.split("\n"), 1):
        letters = []
        for found in _ESCAPES.finditer(line[:20_000]):
            code = _escaped(found)
            if code is not None and (chr(code).isalnum() or chr(code) in "_:/.") and code < 0x250:
                letters.append(chr(code))
        if len(letters) >= rules().encoded.escapes:
            yield "encoded", number, "".join(letters)[:60], Grade.REVIEW


def _escaped(found: re.Match[str]) -> int | None:
    if found.group(5):
        try:
            return ord(unicodedata.lookup(found.group(5)))
        except (KeyError, TypeError):
            return None
    for group, base in ((1, 16), (2, 16), (3, 16), (4, 8)):
        if found.group(group):
            code = int(found.group(group), base)
            return code if code < 0x110000 else None
    return None


def _number_hits(node: nodes.List | nodes.Tuple) -> Iterator[Hit]:
    values = [one.value for one in node.items if isinstance(one, nodes.Const)]
    letters = [one for one in values if isinstance(one, int) and 32 <= one < 127]
    if len(letters) >= rules().encoded.numbers and len(letters) == len(node.items):
        yield "encoded", node.lineno, "".join(map(chr, letters))[:60], Grade.REVIEW


def _instruction_hits(text: str) -> Iterator[Hit]:
    for pattern in _patterns():
        for found in pattern.finditer(text):
            yield (
                "hidden_instruction",
                _line(text, found.start()),
                found.group()[:120],
                Grade.REVIEW,
            )


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"(?i)\b{one}") for one in rules().instructions.patterns)
