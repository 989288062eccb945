"""Rules on text that appears only sometimes: for some words, on some days, after some turns."""

from collections.abc import Iterator

from jinja2 import nodes

from inspector.templates.flow import Flow
from inspector.templates.folding import Constant, Unknown
from inspector.templates.lookups import kept_switches, names_in
from inspector.templates.prose import is_switch, literal_text, longest_prose, says_something
from inspector.templates.rules import rules
from inspector.templates.texts import Hit
from inspector.templates.tree import access, name_of, walk
from inspector.templates.values import Grade

_LOOKS = {
    "startswith",
    "endswith",
    "find",
    "rfind",
    "index",
    "rindex",
    "count",
    "split",
    "rsplit",
    "partition",
    "rpartition",
    "removeprefix",
    "removesuffix",
    "__contains__",
}
_SELECTS = {"select", "reject", "selectattr", "rejectattr"}
_MATCHES = {
    "equalto",
    "eq",
    "==",
    "ne",
    "!=",
    "in",
    "sameas",
    "startingwith",
    "match",
    "search",
    "contains",
}
_LENGTHS = {"length", "count", "wordcount"}
_COUNTS = {"divisibleby", "odd", "even"}
_CALENDAR = {7, 12}
"""Days of a week and months of a year."""

_LONGEST_NAME = 12
_ROLE = {"role", "from", "type"}


def trigger_hits(tree: nodes.Template, flow: Flow) -> Iterator[Hit]:
    """Yields conditions that a publisher would hardly write, by what they compare with what."""
    kept = kept_switches(flow)
    for node in flow.every:
        for words in _looked_for(node, flow):
            if not is_switch(words):
                yield "content_trigger", node.lineno, words, Grade.REVIEW
        if isinstance(node, nodes.Compare):
            yield from _compare(node, flow)
        elif isinstance(node, nodes.Filter) and node.name in {"random", "shuffle"}:
            yield "random_text", node.lineno, f"|{node.name}", Grade.REVIEW
        elif isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Slice):
            if flow.is_date(node.arg) and not _are_names(node.node, flow):
                yield "date_trigger", node.lineno, "[date]", Grade.REVIEW
        elif isinstance(node, nodes.Call | nodes.Test):
            yield from _date_look(node, flow)
        if isinstance(node, nodes.If | nodes.CondExpr):
            yield from _branch(node, flow, kept)
        if isinstance(node, nodes.Call):
            yield from _rewritten(node, flow)
        if isinstance(node, nodes.Filter) and node.name == "replace" and node.node is not None:
            yield from _replacement(node, node.node, node.args, flow)


def _are_names(node: nodes.Node, flow: Flow) -> bool:
    """Whether a table holds but a name for each day or month, each another one."""
    tables = [node]
    if name := name_of(node):
        given = (one for one in flow.every if isinstance(one, nodes.Assign))
        tables = [one.node for one in given if name_of(one.target) == name]
    return bool(tables) and all(_is_calendar(one, flow) for one in tables)


def _is_calendar(table: nodes.Node, flow: Flow) -> bool:
    held: list[nodes.Node] = []
    if isinstance(table, nodes.Dict):
        held = [pair.value for pair in table.items]
    elif isinstance(table, nodes.List | nodes.Tuple):
        held = list(table.items)
    named = [flow.text(one) for one in held]
    words = [one for one in named if one and one.isalpha() and len(one) <= _LONGEST_NAME]
    return len(words) == len(set(words)) == len(named) and len(named) in _CALENDAR


def _looked_for(node: nodes.Node, flow: Flow) -> Iterator[str]:
    """Yields the constant texts that somebody's words are compared with, here."""
    if isinstance(node, nodes.Compare):
        sides = [node.expr, *(one.expr for one in node.ops)]
        if any(flow.is_content(side) for side in sides):
            for side in sides:
                yield from _texts(side, flow)
    elif isinstance(node, nodes.Test):
        if _is_length(node.node, flow) and node.name in _COUNTS:
            # Not a text, but named like one: a length that is a multiple, or odd.
            yield f"length is {node.name}"
        elif flow.is_content(node.node) and node.name not in rules().content.form_tests:
            for argument in node.args:
                yield from _texts(argument, flow)
    elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
        yield from _looked_up(node, node.node, flow)
    elif isinstance(node, nodes.Filter) and node.name in _SELECTS:
        yield from _selected(node, flow)


