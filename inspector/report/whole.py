"""What a report shows beside its statements: compared as a whole, where the same app reads the same bytes and papers.

Statements are what a reader of a report relies on; terms of a licence, doubts, and what was not checked
stand around them, and whoever makes a report's digest anew could change these alone.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from inspector.report.values import Content

_TIMES = frozenset({"read_at", "date", "revision"})
"""When something was read, and from which commit: not the same twice."""

_OF_THE_READER = frozenset({"memory"})
"""What hangs on the machine that reads."""

_ALWAYS = frozenset(
    {"network", "catch", "author", "card", "licence_text", "templates", "rendered", "metadata"}
)
"""What was not checked for want of papers or of means, and not for what a person did or left out."""


def is_comparable(report: Content, present: Content) -> bool:
    """Whether two reports are of the same bytes and papers, read by the same app."""
    return (
        bool(report.page_by)
        and report.page_by == present.page_by
        and [(one.size, one.sha256) for one in report.files]
        == [(one.size, one.sha256) for one in present.files]
        and all(one.sha256 for one in present.files)
        and _papers(report) == _papers(present)
    )


def differing(report: Content, present: Content) -> tuple[str, ...]:
    """Returns the parts of a report that show something else than the same file and papers do now.

    Each is the key of a section of the page.
    """
    said, now = _sections(report), _sections(present)
    return tuple(key for key in now if _plain(said[key]) != _plain(now[key]))


def _papers(content: Content) -> set[tuple[str, str]]:
    return {(one.name, one.sha256) for one in content.documents}


def _sections(content: Content) -> Mapping[str, object]:
    read = content.openness
    return {
        "what": content.inspection,
        "origin": content.lineage,
        "licence": content.licence,
        "open": [[row for row in read.rows if not row.ours], read.items, read.left_out],
        "frameworks": [read.verdicts, read.disagreements, read.ratings],
        "templates": content.templates,
        "safeguards": content.safeguards,
        "card": content.card,
        "rules": content.rules,
        "not_checked": sorted(
            (one for one in content.not_checked if one.code in _ALWAYS), key=lambda one: one.code
        ),
    }


def _plain(value: object) -> Any:
    """Returns a value without the times in it, as lists and mappings."""
    return _stripped(msgspec.to_builtins(value))


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        left = _TIMES | _OF_THE_READER
        return {key: _stripped(one) for key, one in value.items() if key not in left}
    return [_stripped(one) for one in value] if isinstance(value, list | tuple) else value
