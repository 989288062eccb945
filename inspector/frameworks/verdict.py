"""What a framework says of a set of findings, and why."""

import msgspec
from msgspec import UNSET, UnsetType

from inspector.frameworks.shapes import Answer, FrameworkSource, Kind


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a rule set with the answer to it.

    Attributes:
        parts: the parts of the stack that it read, for highlighting.
        group: the heading that it stands under.
        value: a finer word of the framework's own, such as `partial` or a licence.
        optional: whether the verdict doesn't depend on it.
    """

    id: str
    label: str
    answer: Answer
    parts: tuple[str, ...] = ()
    group: str = ""
    value: str = ""
    note: str = ""
    optional: bool = False


class TableRead(msgspec.Struct, frozen=True, omit_defaults=True):
    """A table of the framework, read against the findings."""

    id: str
    title: str
    lines: tuple[Line, ...]
    note: str = ""


class Verdict(msgspec.Struct, frozen=True, kw_only=True, rename={"klass": "class"}):
    """One framework's reading of one set of findings.

    Attributes:
        reading: the verdict in the framework's own words.
        worst: the reading if every unknown turned out closed.
        best: the reading if every unknown turned out open.
        decided: the lines that it rests on.
        next: the next level or class, where there is one.
        missing: labels of what is missing for it.
        klass: of a class framework: 1, 2, 3, or 0 where none is shown. `class` in JSON.
        progress: of a class framework: percentage towards each class.
        score: of an index, with `score_range` for its unknowns.
        level: of a gradient with one row: the step reached, counted from 0.
    """

    framework: str
    title: str
    short: str
    version: str
    date: str
    kind: Kind
    source: FrameworkSource
    about: str
    reading: str
    worst: str
    best: str
    decided: tuple[Line, ...]
    missing: tuple[str, ...] = ()
    next: str = ""
    notes: tuple[str, ...] = ()
    klass: int | UnsetType = UNSET
    progress: dict[str, float] | UnsetType = UNSET
    score: float | UnsetType = UNSET
    score_range: tuple[float, float] | UnsetType = UNSET
    score_most: float | UnsetType = UNSET
    level: int | UnsetType = UNSET
    duties: tuple[str, ...] = ()
    tables: tuple[TableRead, ...] = ()
    glossary: dict[str, str] = {}
