"""Why openness of a part matters, and the worksheet on marginal risk: other people's lists, as data."""

from functools import cache
from typing import Literal

from inspector.findings.stack import Part
from inspector.frameworks.shapes import Shape
from resources import table


class GroupReasons(Shape, frozen=True):
    """What speaks for and against opening one group of the stack."""

    group: str
    title: str
    benefits: tuple[str, ...]
    drawbacks: tuple[str, ...]


class Reasons(Shape, frozen=True):
    """The numbered benefits, and those of each group with its drawbacks."""

    schema: Literal[1]
    source: dict[str, str]
    benefits: dict[str, str]
    group: tuple[GroupReasons, ...]

    def of_part(self, part: Part) -> tuple[str, ...]:
        """Returns the benefits that opening `part` serves."""
        return tuple(self.benefits[str(number)] for number in part.benefits)

    def of_group(self, group: str) -> GroupReasons | None:
        """Returns what speaks for and against opening a group; None where nobody says."""
        return next((one for one in self.group if one.group == group), None)


class Step(Shape, frozen=True):
    """One step of the worksheet."""

    id: str
    title: str
    question: str


class Worksheet(Shape, frozen=True):
    """Steps that a reviewer fills; nothing is filled in or added up for them."""

    schema: Literal[1]
    title: str
    about: str
    source: dict[str, str]
    step: tuple[Step, ...]


@cache
def reasons() -> Reasons:
    """Returns the benefits and drawbacks."""
    read: Reasons = table("frameworks/data/benefits.toml", Reasons)
    return read


@cache
def marginal_risk() -> Worksheet:
    """Returns the empty worksheet."""
    read: Worksheet = table("frameworks/data/marginal-risk.toml", Worksheet)
    return read
