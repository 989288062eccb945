"""Where frameworks disagree on one set of findings, and the sentence why.

The sentences are data; each stands under the conditions in which its disagreement shows.
"""

from functools import cache

import msgspec

from inspector.errors import InspectorError
from inspector.findings.stack import stack
from inspector.findings.values import Findings
from inspector.frameworks.needs import answer
from inspector.frameworks.shapes import Answer, Need, Shape
from resources import table


class Disagreement(Shape, frozen=True):
    """A disagreement between frameworks.

    Attributes:
        between: ids of the frameworks; those that aren't loaded are passed over.
        needs: what must be so of the findings; without any, it shows always.
        says: what each framework makes of it, in a few words.
        why: the sentence.
    """

    id: str
    between: tuple[str, ...]
    title: str
    why: str
    needs: tuple[Need, ...] = ()
    says: dict[str, str] = {}


class _Disagreements(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    source: dict[str, str]
    disagreement: tuple[Disagreement, ...]


def disagreements(findings: Findings) -> tuple[Disagreement, ...]:
    """Returns the disagreements that `findings` bring out."""
    return tuple(
        one
        for one in every_disagreement()
        if all(answer(need, findings) is Answer.MET for need in one.needs)
    )


@cache
def every_disagreement() -> tuple[Disagreement, ...]:
    """Returns all sentences, checked against the stack.

    Raises:
        InspectorError: `framework.broken`.
    """
    read: _Disagreements = table("frameworks/data/disagreements.toml", _Disagreements)
    for one in read.disagreement:
        for need in one.needs:
            if unknown := set(need.parts) - stack().keys:
                why = f"{one.id}: no part {', '.join(sorted(unknown))}"
                raise InspectorError("framework.broken", why, file="data/disagreements.toml")
    return read.disagreement
