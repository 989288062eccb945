"""What a framework's file may hold; `load` reads and checks it, `kinds` judge by it.

One file is one published rule set. Everything a rule needs stands in the file: an editor can add a
framework without touching code.
"""

from collections.abc import Callable, Hashable, Iterable
from enum import StrEnum
from functools import cache, cached_property
from typing import Any, Literal, TypeVar

import msgspec

from inspector.findings.values import Availability

T = TypeVar("T")


class Kind(StrEnum):
    """How a rule set comes to its verdict; each has one evaluator."""

    CLASS = "class"
    BINARY = "binary"
    SCORE = "score"
    GRADIENT = "gradient"
    BADGE = "badge"
    COVERAGE = "coverage"
    CHECKLIST = "checklist"


class Answer(StrEnum):
    """What the findings say to one line of a rule set."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    CONTESTED = "contested"
    PERSON = "person"
    NOT_APPLICABLE = "not_applicable"


TermsNeeded = Literal["any", "stated", "open", "osi", "fsf", "open_data"]


class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a framework's file: a word that we don't know is an error, not a wish."""


_MOST_REMEMBERED = 4096


class Rule(Shape, frozen=True, dict=True):
    """A table that findings are read by, over and over with the same few outcomes."""

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    def remembered(self, outcome: Hashable, make: Callable[[], T]) -> T:
        """Returns what `make` makes of an outcome; made once for each, because values are shared."""
        found: T | None = self._made.get(outcome)
        if found is None:
            if len(self._made) >= _MOST_REMEMBERED:
                self._made.clear()
            found = self._made[outcome] = make()
        return found


class _Question:
    """Stands for everything that a need asks, with a hash that costs nothing."""


@cache
def _question(*asks: Hashable) -> _Question:
    return _Question()


class FrameworkSource(Shape, frozen=True):
    """Where the rule set was published, and when we read it."""

    title: str
    url: str
    retrieved: str
    note: str = ""


class Need(Rule, frozen=True):
    """One thing that must be so of the findings.

    Attributes:
        parts: parts or items of the stack; the first that anything is known of is read.
        availability: any of these fits.
        terms: what the licence must be; `any` doesn't look.
        label: what the rule set calls it; the part's name where empty.
        any_of: any one of the parts is enough, instead of the first known.
        absent: turns the need round: it must not be so.
        where_applicable: parts that don't apply to this model don't count.
    """

    parts: tuple[str, ...]
    availability: frozenset[Availability] = frozenset({Availability.PUBLIC})
    terms: TermsNeeded = "any"
    label: str = ""
    any_of: bool = False
    absent: bool = False
    where_applicable: bool = False

    @cached_property
    def asks(self) -> Hashable:
        """Everything but the label: needs that ask the same have the same answer."""
        return _question(
            self.parts,
            self.availability,
            self.terms,
            self.any_of,
            self.absent,
            self.where_applicable,
        )


def _parts(needs: Iterable[Need]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for need in needs for part in need.parts))


class Component(Rule, frozen=True):
    """An entry of a class framework, in the numbering of its own tool."""

    id: int
    name: str
    type: Literal["code", "data", "document"]
    klass: int = msgspec.field(name="class")
    required: bool
    parts: tuple[str, ...]
    describes: str


class Element(Shape, frozen=True):
    """A group of needs that a binary framework asks for.

    Attributes:
        unless: needs that, all met, leave the element to a person when `needs` aren't all met.
        person: what that person must judge.
    """

    id: str
    title: str
    needs: tuple[Need, ...]
    unless: tuple[Need, ...] = ()
    person: str = ""


class Criterion(Rule, frozen=True):
    """A line of an index: the first of `open`, `partial` and `closed` whose needs hold is it."""

    id: str
    title: str
    category: str
    open: tuple[Need, ...] = ()
    partial: tuple[Need, ...] = ()
    note: str = ""

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Every part that it reads."""
        return _parts((*self.open, *self.partial))


class Level(Rule, frozen=True):
    """A step of a gradient, from the closed end to the open end."""

    id: str
    title: str
    needs: tuple[Need, ...] = ()
    note: str = ""
    examples: tuple[str, ...] = ()

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Every part that it reads."""
        return _parts(self.needs)


class Row(Rule, frozen=True):
    """One gradient; most frameworks have one, some one for each kind of component.

    Attributes:
        document: what the framework asks to go with the component.
    """

    id: str
    title: str
    level: tuple[Level, ...]
    document: str = ""


class Axis(Shape, frozen=True):
    """A corner of a badge."""

    id: str
    title: str
    needs: tuple[Need, ...]


class Indicator(Rule, frozen=True):
    """A line of a coverage index; without needs, nothing that we read can show it."""

    name: str
    domain: str
    subdomain: str
    needs: tuple[Need, ...] = ()

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Every part that it reads."""
        return _parts(self.needs)

    @cached_property
    def heading(self) -> str:
        """What it stands under."""
        return f"{self.domain}: {self.subdomain}"


class Condition(Shape, frozen=True):
    """A line of a checklist.

    Attributes:
        needs: what shows it; empty where nothing that we read can.
        licence: `eu` reads the licence of the parts in `needs` as the EU guidelines do.
        unknowable: why nothing here can settle it.
    """

    id: str
    title: str
    needs: tuple[Need, ...] = ()
    licence: Literal["", "eu"] = ""
    unknowable: str = ""


class Entry(Rule, frozen=True):
    """A line of a table that a framework has besides its verdict."""

    title: str
    needs: tuple[Need, ...] = ()
    consider: tuple[str, ...] = ()
    text: str = ""
    note: str = ""
    level: str = ""

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Every part that it reads."""
        return _parts(self.needs)


class Table(Rule, frozen=True):
    """A table that a framework has besides its verdict, such as outcomes or risks.

    Attributes:
        lead: stands before what a line still needs; without one that isn't listed.
    """

    id: str
    title: str
    note: str = ""
    lead: str = ""
    entry: tuple[Entry, ...] = ()


class Framework(Shape, frozen=True, dict=True):
    """One published rule set.

    Attributes:
        version: of the rule set, as its authors count.
        date: of that version.
        texts: the readings in words, by a name that the kind's evaluator knows.
        glossary: its own words, each in one sentence.
        indicators_file: a file with indicators, where editions share one list.
    """

    schema: Literal[1]
    id: str
    title: str
    short: str
    version: str
    date: str
    kind: Kind
    about: str
    source: FrameworkSource
    order: int = 100
    texts: dict[str, str] = {}
    glossary: dict[str, str] = {}
    notes: tuple[str, ...] = ()
    component: tuple[Component, ...] = ()
    element: tuple[Element, ...] = ()
    criterion: tuple[Criterion, ...] = ()
    rule: Literal["", "sum", "mean"] = ""
    row: tuple[Row, ...] = ()
    axis: tuple[Axis, ...] = ()
    indicator: tuple[Indicator, ...] = ()
    indicators_file: str = ""
    condition: tuple[Condition, ...] = ()
    duties: tuple[str, ...] = ()
    table: tuple[Table, ...] = ()

    @cached_property
    def shown_indicators(self) -> tuple[Indicator, ...]:
        """The indicators that something we read can show."""
        return tuple(one for one in self.indicator if one.needs)
