"""The map of the parts of a system: groups, components and attributes, and their items.

Counts always come from the file; nothing in code says how many parts there are.
"""

from functools import cache, cached_property
from typing import Literal

import msgspec

from inspector.errors import InspectorError
from resources import table

Kind = Literal["component", "attribute"]
Owner = Literal["model", "app", "machine"]


class StackSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the map was published."""

    title: str
    url: str
    retrieved: str
    note: str = ""


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A heading of the map; `note` says how its rows are to be read."""

    id: str
    kind: Kind
    title: str
    note: str = ""


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finer distinction of the appendix; counted with its part, never beside it."""

    id: str
    name: str
    tip: str


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A component or attribute.

    Attributes:
        owner: who fills it: the model's makers, this app, or this machine.
        mof: numbers of the Model Openness Framework's items that lie on it, by name.
        benefits: numbers of the benefits that opening it serves.
        settles: what would settle it while it is unknown.
    """

    id: str
    group: str
    name: str
    tip: str
    owner: Owner
    settles: str
    mof: tuple[int, ...] = ()
    benefits: tuple[int, ...] = ()
    item: tuple[Item, ...] = ()


class Stack(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The whole map, as its file has it.

    Attributes:
        settles_terms: what would settle the terms of a part that is known to be there.
    """

    schema: int
    id: str
    title: str
    version: str
    date: str
    about: str
    settles_terms: str
    source: StackSource
    group: tuple[Group, ...]
    part: tuple[Part, ...]
    mof: dict[str, str]

    @cached_property
    def parts(self) -> dict[str, Part]:
        """The parts by their ids."""
        return {part.id: part for part in self.part}

    @cached_property
    def groups(self) -> dict[str, Group]:
        """The headings by id."""
        return {one.id: one for one in self.group}

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every id that a finding may be about: parts, and items as `part/item`."""
        items = {f"{part.id}/{item.id}" for part in self.part for item in part.item}
        return frozenset(items | set(self.parts))

    @cached_property
    def ours(self) -> frozenset[str]:
        """The parts that this app or this machine fills, whatever the model."""
        return frozenset(part.id for part in self.part if part.owner != "model")

    def name(self, key: str) -> str:
        """Returns the name of a part or item."""
        part, _, item = key.partition("/")
        names = {one.id: one.name for one in self.parts[part].item}
        return names.get(item, self.parts[part].name)

    def of(self, kind: Kind) -> tuple[Part, ...]:
        """Returns the components or the attributes."""
        groups = {group.id for group in self.group if group.kind == kind}
        return tuple(part for part in self.part if part.group in groups)


@cache
def stack() -> Stack:
    """Returns the map of the Columbia Convening, checked.

    Raises:
        InspectorError: `framework.broken`, with the place and what is wrong there.
    """
    read: Stack = table("stack/columbia.toml", Stack)
    groups = {group.id for group in read.group}
    for part in read.part:
        if part.group not in groups:
            raise _broken(f"{part.id}: no group {part.group!r}")
        if unknown := [number for number in part.mof if str(number) not in read.mof]:
            raise _broken(f"{part.id}: no item {unknown} in [mof]")
    if len(read.parts) != len(read.part):
        raise _broken("two parts have one id")
    return read


def _broken(why: str) -> InspectorError:
    return InspectorError("framework.broken", why, file="stack/columbia.toml")
