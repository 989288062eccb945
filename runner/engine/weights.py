"""How much text a template's lists would make: lists hold each other, and a few lines make millions.

`[x, x]` said sixty times holds two things and prints as 2^60. Printing, comparing and encoding such a
list is one call into C, which no deadline reaches, so a list is weighed before it exists. Nothing in
the box can change a list, which is why a weight that was found once stays true; only a namespace in it
can change, and prints by Python, which the deadline does reach.
"""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, nodes
from jinja2.exceptions import SecurityError
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

MOST_PARTS = 1_000_000
"""Printing so many takes a fifth of a second."""

WEIGH = "lightwell_weigh"
"""The filter that weighs a list as a template writes one; no name that Jinja could clash with."""


class Scales:
    """Weighs lists, and remembers what they weighed while one template is rendered."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, int]] = {}

    def forget(self) -> None:
        """Begins anew: what was weighed is gone."""
        self._known.clear()

    def weighed(self, value: Any) -> Any:
        """Returns a value that is light enough.

        Raises:
            SecurityError: it would print as more than a million parts.
        """
        if isinstance(value, list | tuple | dict | Namespace):
            self._weight(value)
        return value

    def product(self, value: Any, times: int) -> None:
        """Weighs a list that is repeated.

        Raises:
            SecurityError: it would be too heavy.
        """
        if isinstance(value, list | tuple) and self._weight(value) * times > MOST_PARTS:
            raise SecurityError("a list is too large")

    def joined(self, value: Any, left: Any, right: Any) -> Any:
        """Returns two lists that were joined; weighed by what they weighed, not part by part.

        Raises:
            SecurityError: it would be too heavy.
        """
        if isinstance(value, list | tuple):
            weight = self._weight(left) + self._weight(right)
            if weight > MOST_PARTS:
                raise SecurityError("a list is too large")
            self._known[id(value)] = (value, weight)
        return value

    def _weight(self, value: Any) -> int:
        if not isinstance(value, list | tuple | dict | Namespace):
            return 1
        if id(value) in self._known:
            return self._known[id(value)][1]
        # Kept with its weight, so that no other list is given its place in memory meanwhile.
        self._known[id(value)] = (value, MOST_PARTS)
        parts = _parts(value)
        weight = 1 + sum(map(self._weight, parts))
        if weight > MOST_PARTS:
            raise SecurityError("a list is too large")
        if not isinstance(value, Namespace):
            self._known[id(value)] = (value, weight)
        else:
            # What a namespace holds changes; it is weighed whenever it is met.
            del self._known[id(value)]
        return weight


def _parts(value: Any) -> list[Any]:
    if isinstance(value, Namespace):
        return list(_attributes(value).values())
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return list(value)


def _attributes(value: Namespace) -> Mapping[str, Any]:
    held: Mapping[str, Any] = object.__getattribute__(value, "_Namespace__attrs")
    return held


class WeighLists(NodeTransformer):
    """Has every list, tuple and mapping that a template writes weighed as it is made.

    Args:
        environment: which compiles the template.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802 - Jinja's name
        """Weighs a list."""
        return self._weighed(self.generic_visit(node))

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802
        """Weighs a mapping."""
        return self._weighed(self.generic_visit(node))

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802
        """Weighs a tuple that is made; one that takes values apart stays as it is."""
        whole = self.generic_visit(node)
        return self._weighed(whole) if node.ctx == "load" else whole

    def _weighed(self, node: nodes.Node) -> nodes.Node:
        if all(isinstance(one, nodes.Const) for one in node.iter_child_nodes()):
            # Of plain constants: nothing can hide in it, and Jinja may work it out beforehand.
            return node
        weighed = nodes.Filter(node, WEIGH, [], [], None, None, lineno=node.lineno)
        return weighed.set_environment(self._environment)