def _looked_up(node: nodes.Call, called: nodes.Getattr, flow: Flow) -> Iterator[str]:
    if called.attr in _LOOKS and flow.is_content(called.node):
        for argument in node.args:
            yield from _texts(argument, flow)
    elif called.attr in _LOOKS and any(flow.is_content(one) for one in node.args):
        # `['a', 'b'].count(words)` asks the same the other way round.
        yield from _texts(called.node, flow)


def _texts(node: nodes.Node, flow: Flow) -> Iterator[str]:
    known = flow.choices(node)
    if not known and isinstance(node, nodes.List | nodes.Tuple):
        for item in node.items:
            yield from _texts(item, flow)
    for value in known:
        yield from _strings(value)


def _strings(value: Constant) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value[:200]:
            yield from _strings(one)


def _selected(node: nodes.Filter, flow: Flow) -> Iterator[str]:
    """Yields what `selectattr('content', 'equalto', 'x')` and its like look for."""
    given = [flow.text(one) for one in node.args]
    if node.name.endswith("attr"):
        if not given or given[0] not in rules().content.keys:
            return
        given = given[1:]
    elif not flow.is_content(node.node):
        return
    if given and given[0] in _MATCHES:
        for argument in node.args[-1:]:
            yield from _texts(argument, flow)


def _compare(node: nodes.Compare, flow: Flow) -> Iterator[Hit]:
    sides = [node.expr, *(one.expr for one in node.ops)]
    dated = [side for side in sides if flow.is_date(side)]
    known = [one for side in sides for one in _texts(side, flow)] if dated else []
    # Words of a message with a date put behind them may be asked for whether there are any.
    is_asked = known == [""] and all(map(flow.is_content, dated))
    if dated and not is_asked:
        yield "date_trigger", node.lineno, ", ".join(known) or "date", Grade.REVIEW
    numbers = _lengths_asked_for(node, flow)
    is_counted_off = any(isinstance(side, nodes.Mod) for side in sides)
    if numbers and (is_counted_off or max(numbers) > rules().content.short_length):
        yield "content_trigger", node.lineno, f"length, {max(numbers)}", Grade.REVIEW


def _lengths_asked_for(node: nodes.Compare, flow: Flow) -> list[int]:
    """Returns the numbers that the length of somebody's words is compared with."""
    sides = [node.expr, *(one.expr for one in node.ops)]
    if not any(_is_length(side, flow) for side in sides):
        return []
    asked = [*sides, *(one.right for one in sides if isinstance(one, nodes.Mod))]
    return [number for side in asked if (number := _number(side, flow)) is not None]


def _number(node: nodes.Node, flow: Flow) -> int | None:
    try:
        value = flow.folded(node)
    except Unknown:
        return None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_length(node: nodes.Node, flow: Flow) -> bool:
    if isinstance(node, nodes.Mod):
        return _is_length(node.left, flow)
    if not isinstance(node, nodes.Filter):
        return False
    if node.name in {"sum", "max", "min"}:
        # Of the lengths of all messages.
        return any(
            isinstance(one, nodes.Filter)
            and one.name == "map"
            and any(flow.text(given) in _LENGTHS for given in one.args)
            and flow.is_content(one.node)
            for one in walk(node)
        )
    return node.name in _LENGTHS and flow.is_content(node.node)


def _date_look(node: nodes.Call | nodes.Test, flow: Flow) -> Iterator[Hit]:
    if isinstance(node, nodes.Test):
        if flow.is_date(node.node) and node.name not in rules().content.form_tests:
            yield "date_trigger", node.lineno, f"is {node.name}", Grade.REVIEW
    elif isinstance(node.node, nodes.Getattr):
        looked = node.node.attr in _LOOKS - {"split", "rsplit"} and flow.is_date(node.node.node)
        chosen = node.node.attr == "get" and any(flow.is_date(one) for one in node.args)
        if looked or chosen:
            yield "date_trigger", node.lineno, f".{node.node.attr}()", Grade.REVIEW


