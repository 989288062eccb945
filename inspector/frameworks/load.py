"""Reads the framework files and checks them: shape, identifiers, sources and cross-references.

To add a framework is to add a file to `resources/frameworks`; nothing else lists them.
"""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import msgspec

from inspector.errors import InspectorError
from inspector.findings.stack import stack
from inspector.frameworks.shapes import Framework, Indicator, Kind, Need
from resources import names, text

# The table of a file that its kind is judged by, and the readings that its evaluator words.
_RULES: dict[Kind, tuple[str, frozenset[str]]] = {
    Kind.CLASS: ("component", frozenset({"0", "1", "2", "3", "not_shown", "not_met"})),
    Kind.BINARY: ("element", frozenset({"met", "not_met", "person", "not_shown"})),
    Kind.SCORE: ("criterion", frozenset({"range"})),
    Kind.GRADIENT: ("row", frozenset({"not_shown", "at_least"})),
    Kind.BADGE: ("axis", frozenset({"none", "shown"})),
    Kind.COVERAGE: ("indicator", frozenset({"reading"})),
    Kind.CHECKLIST: ("condition", frozenset({"reading"})),
}


class _Indicators(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    indicator: tuple[Indicator, ...]


@cache
def frameworks() -> tuple[Framework, ...]:
    """Returns every framework that ships with the app, in the order to show them.

    Raises:
        InspectorError: `framework.broken`, with the file and what is wrong in it.
    """
    every = [read(text(name), name) for name in names("frameworks", ".toml")]
    return ordered(every)


def with_folder(folder: Path) -> tuple[Framework, ...]:
    """Returns the app's frameworks and those in a person's own folder.

    Raises:
        InspectorError: `framework.broken`, or `framework.twice` for an identifier in use.
    """
    own = [
        read(file.read_text(encoding="utf-8"), file.name) for file in sorted(folder.glob("*.toml"))
    ]
    return ordered(chain(frameworks(), own))


def ordered(every: Iterable[Framework]) -> tuple[Framework, ...]:
    """Returns the frameworks in the order to show them, each identifier once."""
    by_id: dict[str, Framework] = {}
    for one in every:
        if one.id in by_id:
            raise InspectorError("framework.twice", one.id, name=one.id)
        by_id[one.id] = one
    return tuple(sorted(by_id.values(), key=lambda one: (one.order, one.id)))


def read(toml: str, name: str) -> Framework:
    """Returns the framework in the text of a file.

    Args:
        toml: the text.
        name: the file's name, for the message.
    """
    try:
        framework = msgspec.convert(tomllib.loads(toml), type=Framework)
        if framework.indicators_file:
            raw = tomllib.loads(text(f"frameworks/data/{framework.indicators_file}"))
            listed = msgspec.convert(raw, type=_Indicators).indicator
            framework = msgspec.structs.replace(framework, indicator=listed)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, OSError) as error:
        raise InspectorError("framework.broken", str(error), file=name) from error
    for wrong in _faults(framework):
        raise InspectorError("framework.broken", wrong, file=name)
    return framework


def _faults(framework: Framework) -> Iterator[str]:
    """Yields what is wrong beyond the shape of the file."""
    table, readings = _RULES[framework.kind]
    rules = getattr(framework, table)
    if not rules:
        yield f"a framework of kind {framework.kind} needs [[{table}]]"
    if lacking := readings - set(framework.texts):
        yield f"[texts] lacks {', '.join(sorted(lacking))}"
    if not framework.source.url.startswith("https://"):
        yield "[source] url must be an https address"
    if framework.kind is Kind.SCORE and not framework.rule:
        yield "an index needs `rule`: sum or mean"
    identifiers = [getattr(rule, "id", None) or getattr(rule, "name", "") for rule in rules]
    if len(set(identifiers)) != len(identifiers):
        yield f"two entries of [[{table}]] have one id"
    known = stack().keys
    for part in _parts(framework):
        if part not in known:
            yield f"no part {part!r} in the stack"
    for need in _needs(framework):
        if not need.parts:
            yield "a need without parts"


def _needs(framework: Framework) -> Iterator[Need]:
    for rules in (framework.axis, framework.indicator, framework.condition):
        for rule in rules:
            yield from rule.needs
    for element in framework.element:
        yield from (*element.needs, *element.unless)
    for criterion in framework.criterion:
        yield from (*criterion.open, *criterion.partial)
    for row in framework.row:
        for level in row.level:
            yield from level.needs
    for table in framework.table:
        for entry in table.entry:
            yield from entry.needs


def _parts(framework: Framework) -> Iterator[str]:
    for component in framework.component:
        yield from component.parts
    for need in _needs(framework):
        yield from need.parts
