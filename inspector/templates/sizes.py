"""Rules on work: loops and texts that grow beyond what any conversation needs."""

from collections.abc import Iterator

from jinja2 import nodes

from inspector.templates.flow import Flow
from inspector.templates.folding import Unknown
from inspector.templates.rules import rules
from inspector.templates.texts import Hit
from inspector.templates.tree import name_of, walk
from inspector.templates.values import Grade

_POWER = 64
_WIDTH_METHODS = {"center", "ljust", "rjust", "zfill", "expandtabs"}
_WIDTH_FILTERS = {"center", "indent", "wordwrap", "batch", "slice", "truncate", "tojson"}


def size_hits(tree: nodes.Template, flow: Flow) -> Iterator[Hit]:
    """Yields loops with very many rounds and texts that are made very long."""
    yield from _loops(tree, flow)
    for node in flow.every:
        for detail in _large(node, flow):
            yield "large_text", node.lineno, detail, Grade.REVIEW
        if isinstance(node, nodes.Macro) and _calls_itself(node):
            yield "large_loop", node.lineno, f"macro {node.name} calls itself", Grade.REVIEW


def _loops(tree: nodes.Template, flow: Flow) -> Iterator[Hit]:
    """Walks down with the product of all rounds so far and the number of loops over messages."""
    waiting: list[tuple[nodes.Node, int, int, bool]] = [(tree, 1, 0, False)]
    sizes = rules().sizes
    while waiting:
        node, product, over_messages, told = waiting.pop()
        if isinstance(node, nodes.For):
            product *= max(1, _rounds(node.iter, flow))
            over_messages += flow.is_message(node.iter)
            too_many = product > sizes.repeats or over_messages >= sizes.message_loops
            if too_many and not told:
                detail = f"{product} rounds" if product > 1 else f"{over_messages} loops deep"
                yield "large_loop", node.lineno, detail, Grade.REVIEW
                told = True
            for inner in node.body:
                yield from _doubled(inner, flow)
        waiting.extend((one, product, over_messages, told) for one in node.iter_child_nodes())


def _rounds(node: nodes.Node, flow: Flow) -> int:
    """Returns how often a loop over something constant turns; 1 where it depends on the messages."""
    if (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name)) and (
        node.node.name == "range"
    ):
        return _range_length(node, flow)
    if isinstance(node, nodes.Filter) and node.node is not None:
        return _rounds(node.node, flow)
    if isinstance(node, nodes.Mul):
        return _rounds(node.left, flow) * max(1, _whole(node.right, flow))
    try:
        value = flow.folded(node)
    except Unknown:
        return 1
    return len(value) if isinstance(value, str | list) else 1


