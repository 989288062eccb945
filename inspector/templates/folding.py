"""Works out the texts that a template puts together from constants, without running it.

Who hides a word writes it in pieces: `'__cla' ~ 'ss__'`, `['_']*2`, `'ssalc'[::-1]`, a join over a
dict's keys. What is made of constants alone can be read as well as the word itself.
"""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import nodes

from inspector.templates.tree import name_of, targets, walk

LONGEST = 65_536
_DEEPEST = 40

Constant = str | int | float | bool | None | list["Constant"]


class Unknown(Exception):  # noqa: N818 - an answer, not an error
    """The value is not made of constants alone, or it is too large to look at."""


def constants(tree: nodes.Template) -> dict[str, Constant]:
    """Returns the variables that hold one constant from beginning to end."""
    found: dict[str, Constant] = {}
    spoiled: set[str] = set()
    for node in walk(tree):
        if isinstance(node, nodes.Assign) and (name := name_of(node.target)):
            try:
                value = fold(node.node, found)
            except Unknown:
                spoiled.add(name)
                continue
            if name in found and found[name] != value:
                spoiled.add(name)
            found[name] = value
        elif isinstance(node, nodes.For):
            spoiled.update(targets(node.target))
    return {name: value for name, value in found.items() if name not in spoiled}


def fold(
    node: nodes.Node,
    known: Mapping[str, Constant],
    depth: int = 0,
    kept: dict[int, "Constant | Unknown"] | None = None,
) -> Constant:
    """Returns the value of an expression that is made of constants.

    Args:
        node: the expression.
        known: variables that are constants.
        depth: how deep it stands below the one that was asked for.
        kept: answers so far, by the identity of the node.

    Raises:
        Unknown: it is not.
    """
    if depth > _DEEPEST:
        raise Unknown
    if kept is None:
        return _folded(node, known, depth, {})
    if id(node) not in kept:
        try:
            kept[id(node)] = _folded(node, known, depth, kept)
        except Unknown as unknown:
            kept[id(node)] = unknown
    value = kept[id(node)]
    if isinstance(value, Unknown):
        raise Unknown
    return value


def _folded(
    node: nodes.Node,
    known: Mapping[str, Constant],
    depth: int,
    kept: dict[int, "Constant | Unknown"],
) -> Constant:
    if isinstance(node, nodes.Const):
        return _checked(node.value)
    if isinstance(node, nodes.TemplateData):
        return _checked(node.data)
    if (name := name_of(node)) is not None and name in known:
        return known[name]
    kind = _FOLDERS.get(type(node))
    if kind is None:
        raise Unknown
    try:
        return _checked(kind(node, lambda below: fold(below, known, depth + 1, kept)))
    except (TypeError, ValueError, IndexError, KeyError, AttributeError, ArithmeticError):
        raise Unknown from None


_Fold = Callable[[nodes.Node], Constant]


def _checked(value: object) -> Constant:
    if isinstance(value, tuple):
        value = list(value)
    if isinstance(value, str | list) and len(value) > LONGEST:
        raise Unknown
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 256:
        raise Unknown
    if value is None or isinstance(value, str | int | float | list):
        return value
    raise Unknown


def _texts(values: list[Constant]) -> list[str]:
    return ["" if value is None else str(value) for value in values]


def _list(node: nodes.Node, inner: _Fold) -> Constant:
    return [inner(item) for item in node.items]  # type: ignore[attr-defined]


def _dict(node: nodes.Node, inner: _Fold) -> Constant:
    # As Jinja sees a dict in most places: its keys.
    return [inner(pair.key) for pair in node.items]  # type: ignore[attr-defined]


def _concat(node: nodes.Node, inner: _Fold) -> Constant:
    return "".join(_texts([inner(part) for part in node.nodes]))  # type: ignore[attr-defined]


def _add(node: nodes.Node, inner: _Fold) -> Constant:
    assert isinstance(node, nodes.Add)  # noqa: S101 - the table below sees to it
    return inner(node.left) + inner(node.right)  # type: ignore[operator]


def _mul(node: nodes.Node, inner: _Fold) -> Constant:
    assert isinstance(node, nodes.Mul)  # noqa: S101
    left, right = inner(node.left), inner(node.right)
    for thing, times in ((left, right), (right, left)):
        if (
            isinstance(thing, str | list)
            and isinstance(times, int)
            and len(thing) * times > LONGEST
        ):
            raise Unknown
    return left * right  # type: ignore[operator]


def _pow(node: nodes.Node, inner: _Fold) -> Constant:
    assert isinstance(node, nodes.Pow)  # noqa: S101
    left, right = inner(node.left), inner(node.right)
    if not (isinstance(left, int) and isinstance(right, int) and 0 <= right <= 256):
        raise Unknown
    return _checked(left**right if left.bit_length() * right <= 512 else 2**255)


