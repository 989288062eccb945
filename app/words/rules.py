"""What the lines of a rule set ask, in words, so that a verdict can be followed to the findings. Knows no Qt."""

from collections.abc import Iterable, Iterator

from app.words.openness import openness_words
from app.words.report import report_words
from inspector.findings.stack import stack
from inspector.frameworks.shapes import Component, Condition, Framework, Need

Key = tuple[str, str]
"""The heading and the id of a line; of a line in a table besides, the table's id and the line's."""


def asked(framework: Framework) -> dict[Key, str]:
    """Returns what each line of a framework's verdict asks, where it asks anything of the findings."""
    found: dict[Key, str] = {}
    for key, sentence in _asked(framework):
        if sentence:
            found.setdefault(key, sentence)
    return found


def _asked(framework: Framework) -> Iterator[tuple[Key, str]]:
    words = report_words().rule
    for part in framework.component:
        yield (framework.texts[str(part.klass)], str(part.id)), _component(part)
    for element in framework.element:
        yield ("", element.id), words["under"]
        for need in element.needs:
            yield (element.title, need.parts[0]), _needs([need])
    for criterion in framework.criterion:
        sides = {"open": criterion.open, "partial": criterion.partial}
        told = {key: f"{_listed(one) or words['for_person']}." for key, one in sides.items()}
        yield (criterion.category, criterion.id), words["score"].format(**told).replace(";.", ".")
    for row in framework.row:
        for level in row.level:
            yield (row.title, level.id), _needs(level.needs) or words["start"]
    for axis in framework.axis:
        yield ("", axis.id), _needs(axis.needs)
    for indicator in framework.indicator:
        yield (indicator.heading, indicator.name), _needs(indicator.needs)
    for condition in framework.condition:
        yield ("", condition.id), _condition(condition)
    for table in framework.table:
        for entry in table.entry:
            yield (table.id, entry.level or entry.title), _needs(entry.needs)


def _component(one: Component) -> str:
    words, available = report_words().rule, openness_words().availability
    either = words["or"].join((available["public"], available["gated"]))
    said = f"{_of_parts(one.parts, either)}, {words['open']}"
    return f"{words['component'].format(said=said)}."


def _condition(one: Condition) -> str:
    words = report_words().rule
    if one.unknowable:
        return words["unknowable"]
    if one.licence:
        return words[one.licence].format(parts=_named(one.needs[0].parts))
    return _needs(one.needs)


def _needs(needs: Iterable[Need]) -> str:
    said = _listed(needs)
    return f"{report_words().rule['needs'].format(said=said)}." if said else ""


def _listed(needs: Iterable[Need]) -> str:
    return "; ".join(map(_need, needs))


def _need(need: Need) -> str:
    words, available = report_words().rule, openness_words().availability
    wanted = words["or"].join(text for key, text in available.items() if key in need.availability)
    said = ", ".join(
        filter(None, (_of_parts(need.parts, wanted, any_of=need.any_of), words[need.terms]))
    )
    if need.where_applicable:
        said = words["where_applicable"].format(said=said)
    return words["absent"].format(said=said) if need.absent else said


def _of_parts(parts: tuple[str, ...], availability: str, *, any_of: bool = False) -> str:
    words = report_words().rule
    if len(parts) == 1:
        return words["one"].format(part=_named(parts), availability=availability)
    form = words["any_of" if any_of else "one_of"]
    return form.format(parts=_named(parts), availability=availability)


def _named(parts: tuple[str, ...]) -> str:
    return ", ".join(f"“{stack().name(part)}”" for part in parts)