def _range_length(node: nodes.Call, flow: Flow) -> int:
    numbers = [_whole(one, flow) for one in node.args]
    if not numbers or any(number < -(2**255) for number in numbers):
        return 1
    if len(numbers) == 1:
        return max(0, numbers[0])
    step = numbers[2] if len(numbers) > 2 and numbers[2] else 1
    if any(_is_unknown(one, flow) for one in node.args[:2]):
        return 1
    return max(0, (numbers[1] - numbers[0]) // step)


def _is_unknown(node: nodes.Node, flow: Flow) -> bool:
    try:
        flow.folded(node)
    except Unknown:
        return True
    return False


def _whole(node: nodes.Node, flow: Flow) -> int:
    """Returns the whole number that an expression is; 0 where nobody can tell."""
    try:
        value = flow.folded(node)
    except Unknown:
        return 0
    return int(value) if isinstance(value, int | float) and abs(value) < 2**300 else 0


def _doubled(root: nodes.Node, flow: Flow) -> Iterator[Hit]:
    """Yields texts that a loop adds to themselves: ten rounds make a thousand, forty a machine full."""
    for node in walk(root):
        if not isinstance(node, nodes.Assign) or (target := name_of(node.target)) is None:
            continue
        uses = [one for one in walk(node.node) if name_of(one) == target]
        joins = any(
            isinstance(one, nodes.Concat | nodes.Add | nodes.List | nodes.Tuple)
            for one in walk(node.node)
        )
        multiplied = any(
            isinstance(one, nodes.Mul) and target in {name_of(one.left), name_of(one.right)}
            for one in walk(node.node)
        )
        names = [one for one in uses if not _only_asked(one, node.node)]
        if (joins and len(names) > 1) or multiplied or _replaces_longer(node.node, target, flow):
            yield "large_text", node.lineno, f"{target} grows by itself", Grade.REVIEW


def _only_asked(use: nodes.Node, root: nodes.Node) -> bool:
    """Whether a use of a name is only a question about it, or a piece of it."""
    for node in walk(root):
        if (isinstance(node, nodes.Test | nodes.Compare | nodes.Getitem | nodes.Not)) and (
            any(one is use for one in walk(node))
        ):
            return True
        if isinstance(node, nodes.CondExpr) and any(one is use for one in walk(node.test)):
            return True
        if (isinstance(node, nodes.Filter) and node.name in {"length", "count"}) and (
            any(one is use for one in walk(node))
        ):
            return True
    return False


def _replaces_longer(node: nodes.Node, target: str, flow: Flow) -> bool:
    """Whether a text is kept with pieces of it exchanged for longer ones that hold them again."""
    for one in walk(node):
        if isinstance(one, nodes.Filter) and one.name == "replace" and len(one.args) >= 2:
            subject, old, new = one.node, flow.text(one.args[0]), flow.text(one.args[1])
        elif (
            isinstance(one, nodes.Call)
            and isinstance(one.node, nodes.Getattr)
            and one.node.attr == "replace"
            and len(one.args) >= 2
        ):
            subject, old, new = one.node.node, flow.text(one.args[0]), flow.text(one.args[1])
        else:
            continue
        if (subject is not None and name_of(subject) == target and old and new) and (
            new.count(old) > 1
        ):
            return True
    return False


def _large(node: nodes.Node, flow: Flow) -> Iterator[str]:
    if isinstance(node, nodes.Mul):
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if _whole(side, flow) > rules().sizes.width and not _is_number(other, flow):
                yield f"× {_whole(side, flow)}"
    elif isinstance(node, nodes.Pow):
        power = _whole(node.right, flow)
        if power > _POWER and (_whole(node.left, flow) > 1 or _is_unknown(node.left, flow)):
            yield f"** {power}"
    elif isinstance(node, nodes.Filter):
        if node.name in _WIDTH_FILTERS:
            yield from _wide([*node.args, *(one.value for one in node.kwargs)], flow)
        if node.name == "format" and node.node is not None:
            yield from _wide_form(flow.text(node.node))
    elif isinstance(node, nodes.Call):
        yield from _large_call(node, flow)
    elif isinstance(node, nodes.Mod):
        yield from _wide_form(flow.text(node.left))


def _large_call(node: nodes.Call, flow: Flow) -> Iterator[str]:
    called = node.node
    if isinstance(called, nodes.Name):
        if called.name == "range" and _range_length(node, flow) > rules().sizes.repeats:
            yield f"range of {_range_length(node, flow)}"
        elif called.name == "lipsum":
            yield "lipsum()"
    elif isinstance(called, nodes.Getattr):
        if called.attr in _WIDTH_METHODS:
            yield from _wide(node.args, flow)
        elif called.attr == "format":
            yield from _wide_form(flow.text(called.node))


def _is_number(node: nodes.Node, flow: Flow) -> bool:
    try:
        return isinstance(flow.folded(node), int | float)
    except Unknown:
        return False


def _wide(given: list[nodes.Expr], flow: Flow) -> Iterator[str]:
    for one in given:
        if _whole(one, flow) > rules().sizes.width:
            yield f"width {_whole(one, flow)}"


def _wide_form(form: str | None) -> Iterator[str]:
    digits = ""
    for sign in (form or "") + " ":
        if sign.isdigit():
            digits += sign
            continue
        if len(digits) >= 6 and ("%" in (form or "") or "{" in (form or "")):
            yield f"width {digits[:20]}"
        digits = ""


def _calls_itself(macro: nodes.Macro) -> bool:
    """Whether a macro calls itself with nothing smaller than what it got.

    Honest ones walk down a schema, so what they hand on is a piece of what they got.
    """
    parameters = [one.name for one in macro.args]
    for node in walk(macro):
        if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name)):
            continue
        if node.node.name != macro.name:
            continue
        given = [name_of(one) for one in node.args]
        constant = all(isinstance(one, nodes.Const) for one in node.args)
        if constant or given == parameters[: len(given)]:
            return True
    return False
