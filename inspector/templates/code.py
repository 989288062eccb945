"""Rules on code: what reaches out of a template, changes the conversation, or loads something else."""

from collections.abc import Iterator

from jinja2 import nodes

from inspector.templates.flow import Flow
from inspector.templates.rules import rules
from inspector.templates.texts import Hit
from inspector.templates.tree import access, targets
from inspector.templates.values import Grade

_CHANGES = {
    "append",
    "insert",
    "pop",
    "remove",
    "clear",
    "extend",
    "update",
    "popitem",
    "setdefault",
    "reverse",
    "sort",
}
_ATTRIBUTE_FILTERS = {
    "map",
    "selectattr",
    "rejectattr",
    "groupby",
    "sort",
    "sum",
    "unique",
    "min",
    "max",
}


def code_hits(tree: nodes.Template, flow: Flow) -> Iterator[Hit]:
    """Yields places where a template reaches for Python's objects, or for another template."""
    own = _own_names(flow)
    for node in flow.every:
        for detail in _code(node, flow, own):
            yield "code_execution", node.lineno, detail, Grade.REVIEW
        if isinstance(node, nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends):
            name = flow.text(node.template) or "…"
            yield (
                "foreign_template",
                node.lineno,
                f"{type(node).__name__.lower()} {name}",
                Grade.REVIEW,
            )
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
            called = node.node
            if called.attr in _CHANGES and (
                flow.is_message(called.node) or flow.is_content(called.node)
            ):
                yield "changed_messages", node.lineno, f".{called.attr}()", Grade.REVIEW


def _own_names(flow: Flow) -> frozenset[str]:
    """Returns the names that the template itself gives values to."""
    names: set[str] = set()
    for node in flow.every:
        if isinstance(node, nodes.Assign | nodes.AssignBlock | nodes.For):
            names.update(targets(node.target))
        elif isinstance(node, nodes.Macro | nodes.CallBlock):
            names.update(one.name for one in node.args)
            if isinstance(node, nodes.Macro):
                names.add(node.name)
    return frozenset(names)


def _code(node: nodes.Node, flow: Flow, own: frozenset[str]) -> Iterator[str]:
    known = rules().code
    if (isinstance(node, nodes.Name) and node.name in known.names - own and node.ctx == "load") or (
        isinstance(node, nodes.Name) and _is_hidden(node.name)
    ):
        yield node.name
    elif isinstance(node, nodes.Filter):
        yield from _filter(node, flow)
    elif isinstance(node, nodes.Keyword) and _is_hidden(node.key):
        yield node.key
    elif isinstance(node, nodes.Call):
        yield from _call(node, flow)
    elif isinstance(node, nodes.Getattr | nodes.Getitem):
        yield from _attribute(node, flow)
    if isinstance(node, nodes.Expr):
        yield from _words(node, flow)


def _is_hidden(name: object) -> bool:
    return isinstance(name, str) and name.startswith("__") and name.strip("_") != ""


def _attribute(node: nodes.Getattr | nodes.Getitem, flow: Flow) -> Iterator[str]:
    known = rules().code
    key = access(node)
    if key is None and isinstance(node, nodes.Getitem):
        key = flow.text(node.arg)
    if key is None:
        return
    is_attribute = isinstance(node, nodes.Getattr)
    if (
        _is_hidden(key)
        or (is_attribute and key.startswith("_"))
        or (key in known.attributes and not flow.is_message(node.node))
    ):
        yield f".{key}"
    elif is_attribute and isinstance(node.node, nodes.Name | nodes.Call):
        maker = node.node.node if isinstance(node.node, nodes.Call) else node.node
        if (isinstance(maker, nodes.Name) and maker.name in known.makers) and (
            key not in known.maker_attributes and not isinstance(node.node, nodes.Call)
        ):
            yield f"{maker.name}.{key}"


def _filter(node: nodes.Filter, flow: Flow) -> Iterator[str]:
    if node.name in rules().code.filters:
        wanted = flow.text(node.args[0]) if node.args else None
        yield f"|{node.name}({wanted or '…'})"
    if node.name in _ATTRIBUTE_FILTERS:
        given = [*node.args[:1], *(one.value for one in node.kwargs if one.key == "attribute")]
        for one in given:
            path = flow.text(one)
            if path and any(part.startswith("_") for part in path.split(".")):
                yield f"|{node.name}({path})"


def _call(node: nodes.Call, flow: Flow) -> Iterator[str]:
    called = node.node
    if isinstance(called, nodes.Getattr):
        if called.attr in rules().code.calls:
            yield f".{called.attr}()"
        if called.attr in {"format", "format_map"}:
            form = flow.text(called.node)
            # `'{0.x}'.format(y)` reads attributes; so does a form that nobody can see.
            reaches = form is not None and any(sign in form for sign in ("{0.", "{.", "[", "__"))
            if called.attr == "format_map" or reaches or (form is not None and "._" in form):
                yield f".{called.attr}()"
    elif (isinstance(called, nodes.Getitem) and (name := flow.text(called.arg))) and (
        name in rules().code.calls
    ):
        yield f"[{name}]()"


def _words(node: nodes.Expr, flow: Flow) -> Iterator[str]:
    """Words that break out, in a literal or put together from pieces."""
    is_piece = isinstance(node, nodes.Const | nodes.Concat | nodes.Add | nodes.Filter | nodes.Mod)
    if is_piece or isinstance(node, nodes.Call | nodes.Getitem | nodes.Mul):
        text = flow.text(node)
        if text is not None:
            for word in rules().code.words:
                if word in text:
                    yield word
            if (
                text.count("__") >= 2
                and text.startswith("__")
                and text.endswith("__")
                and len(text) < 40
            ) and text.strip("_"):
                yield text
