"""The lines that `lightwell check` prints of single statements: by area, and what they have in common once."""

import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from app.words.checked import CheckedWords
from app.words.report import report_words
from inspector.report.compare import Checked, Outcome

_LONGEST = 200
_WIDE = 90


def changed_lines(every: Sequence[Checked], named: CheckedWords) -> Iterator[str]:
    """Yields what differs, or is new, with what was said and what is so now.

    Args:
        every: the statements, in the order of a report.
        named: their words.
    """
    words = report_words()
    for area, members in groupby(every, key=lambda one: one.area):
        yield f"  {words.area[area]}"
        alike: dict[tuple[str, ...], list[str]] = {}
        for one in members:
            reason = f" ({words.why[one.why]})" if one.why else ""
            alike.setdefault((reason, *_pair(one, named)), []).append(named.name(one))
        for (reason, *lines), abouts in alike.items():
            yield from _wrapped("; ".join(dict.fromkeys(abouts)) + reason, "    ")
            yield from lines


def left_lines(
    every: Sequence[Checked], named: CheckedWords, above: Sequence[Checked]
) -> Iterator[str]:
    """Yields what could not be checked, the reason once and not with each.

    Args:
        every: the statements, in the order of a report.
        named: their words.
        above: those that differ, and are named already: a run of another file is one of these.
    """
    words = report_words()
    told = {(one.area, named.name(one)) for one in above}
    for area, members in groupby(every, key=lambda one: one.area):
        yield f"  {words.area[area]}"
        reasons: dict[str, list[str]] = {}
        for one in members:
            reasons.setdefault(one.why, []).append(named.name(one))
        for why, abouts in reasons.items():
            yield f"    {words.why[why]}:"
            fresh = list(dict.fromkeys(one for one in abouts if (area, one) not in told))
            if count := sum((area, one) in told for one in abouts):
                fresh.append(words.check["above"].format(count=count))
            yield from _wrapped("; ".join(fresh), "      ")


def _pair(one: Checked, named: CheckedWords) -> Iterator[str]:
    if one.outcome is not Outcome.DIFFERS and not one.now:
        return
    said = report_words().check
    if one.said:
        yield f"      {said['said']}: {named.said(one)[:_LONGEST]}"
    if one.now:
        yield f"      {said['now']}: {named.now(one)[:_LONGEST]}"


def _wrapped(text: str, indent: str) -> Iterator[str]:
    for line in textwrap.wrap(text, _WIDE, break_long_words=False, break_on_hyphens=False):
        yield indent + line
