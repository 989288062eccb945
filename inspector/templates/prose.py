"""Tells sentences for people from the signs that models are trained on."""

import re

from jinja2 import nodes

from inspector.templates.flow import Flow
from inspector.templates.links import links
from inspector.templates.rules import rules
from inspector.templates.tree import walk

_TAG = re.compile(r"<[^<>\s]{1,60}>|\[/?[A-Z_]{2,40}\]")
_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MARKUP = re.compile(r"[<>\[\]{}|]")
_CAPITALS = re.compile(r"[A-Z0-9]+(?:_[A-Z0-9]+)+")
_BREAK = re.compile(r"[^\w\s,;.!?'’\"()/:-]+|_{2,}")


def longest_prose(text: str) -> int:
    """Returns the most words that stand in a row, as in a sentence."""
    plain = _TAG.sub(" | ", text)
    return max((len(_WORDS.findall(piece)) for piece in _BREAK.split(plain)), default=0)


def says_something(text: str) -> bool:
    """Whether a text has a sentence in it, or a place to go to."""
    return longest_prose(text) >= rules().content.prose_words or any(links(text))


def is_switch(text: str) -> bool:
    """Whether a text is one that a template may well look for: markup, form, a documented switch."""
    bare = text.strip()
    if any(not sign.isprintable() and not sign.isspace() for sign in text):
        return False
    if not any(sign.isalpha() for sign in bare):
        return True
    if (
        _MARKUP.search(bare)
        or _CAPITALS.fullmatch(bare)
        or (bare.startswith(("/", "#", "@")) and " " not in bare)
    ):
        return True
    low = bare.lower()
    content = rules().content
    if low in content.structure:
        return True
    return len(bare) <= 40 and any(word in low for word in content.switches)


def literal_text(roots: list[nodes.Node], flow: Flow) -> str:
    """Returns all constant text that some statements put out or keep; refusals don't count."""
    pieces: list[str] = []
    skipped: set[int] = set()
    for root in roots:
        for node in walk(root):
            if id(node) in skipped:
                skipped.update(id(one) for one in node.iter_child_nodes())
                continue
            if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
                if node.node.name == "raise_exception":
                    skipped.update(id(one) for one in node.iter_child_nodes())
            elif isinstance(node, nodes.TemplateData):
                pieces.append(node.data)
            elif isinstance(node, nodes.Const) and isinstance(node.value, str):
                pieces.append(node.value)
            elif isinstance(node, nodes.Concat | nodes.Add) and (text := flow.text(node)):
                pieces.append(text)
    return "\n|\n".join(pieces)