def _mod(node: nodes.Node, inner: _Fold) -> Constant:
    assert isinstance(node, nodes.Mod)  # noqa: S101
    left, right = inner(node.left), inner(node.right)
    if isinstance(left, str):
        return _formatted(left, right)
    return left % right  # type: ignore[operator]


def _neg(node: nodes.Node, inner: _Fold) -> Constant:
    assert isinstance(node, nodes.Neg)  # noqa: S101
    return -inner(node.node)  # type: ignore[operator]


def _formatted(form: str, values: Constant) -> str:
    # A width makes a long text of a short one; that is for the rule on large texts to say.
    if any(sign.isdigit() or sign == "*" for sign in form):
        raise Unknown
    return form % (tuple(values) if isinstance(values, list) else values)


def _item(node: nodes.Node, inner: _Fold) -> Constant:
    assert isinstance(node, nodes.Getitem)  # noqa: S101
    thing = inner(node.node)
    if not isinstance(thing, str | list):
        raise Unknown
    if isinstance(node.arg, nodes.Slice):
        ends: list[Any] = [
            None if part is None else inner(part)
            for part in (node.arg.start, node.arg.stop, node.arg.step)
        ]
        return thing[slice(*ends)]
    return thing[inner(node.arg)]  # type: ignore[index]


def _filter(node: nodes.Node, inner: _Fold) -> Constant:
    assert isinstance(node, nodes.Filter)  # noqa: S101
    if node.node is None:
        raise Unknown
    thing = inner(node.node)
    given = [inner(argument) for argument in node.args]
    if node.name == "join" and isinstance(thing, list | str):
        return str(given[0] if given else "").join(_texts(list(thing)))
    if node.name in {"list", "sort", "unique"} and isinstance(thing, list | str):
        listed: list[Constant] = list(thing)
        return listed
    if node.name == "reverse" and isinstance(thing, str | list):
        return thing[::-1]
    if node.name in {"first", "last"} and isinstance(thing, str | list):
        return thing[0 if node.name == "first" else -1]
    if node.name == "format" and isinstance(thing, str):
        return _formatted(thing, given)
    if node.name == "length" and isinstance(thing, str | list):
        return len(thing)
    if node.name == "int":
        return int(thing)  # type: ignore[arg-type]
    return _changed(thing, node.name, given)


def _call(node: nodes.Node, inner: _Fold) -> Constant:
    assert isinstance(node, nodes.Call)  # noqa: S101
    if isinstance(node.node, nodes.Name) and node.node.name == "dict":
        return [pair.key for pair in node.kwargs]
    if not isinstance(node.node, nodes.Getattr):
        raise Unknown
    thing = inner(node.node.node)
    given = [inner(argument) for argument in node.args]
    if node.node.attr == "join" and isinstance(thing, str) and isinstance(given[0], list | str):
        return thing.join(_texts(list(given[0])))
    if node.node.attr == "format" and isinstance(thing, str):
        return _filled(thing, given)
    if node.node.attr in {"keys", "copy"}:
        return thing
    return _changed(thing, node.node.attr, given)


def _filled(form: str, values: list[Constant]) -> str:
    """Fills `{}` and `{0}` only: everything else in a format can reach or repeat things."""
    inside = form.replace("{}", "")
    for number in range(len(values)):
        inside = inside.replace(f"{{{number}}}", "")
    if "{" in inside:
        raise Unknown
    return form.format(*values)


def _changed(thing: Constant, how: str, given: list[Constant]) -> Constant:
    """What the text filters and methods make that hide words in practice."""
    if not isinstance(thing, str):
        raise Unknown
    if how in {"lower", "upper", "title", "capitalize", "strip", "lstrip", "rstrip", "swapcase"}:
        return str(getattr(thing, how)(*given))
    if how in {"trim", "string", "safe", "escape", "e"}:
        return thing.strip() if how == "trim" else thing
    if how == "replace" and len(given) == 2:
        old, new = str(given[0]), str(given[1])
        if thing.count(old) * len(new) > LONGEST:
            raise Unknown
        return thing.replace(old, new)
    if how == "split":
        parts: list[Constant] = list(thing.split(str(given[0]) if given else None))
        return parts
    raise Unknown


_FOLDERS: dict[type[nodes.Node], Callable[[nodes.Node, _Fold], Constant]] = {
    nodes.List: _list,
    nodes.Tuple: _list,
    nodes.Dict: _dict,
    nodes.Concat: _concat,
    nodes.Add: _add,
    nodes.Mul: _mul,
    nodes.Pow: _pow,
    nodes.Mod: _mod,
    nodes.Neg: _neg,
    nodes.Getitem: _item,
    nodes.Filter: _filter,
    nodes.Call: _call,
}