def _branch(node: nodes.If | nodes.CondExpr, flow: Flow, kept: dict[str, str]) -> Iterator[Hit]:
    """Yields conditions that are ordinary by themselves, where a sentence hangs on them."""
    body: list[nodes.Node] = list(node.body) if isinstance(node, nodes.If) else [node.expr1]
    switches = [
        words
        for below in walk(node.test)
        for words in _looked_for(below, flow)
        if words.strip() and is_switch(words)
    ]
    switches += [kept[name] for name in names_in(node.test) if name in kept]
    switches += [
        "length"
        for below in walk(node.test)
        if isinstance(below, nodes.Compare) and max(_lengths_asked_for(below, flow), default=0) > 1
    ]
    turn = next((one for below in walk(node.test) if (one := _turn(below, flow))), "")
    replaces = _asks_for_system(node.test, flow) and isinstance(node, nodes.If)
    if not (switches or turn or replaces):
        return
    said = literal_text(body, flow)
    hangs = says_something(said) and not _holds_words(body, flow)
    if switches and hangs:
        yield "content_trigger", node.lineno, ", ".join(switches), Grade.REVIEW
    if turn and says_something(said):
        yield "turn_trigger", node.lineno, turn, Grade.REVIEW
    if (replaces and longest_prose(said) >= 3 and not _holds_words(body, flow)) and (
        not _uses_messages(body, flow)
    ):
        yield "system_replaced", node.lineno, said.strip()[:80], Grade.REVIEW


def _turn(node: nodes.Node, flow: Flow) -> str:
    """Returns how a condition counts turns; empty if it doesn't, or only looks for the first."""
    if not isinstance(node, nodes.Compare):
        return ""
    sides = [node.expr, *(one.expr for one in node.ops)]
    numbers = [number for side in sides if (number := _number(side, flow)) is not None]
    from_nought = any(
        isinstance(one, nodes.Getattr) and one.attr.endswith("0")
        for side in sides
        for one in walk(side)
    )
    if not numbers or max(numbers) < rules().content.turns - from_nought:
        return ""
    return next((f"turn, {max(numbers)}" for side in sides if _counts_turns(side, flow)), "")


def _counts_turns(node: nodes.Node, flow: Flow) -> bool:
    if isinstance(node, nodes.Mod | nodes.FloorDiv | nodes.Add | nodes.Sub):
        return _counts_turns(node.left, flow) or _counts_turns(node.right, flow)
    if isinstance(node, nodes.Getattr):
        return name_of(node) in {"loop.index", "loop.index0", "loop.revindex", "loop.length"}
    if isinstance(node, nodes.Filter):
        return node.name in {"length", "count"} and flow.is_message(node.node)
    return False


def _asks_for_system(test: nodes.Node, flow: Flow) -> bool:
    """Whether a condition is just that a message has the system role."""
    if isinstance(test, nodes.And):
        return _asks_for_system(test.left, flow) or _asks_for_system(test.right, flow)
    if not isinstance(test, nodes.Compare) or test.ops[0].op not in {"eq", "in"}:
        return False
    sides = [test.expr, *(one.expr for one in test.ops)]
    return any(access(side) in _ROLE for side in sides) and any(
        words == "system" for side in sides for words in _texts(side, flow)
    )


def _holds_words(body: list[nodes.Node], flow: Flow) -> bool:
    """Whether some statements put out, or keep, what somebody wrote."""
    return any(flow.is_content(node) for root in body for node in walk(root))


def _uses_messages(body: list[nodes.Node], flow: Flow) -> bool:
    return any(
        isinstance(node, nodes.Name) and flow.is_message(node)
        for root in body
        for node in walk(root)
    )


def _rewritten(node: nodes.Call, flow: Flow) -> Iterator[Hit]:
    if isinstance(node.node, nodes.Getattr) and node.node.attr == "replace":
        yield from _replacement(node, node.node.node, node.args, flow)


def _replacement(
    node: nodes.Node, subject: nodes.Node, given: list[nodes.Expr], flow: Flow
) -> Iterator[Hit]:
    """Words of a message that are exchanged for others; markup may be taken out."""
    if flow.is_content(subject):
        for words in (one for argument in given for one in _texts(argument, flow)):
            if not is_switch(words):
                yield "rewritten_words", node.lineno, words, Grade.REVIEW
