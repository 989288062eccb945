"""A template as a tree: parsed under limits, walked without recursion, never rendered."""

import re
from collections.abc import Iterator
from typing import Any

import jinja2
import jinja2.ext
from jinja2 import nodes

from inspector.templates.rules import rules


class Unparsable(Exception):  # noqa: N818 - what is unparsable is the template, not our work
    """Jinja can't read the template.

    Args:
        reason: what it says, or which limit was passed.
        line: where; 0 where nobody can tell.
    """

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class _Generation(jinja2.ext.Extension):
    """Understands `{% generation %}`, which the transformers library adds to mark answers."""

    tags = {"generation"}

    def parse(self, parser: Any) -> Any:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def parse(text: str) -> nodes.Template:
    """Returns the tree of a template.

    Raises:
        Unparsable: it is longer or deeper than any template needs to be, or no Jinja.
    """
    sizes = rules().sizes
    if len(text) > sizes.parsed:
        raise Unparsable(f"{len(text)} characters")
    if (depth := _depth(text)) > sizes.nesting:
        raise Unparsable(f"brackets {depth} deep")
    environment = jinja2.Environment(  # noqa: S701 - only the parser of it is used
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[jinja2.ext.loopcontrols, jinja2.ext.do, _Generation],
        optimized=False,
    )
    try:
        tree = environment.parse(text)
    except jinja2.TemplateSyntaxError as error:
        raise Unparsable(str(error.message or "not Jinja"), error.lineno) from None
    except RecursionError:
        raise Unparsable("nested too deeply") from None
    except (jinja2.TemplateError, ValueError, OverflowError, SyntaxError, AssertionError) as error:
        # Numbers of thousands of digits, broken escapes: Jinja hands on what Python says of them.
        raise Unparsable(f"{type(error).__name__}: {error}"[:200]) from None
    if sum(1 for _ in walk(tree)) > sizes.nodes:
        raise Unparsable(f"more than {sizes.nodes} parts")
    return tree


def _depth(text: str) -> int:
    """Returns how deep brackets stand in each other, roughly: brackets in texts count too."""
    deepest = depth = 0
    for bracket in re.finditer(r"[\[\](){}\n]", text):
        sign = bracket.group()
        if sign in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign != "\n":
            depth = max(0, depth - 1)
    return deepest


def walk(root: nodes.Node) -> Iterator[nodes.Node]:
    """Yields a node and everything below it, in the order of the text."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(node.iter_child_nodes())))


def access(node: nodes.Node) -> str | None:
    """Returns the constant key that an attribute or item is asked for by; None if it is neither."""
    if isinstance(node, nodes.Getattr):
        return node.attr
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return node.arg.value if isinstance(node.arg.value, str) else None
    return None


def name_of(node: nodes.Node | None) -> str | None:
    """Returns the variable that a node names, `ns.x` included."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.NSRef):
        return f"{node.name}.{node.attr}"
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return None


def targets(node: nodes.Node) -> Iterator[str]:
    """Yields the names that an assignment or a loop gives values to."""
    for one in walk(node):
        if isinstance(one, nodes.Name | nodes.NSRef) and (name := name_of(one)):
            yield name
