"""Follows two things through a template: words that somebody wrote, and the time of day.

Both are followed by name and without regard to order, so rather too far than not far enough. What
somebody wrote is a message's content and all that is made of it; a message's role, type or tool
calls are its form, and templates have every reason to look at those.
"""

import contextlib

from jinja2 import nodes

from inspector.templates.folding import Constant, Unknown, constants, fold
from inspector.templates.rules import rules
from inspector.templates.tree import access, name_of, targets, walk

_ROUNDS = 6
_DEEPEST = 60
_WHOLE_MESSAGE = {
    "string",
    "tojson",
    "dictsort",
    "items",
    "join",
    "pprint",
    "urlencode",
    "escape",
    "e",
}
_METHODS_OF_FORM = {"get"}


class Flow:
    """Says of any expression of a tree whether it holds somebody's words, or the time.

    Attributes:
        every: all nodes of the tree, in the order of the text; to walk it anew takes longer.
    """

    def __init__(self, tree: nodes.Template) -> None:
        self.constants = constants(tree)
        self._messages = {"messages", "message"}
        self._content: set[str] = set()
        self._dates: set[str] = set()
        self._macros = {one.name: one for one in walk(tree) if isinstance(one, nodes.Macro)}
        self._rules = rules()
        self._folded: dict[int, Constant | Unknown] = {}
        self._choices: dict[str, list[Constant]] = {}
        self.every = tuple(walk(tree))
        self._namespaces = {
            name_of(one.target)
            for one in self.every
            if isinstance(one, nodes.Assign)
            and isinstance(one.node, nodes.Call)
            and name_of(one.node.node) == "namespace"
        }
        for _ in range(_ROUNDS):
            before = len(self._messages) + len(self._content) + len(self._dates)
            for node in self.every:
                self._follow(node)
            if len(self._messages) + len(self._content) + len(self._dates) == before:
                break

    def folded(self, node: nodes.Node) -> Constant:
        """Returns the constant that an expression is.

        Raises:
            Unknown: it is none.
        """
        return fold(node, self.constants, kept=self._folded)

    def choices(self, node: nodes.Node) -> list[Constant]:
        """Returns the constants that an expression may be, where it stands for one of several."""
        if isinstance(node, nodes.Name) and node.name in self._choices:
            return self._choices[node.name]
        try:
            return [self.folded(node)]
        except Unknown:
            return []

    def text(self, node: nodes.Node) -> str | None:
        """Returns the constant text that an expression is; None if it is something else."""
        try:
            value = self.folded(node)
        except Unknown:
            return None
        return value if isinstance(value, str) else None

    def is_content(self, node: nodes.Node | None, depth: int = 0) -> bool:
        """Whether an expression is made of what somebody wrote."""
        if node is None or depth > _DEEPEST:
            return False
        if (name := name_of(node)) is not None and name in self._content:
            return True
        if isinstance(node, nodes.Name):
            return False
        if isinstance(node, nodes.Getattr) and name_of(node.node) in self._namespaces:
            # `count.value` is a variable of the template's own, whatever it is called.
            return False
        if (key := access(node)) is not None:
            return key in self._rules.content.keys
        if isinstance(node, nodes.Filter):
            return self._is_content_filter(node, depth)
        if isinstance(node, nodes.Call):
            return self._is_content_call(node, depth)
        if isinstance(node, nodes.Getitem):
            return self.is_content(node.node, depth + 1)
        if isinstance(node, nodes.CondExpr):
            return self.is_content(node.expr1, depth + 1) or self.is_content(node.expr2, depth + 1)
        if isinstance(node, nodes.Test | nodes.Compare | nodes.Not):
            return False
        if isinstance(node, nodes.BinExpr | nodes.Concat | nodes.List | nodes.Tuple | nodes.Neg):
            return any(self.is_content(one, depth + 1) for one in node.iter_child_nodes())
        return False

    def is_message(self, node: nodes.Node | None, depth: int = 0) -> bool:
        """Whether an expression is a message, or a list of them."""
        if node is None or depth > _DEEPEST:
            return False
        if (name := name_of(node)) is not None:
            return name in self._messages
        if isinstance(node, nodes.Getitem):
            return access(node) is None and self.is_message(node.node, depth + 1)
        if isinstance(node, nodes.Filter):
            return node.name not in {"length", "count", "map"} and self.is_message(
                node.node, depth + 1
            )
        if isinstance(node, nodes.Add | nodes.CondExpr):
            return any(self.is_message(one, depth + 1) for one in node.iter_child_nodes())
        return False

    def is_date(self, node: nodes.Node | None, depth: int = 0) -> bool:
        """Whether an expression is made of the time of day."""
        if node is None or depth > _DEEPEST:
            return False
        if (name := name_of(node)) is not None and name in self._dates:
            return True
        if isinstance(node, nodes.Call):
            called = node.node
            if isinstance(called, nodes.Name) and called.name in self._rules.date.functions:
                return True
            inner = called.node if isinstance(called, nodes.Getattr) else None
            if isinstance(inner, nodes.Name) and inner.name in self._rules.date.functions:
                return True
            return self.is_date(inner, depth + 1)
        if isinstance(node, nodes.Getitem) and self.is_date(node.arg, depth + 1):
            # What a table holds for a day says which day it is.
            return True
        if isinstance(node, nodes.Getattr | nodes.Getitem | nodes.Filter):
            return self.is_date(node.node, depth + 1)
        if isinstance(node, nodes.CondExpr):
            return self.is_date(node.expr1, depth + 1) or self.is_date(node.expr2, depth + 1)
        if isinstance(node, nodes.BinExpr | nodes.Concat):
            return any(self.is_date(one, depth + 1) for one in node.iter_child_nodes())
        return False

    def _is_content_filter(self, node: nodes.Filter, depth: int) -> bool:
        if node.node is None:
            return False
        if self.is_content(node.node, depth + 1):
            return True
        if not self.is_message(node.node):
            return False
        if node.name == "map":
            wanted = [self.text(one.value) for one in node.kwargs if one.key == "attribute"]
            return any(one in self._rules.content.keys for one in wanted)
        return node.name in _WHOLE_MESSAGE

    def _is_content_call(self, node: nodes.Call, depth: int) -> bool:
        called = node.node
        if isinstance(called, nodes.Getattr):
            if called.attr in _METHODS_OF_FORM and node.args:
                return self.text(node.args[0]) in self._rules.content.keys
            if called.attr in {"values", "items"} and self.is_message(called.node):
                return True
            # A text's `join` holds what is joined.
            return self.is_content(called.node, depth + 1) or (
                called.attr == "join" and any(self.is_content(one, depth + 1) for one in node.args)
            )
        if isinstance(called, nodes.Name) and called.name in self._macros:
            return any(self.is_content(one, depth + 1) for one in node.args)
        return False

    def _follow(self, node: nodes.Node) -> None:
        """Carries what one statement gives to its names."""
        if isinstance(node, nodes.Assign):
            self._give(node.target, node.node)
        elif isinstance(node, nodes.AssignBlock):
            if any(self.is_content(one) for part in node.body for one in walk(part)):
                self._content.update(targets(node.target))
        elif isinstance(node, nodes.For):
            self._follow_loop(node)
        elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
            self._follow_macro(node, node.node.name)

    def _follow_loop(self, node: nodes.For) -> None:
        if self.is_message(node.iter):
            self._messages.update(targets(node.target))
        target = node.target
        if isinstance(target, nodes.Tuple) and _goes_over_pairs(node.iter):
            # A mapping's keys are form, whatever its values hold.
            target = target.items[-1]
        self._give(target, node.iter)
        if isinstance(node.target, nodes.Name):
            with contextlib.suppress(Unknown):
                value = self.folded(node.iter)
                if isinstance(value, list):
                    self._choices[node.target.name] = value

    def _follow_macro(self, node: nodes.Call, name: str) -> None:
        if macro := self._macros.get(name):
            for parameter, given in zip(macro.args, node.args, strict=False):
                self._give(parameter, given)
                with contextlib.suppress(Unknown):
                    word = self.folded(given)
                    if word not in self._choices.setdefault(parameter.name, []):
                        self._choices[parameter.name].append(word)
                if self.is_message(given):
                    self._messages.add(parameter.name)

    def _give(self, target: nodes.Node, given: nodes.Node) -> None:
        if self.is_content(given):
            self._content.update(targets(target))
        if self.is_date(given):
            self._dates.update(targets(target))
        if isinstance(target, nodes.Name | nodes.NSRef) and self.is_message(given):
            self._messages.update(targets(target))
        if (isinstance(given, nodes.Call) and isinstance(given.node, nodes.Name)) and (
            given.node.name == "namespace" and (name := name_of(target))
        ):
            for pair in given.kwargs:
                if self.is_content(pair.value):
                    self._content.add(f"{name}.{pair.key}")
                if self.is_date(pair.value):
                    self._dates.add(f"{name}.{pair.key}")


def _goes_over_pairs(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Filter):
        return node.name in {"items", "dictsort"} or (
            node.node is not None and _goes_over_pairs(node.node)
        )
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Getattr)
        and node.node.attr == "items"
    )
