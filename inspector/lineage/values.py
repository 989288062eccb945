"""The lineage graph: places, links between them, and what is doubtful about each."""

from enum import StrEnum

import msgspec

from inspector.facts import Fact, Source
from inspector.findings.values import Link as Place

SCHEMA = "lightwell.lineage/1"

_OWN_NAME = "general.name"

__all__ = ["SCHEMA", "Doubt", "Lineage", "LineageLink", "Place", "PlaceNode", "Relation"]


class Relation(StrEnum):
    """What made one thing of another."""

    QUANTISED = "quantised"
    CONVERTED = "converted"
    FINETUNED = "finetuned"
    MERGED = "merged"
    ADAPTER = "adapter"
    UNKNOWN = "unknown"


class Doubt(msgspec.Struct, frozen=True):
    """Why a link may be other than it is stated.

    Attributes:
        code: names the words in `resources/texts/en/lineage.toml`.
        context: values for those words.
    """

    code: str
    context: dict[str, str | int | float] = {}


class PlaceNode(msgspec.Struct, frozen=True, kw_only=True):
    """One place in the lineage, with the facts that belong to it and to no other.

    Attributes:
        id: unique in the graph, such as `base.0`.
        place: which step it is.
        name: as it is called; unknown where nobody says.
        facts: more facts of this place by key, such as `repository`, `organisation`, `licence`.
    """

    id: str
    place: Place
    name: Fact
    facts: dict[str, Fact] = {}

    @property
    def repository(self) -> str:
        """The repository as `owner/name`; empty where nobody names one."""
        fact = self.facts.get("repository")
        return fact.text if fact else ""


class LineageLink(msgspec.Struct, frozen=True, kw_only=True):
    """`child` was made from `parent`, says `sources`.

    Attributes:
        stated: whether anything states it; else it is only that something must have been there.
    """

    child: str
    parent: str
    relation: Relation
    stated: bool
    sources: tuple[Source, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class Lineage(msgspec.Struct, frozen=True, kw_only=True):
    """The graph: from the file on, parents after children.

    Attributes:
        doubts: about the whole, such as a card and a header that name different parents.
        datasets: data sets that somebody names, of the end model.
    """

    schema: str = SCHEMA
    nodes: tuple[PlaceNode, ...]
    links: tuple[LineageLink, ...]
    doubts: tuple[Doubt, ...] = ()
    datasets: tuple[Fact, ...] = ()

    def node(self, name: str) -> PlaceNode:
        """Returns the node with an id."""
        return next(one for one in self.nodes if one.id == name)

    def at(self, place: Place) -> tuple[PlaceNode, ...]:
        """Returns the nodes at a step."""
        return tuple(one for one in self.nodes if one.place is place)

    def is_own_name(self, node: "PlaceNode") -> bool:
        """Whether all that is known of an end model is what the header calls the file itself."""
        links = [one for link in self.links if link.parent == node.id for one in link.sources]
        sources = {one.where for one in (*links, *node.name.sources)}
        return node.place is Place.END_MODEL and not node.repository and sources == {_OWN_NAME}

    @property
    def named_parents(self) -> tuple[str, ...]:
        """What the parents are called: the base models, or the end model where none is named."""
        return tuple(one.repository or one.name.text for one in self.parents)

    @property
    def parents(self) -> tuple["PlaceNode", ...]:
        """The base models that something names, or the end model where none is named."""
        bases = (one for one in self.at(Place.BASE_MODEL) if one.name.is_known or one.repository)
        return tuple(bases) or tuple(one for one in self.at(Place.END_MODEL) if one.repository)
