"""The openness profile: every finding, and every framework's verdict beside the others.

The one entry for the command line, the tab, the report and comparisons. It adds no score and
blends nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import UNSET, UnsetType

from inspector.errors import InspectorError
from inspector.facts import now
from inspector.findings.stack import stack
from inspector.findings.values import Availability, Finding, Findings, Review, Terms, Tile
from inspector.frameworks import mof_file
from inspector.frameworks.disagreements import Disagreement, disagreements
from inspector.frameworks.evaluate import evaluate
from inspector.frameworks.kinds import classes
from inspector.frameworks.load import frameworks
from inspector.frameworks.published import Rating, published_ratings
from inspector.frameworks.shapes import Framework, Kind
from inspector.frameworks.verdict import Verdict

SCHEMA = "lightwell.openness/1"

_WITH_TERMS = frozenset({Availability.PUBLIC, Availability.GATED, Availability.PARTLY})


class Row(msgspec.Struct, frozen=True):
    """One part of the stack with what is held of it.

    Attributes:
        ours: whether it is about this app or this machine, and enters no verdict.
        settles: what would settle it; empty where it is settled.
    """

    part: str
    name: str
    group: str
    kind: str
    tile: Tile
    finding: Finding
    ours: bool
    settles: str = ""


class Counts(msgspec.Struct, frozen=True):
    """How many parts have which word; components and attributes apart."""

    components: dict[str, int]
    attributes: dict[str, int]


class Profile(msgspec.Struct, frozen=True, kw_only=True, rename={"klass": "class"}):
    """Everything that the openness tab, the report and the command line show.

    Attributes:
        klass: the class verdict, 1 to 3, or 0 where none is shown; `class` in JSON.
        items: findings on items of parts, finer than the tiles.
        verdicts: in the order to show them.
        exact: of a release file: the class framework as its public tool computes it.
        reviewed: whether the reviewer's word is read.
        left_out: the card that lies beside the file and counts for no part, because it names another model.
    """

    schema: str = SCHEMA
    subject: str
    date: str
    stack: str
    klass: int | UnsetType = UNSET
    rows: tuple[Row, ...]
    items: tuple[Finding, ...]
    counts: Counts
    verdicts: tuple[Verdict, ...]
    exact: Verdict | UnsetType = UNSET
    disagreements: tuple[Disagreement, ...] = ()
    ratings: tuple[Rating, ...] = ()
    reviews: tuple[Review, ...] = ()
    reviewed: bool = False
    left_out: str = ""


def profile(
    found: Findings,
    *,
    rule_sets: Sequence[Framework] | None = None,
    with_reviewer: bool = True,
    names: Iterable[str] = (),
) -> Profile:
    """Returns the profile of a set of findings.

    Args:
        found: the findings, with the reviewer's word beside them.
        rule_sets: the frameworks to read them by; all that ship with the app where None.
        with_reviewer: reads a part as the reviewer does where one disagreed.
        names: other names of the model, to find published ratings by.
    """
    seen = found.with_reviewer() if with_reviewer and found.reviews else found
    chosen = frameworks() if rule_sets is None else rule_sets
    verdicts = tuple(evaluate(one, seen) for one in chosen)
    return _profile(seen, verdicts, reviewed=with_reviewer and bool(found.reviews), names=names)


def profile_of_release(
    text: str, *, document: str = "", rule_sets: Sequence[Framework] | None = None
) -> Profile:
    """Returns the profile of a Model Openness Framework release file.

    The class framework reads the file itself, since it can tell "not listed" from "unknown"; the
    others read what the file says of the parts of the stack.
    """
    release = mof_file.read(text)
    chosen = frameworks() if rule_sets is None else rule_sets
    by_classes = next((one for one in frameworks() if one.kind is Kind.CLASS), None)
    if by_classes is None:
        raise InspectorError("framework.broken", "no class framework", file="frameworks")
    found = mof_file.findings(release, by_classes, document)
    verdicts = tuple(
        classes.evaluate_release(one, release) if one.kind is Kind.CLASS else evaluate(one, found)
        for one in chosen
    )
    read = _profile(found, verdicts, reviewed=False, names=(release.name,))
    exact = classes.evaluate_release(by_classes, release, exact=True)
    return msgspec.structs.replace(read, exact=exact)


def findings_of(read: Profile, *, with_items: bool = True) -> Findings:
    """Returns the findings that a profile was made from, such as to read them anew."""
    items = read.items if with_items else ()
    return Findings(read.subject, [*(row.finding for row in read.rows), *items], read.reviews)


def release_of(read: Profile, *, as_json: bool = False) -> str:
    """Returns the text of a Model Openness Framework release file of what a profile shows released."""
    by_classes = next(one for one in frameworks() if one.kind is Kind.CLASS)
    release = mof_file.from_findings(findings_of(read), by_classes)
    return mof_file.written(release, as_json=as_json)


def choose(wanted: str) -> tuple[Framework, ...]:
    """Returns the frameworks that `wanted` names: an id, its beginning, or a short name.

    Raises:
        InspectorError: `framework.unknown`, with those that there are.
    """
    lowered = wanted.lower()
    found = tuple(
        one
        for one in frameworks()
        if one.id == lowered or one.id.startswith(lowered) or one.short.lower() == lowered
    )
    if not found:
        listed = ", ".join(one.id for one in frameworks())
        raise InspectorError("framework.unknown", wanted=wanted, known=listed)
    return found


def _profile(
    seen: Findings, verdicts: tuple[Verdict, ...], *, reviewed: bool, names: Iterable[str]
) -> Profile:
    rows = tuple(_rows(seen))
    klass = next((one.klass for one in verdicts if one.klass is not UNSET), UNSET)
    return Profile(
        subject=seen.subject,
        date=now().date().isoformat(),
        stack=stack().id,
        klass=klass,
        rows=rows,
        items=tuple(one for one in seen if "/" in one.part),
        counts=Counts(_count(rows, "component"), _count(rows, "attribute")),
        verdicts=verdicts,
        disagreements=disagreements(seen),
        ratings=published_ratings(seen.subject, *names),
        reviews=seen.reviews,
        reviewed=reviewed,
    )


def _rows(seen: Findings) -> Iterable[Row]:
    groups = {group.id: group for group in stack().group}
    for part in stack().part:
        finding = seen.all.get(part.id, Finding(part=part.id))
        # Of what isn't released, terms settle nothing.
        has_terms = finding.availability in _WITH_TERMS
        settles = ""
        if has_terms and finding.terms is Terms.UNKNOWN:
            # The part itself is at hand; what would show it is not what is asked for.
            settles = stack().settles_terms
        elif finding.tile is Tile.UNKNOWN:
            settles = part.settles
        yield Row(
            part=part.id,
            name=part.name,
            group=part.group,
            kind=groups[part.group].kind,
            tile=finding.tile,
            finding=finding,
            ours=finding.is_ours or part.owner != "model",
            settles=settles,
        )


def _count(rows: Iterable[Row], kind: str) -> dict[str, int]:
    counted = Counter(row.tile.value for row in rows if row.kind == kind)
    return {tile.value: counted[tile.value] for tile in Tile}
