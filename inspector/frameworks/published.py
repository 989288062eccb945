"""What others published: ratings of models, and reference points across the spectrum.

A published rating is another thing than a verdict of ours: it has an author, an object, a date and
a link, and lies in a type of its own so that the two never share a cell.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

import msgspec

from inspector.facts import Source, SourceKind, known
from inspector.findings.values import Availability, Finding, Findings, Link, Terms
from inspector.frameworks.licences import licences
from inspector.frameworks.shapes import FrameworkSource, Shape
from resources import names, table

_SEPARATORS = re.compile(r"[-_\s]+")
_NUMBER = re.compile(r"(?<=[a-z])(?=\d)")
_END = re.compile(r"$|-|\.(?!\d)")


class Rating(Shape, frozen=True):
    """A rating that somebody else published.

    Attributes:
        framework: id of the rule set it follows; empty for one that isn't among ours.
        kind: what the rated object is; a rating of a family isn't one of a file.
        names: lower-case beginnings of the model names that it speaks of.
    """

    author: str
    framework: str
    object: str
    kind: Literal["family", "release", "developer", "system"]
    value: str
    date: str
    link: str
    names: tuple[str, ...]


class _Ratings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    retrieved: str
    rating: tuple[Rating, ...]
    vendors: frozenset[str] = frozenset()


def published_ratings(*model_names: str) -> tuple[Rating, ...]:
    """Returns the ratings whose object one of `model_names` may belong to.

    A match by name is a lead for a person: the rating says itself what it rates.
    """
    every = {called for name in model_names if name for called in _called(name)}
    return tuple(
        one
        for one in all_ratings()
        if any(_begins(name, start) for name in every for start in map(_plain, one.names))
    )


def _called(name: str) -> Iterator[str]:
    """Yields what a model is called, with and without its vendor's name before it."""
    plain = _plain(name.rpartition("/")[2])
    yield plain
    first, _, rest = plain.partition("-")
    if first in vendors() and rest:
        yield rest


@cache
def _plain(name: str) -> str:
    """Returns a name without what people vary: `Llama_2` and `llama2` are `llama-2`."""
    joined = _SEPARATORS.sub("-", name.lower()).strip("-")
    return _NUMBER.sub("-", joined)


def _begins(name: str, start: str) -> bool:
    """Whether `name` begins with the whole words of `start`: OLMoE isn't OLMo, and 2.5 isn't 2."""
    return bool(start) and name.startswith(start) and bool(_END.match(name, len(start)))


@cache
def vendors() -> frozenset[str]:
    """Returns names of vendors that stand before a model's own."""
    every = (table(name, _Ratings).vendors for name in names("ratings", ".toml"))
    return frozenset[str]().union(*every)


@cache
def all_ratings() -> tuple[Rating, ...]:
    """Returns every rating that we know of."""
    return tuple(
        rating for name in names("ratings", ".toml") for rating in table(name, _Ratings).rating
    )


class _Entered(Shape, frozen=True):
    part: str
    availability: Availability
    licence: str | None = None
    link: str = ""


class ReferencePoint(Shape, frozen=True):
    """A system entered by hand from public sources, to show the range offline."""

    schema: Literal[1]
    id: str
    order: int
    name: str
    place: Literal["system", "fully_open", "open_weights", "restricted", "hosted_only"]
    date: str
    about: str
    source: FrameworkSource
    finding: tuple[_Entered, ...]

    def findings(self) -> Findings:
        """Returns its findings; what no row speaks of is unknown."""
        return Findings(self.name, [self._finding(one) for one in self.finding])

    def _finding(self, one: _Entered) -> Finding:
        where = Source(kind=SourceKind.REVIEWER, document=self.source.title, where=self.source.url)
        return Finding(
            part=one.part,
            availability=one.availability,
            terms=Terms.UNKNOWN if one.licence is None else licences().terms(one.licence),
            licence=one.licence or "",
            link=Link.DEVELOPER,
            facts=(known(one.link or self.about, where),),
            confidence="entered",
            date=self.date,
        )


@cache
def reference_points() -> tuple[ReferencePoint, ...]:
    """Returns the reference points, from this app itself to hosted-only systems."""
    every: list[ReferencePoint] = [
        table(name, ReferencePoint) for name in names("reference-points", ".toml")
    ]
    return tuple(sorted(every, key=lambda one: one.order))
