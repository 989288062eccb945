"""Rules that read a template's characters: links, invisible signs, hidden text, odd instructions."""

import itertools
import re
import unicodedata
from collections.abc import Iterator

from jinja2 import nodes

from inspector.templates.ciphers import ciphered
from inspector.templates.flow import Flow
from inspector.templates.instructions import instructions
from inspector.templates.links import is_sent_to, links
from inspector.templates.rules import rules
from inspector.templates.signs import strange_signs
from inspector.templates.tree import walk
from inspector.templates.values import Grade

Hit = tuple[str, int, str, Grade]
"""A rule, a line from 1, what was met, and how much it asks."""

_MOST = 1_000
"""Hits of one rule that anybody counts; a file made of nothing else is no template."""

_COMMENT = re.compile(r"\{#.*?(?:#\}|\Z)", re.DOTALL)
_REFUSAL = re.compile(
    r"""\braise_exception\s*\((?:[^()'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")*\)""", re.DOTALL
)
_ESCAPES = re.compile(
    r"\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\([0-3]?[0-7]{2})|\\N\{([^}]{1,60})\}"
)


def text_hits(text: str) -> Iterator[Hit]:
    """Yields what the rules on characters meet in a template as it is written."""
    without = _COMMENT.sub(_blank, text)
    for hits in (
        _link_hits(text, without),
        _strange_signs(text),
        _encoded_hits(without),
        _escape_hits(without),
        _instruction_hits(without),
    ):
        yield from itertools.islice(hits, _MOST)


def made_hits(tree: nodes.Template, flow: Flow) -> Iterator[Hit]:
    """Yields what they meet in texts that the template puts together, or writes with escapes."""
    refused = _only_refused(flow)
    for node in flow.every:
        if id(node) in refused:
            continue
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
        for rule, _, detail, grade in _strange_signs(text):
            yield rule, line, detail, grade
        for rule, _, detail, grade in (*_encoded_hits(text), *_instruction_hits(text)):
            yield rule, line, detail, grade
        if not isinstance(node, nodes.Const) and (hidden := _turned(node, text)):
            yield "encoded", line, hidden, Grade.REVIEW


def _only_refused(flow: Flow) -> set[int]:
    """Returns the parts of a tree whose text stands in a refusal alone."""
    return {
        id(below)
        for node in flow.every
        if isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name == "raise_exception"
        for given in node.args
        for below in walk(given)
    }


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
    for at, address in links(_REFUSAL.sub(_blank, without), bare=False):
        yield "link", _line(text, at), address, _link_grade(without, at, address)
    # No model reads a comment, or the words with which a template refuses to go on.
    for aside in (*_COMMENT.finditer(text), *_REFUSAL.finditer(without)):
        for at, address in links(aside.group()):
            yield "link", _line(text, aside.start() + at), address, Grade.NOTE


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def _link_grade(text: str, at: int, address: str) -> Grade:
    is_mail = "@" in address and "/" not in address
    return Grade.NOTE if is_mail and not is_sent_to(text, at) else Grade.REVIEW


def _encoded_hits(text: str) -> Iterator[Hit]:
    for at, what in ciphered(text):
        yield "encoded", _line(text, at), what, Grade.REVIEW


def _strange_signs(text: str) -> Iterator[Hit]:
    for rule, at, what in strange_signs(text):
        yield rule, _line(text, at), what, Grade.REVIEW


def _instruction_hits(text: str) -> Iterator[Hit]:
    for at, said in instructions(text):
        yield "hidden_instruction", _line(text, at), said, Grade.REVIEW


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
