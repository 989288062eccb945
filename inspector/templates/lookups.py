"""Text that hangs on somebody's words without naming them: by a key, a length, capitals, a variable."""

from collections.abc import Iterator

from jinja2 import nodes

from inspector.templates.flow import Flow
from inspector.templates.prose import is_switch, says_something
from inspector.templates.rules import rules
from inspector.templates.texts import Hit
from inspector.templates.tree import access, name_of, walk
from inspector.templates.values import Grade

_FORMS = frozenset(
    ["isupper", "islower", "istitle", "isdigit", "isnumeric", "isdecimal", "isalpha", "isalnum", "isascii"]
)  # fmt: skip
_LEAST_CHAIN = 3


def lookup_hits(tree: nodes.Template, flow: Flow) -> Iterator[Hit]:
    """Yields text that is chosen by what somebody wrote, and text that is put together letter by letter."""
    for node in flow.every:
        for detail in _by_words(node, flow):
            yield "content_trigger", node.lineno, detail, Grade.REVIEW
        for detail in _letter_by_letter(node, flow):
            yield "encoded", node.lineno, detail, Grade.REVIEW
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
            said = flow.text(node.args[0]) if node.args else None
            if node.node.name in rules().date.functions and said and says_something(said):
                yield "date_trigger", node.lineno, said, Grade.REVIEW


def _by_words(node: nodes.Node, flow: Flow) -> Iterator[str]:
    """Yields how words of a message become a key, or are asked for their form."""
    if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Slice):
        # `content[0]` is a piece of a message; `texts[content]` is a text for some messages.
        is_a_key = flow.is_content(node.arg) and not flow.is_content(node.node)
        if is_a_key and not flow.is_message(node.node):
            yield "[words of a message]"
    elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
        called = node.node
        if called.attr == "get" and node.args and flow.is_content(node.args[0]):
            yield ".get(words of a message)"
        elif called.attr in _FORMS and flow.is_content(called.node):
            yield f".{called.attr}()"
    elif isinstance(node, nodes.Test):
        is_asked = flow.is_content(node.node) and not node.args
        if is_asked and node.name not in rules().content.form_tests:
            yield f"is {node.name}"
    elif (isinstance(node, nodes.Filter) and node.name == "groupby" and node.args) and (
        flow.text(node.args[0]) in rules().content.keys
    ):
        yield "|groupby"


def _letter_by_letter(node: nodes.Node, flow: Flow) -> Iterator[str]:
    """Yields texts that are picked from an alphabet, or written with other letters and put right."""
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Name):
        alphabet = flow.text(node.node)
        if alphabet is not None and len(set(alphabet)) >= rules().encoded.readable:
            yield f"{alphabet[:40]}[{node.arg.name}]"
    elif (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr)) and (
        node.node.attr in {"translate", "maketrans"}
    ):
        yield f".{node.node.attr}()"
    if (links := _exchanges(node, flow)) >= _LEAST_CHAIN:
        yield f"{links} letters exchanged"


def _exchanges(node: nodes.Node, flow: Flow) -> int:
    """Returns how many single letters a chain of `replace` exchanges in a constant text."""
    count = 0
    while True:
        if isinstance(node, nodes.Filter) and node.name == "replace" and node.node is not None:
            given, below = node.args, node.node
        elif (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr)) and (
            node.node.attr == "replace"
        ):
            given, below = node.args, node.node.node
        else:
            break
        old = flow.text(given[0]) if given else None
        count += old is not None and len(old) == 1 and old.isalnum()
        node = below
    return count if count and flow.text(node) else 0


def kept_switches(flow: Flow) -> dict[str, str]:
    """Returns the variables that keep whether a message has a sign in it, each with the sign.

    Signs that publishers document are left out: text is meant to hang on those.
    """
    kept: dict[str, str] = {}
    for node in flow.every:
        if isinstance(node, nodes.Assign) and (name := name_of(node.target)):
            if sign := _sign_asked_for(node.node, flow):
                kept[name] = sign
        elif isinstance(node, nodes.If) and (sign := _sign_asked_for(node.test, flow)):
            for inner in (below for part in node.body for below in walk(part)):
                if isinstance(inner, nodes.Assign) and (name := name_of(inner.target)):
                    kept.setdefault(name, sign)
    return kept


def _sign_asked_for(root: nodes.Node, flow: Flow) -> str:
    for node in walk(root):
        if not isinstance(node, nodes.Compare):
            continue
        sides = [node.expr, *(one.expr for one in node.ops)]
        if not any(flow.is_content(side) for side in sides):
            continue
        for side in sides:
            words = flow.text(side)
            documented = rules().content.switches
            if (words and words.strip() and is_switch(words)) and (
                len(words.strip()) > 2 and not any(one in words.lower() for one in documented)
            ):
                return words
    return ""


def names_in(test: nodes.Node) -> Iterator[str]:
    """Yields the variables that a condition names."""
    for node in walk(test):
        if (name := name_of(node)) is not None and access(node) != "content":
            yield name
