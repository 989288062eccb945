"""Rules on days: how old a card is beside its file, and the stated end of a model's knowledge."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import PurePath

from inspector.claims.case import Maker
from inspector.claims.inputs import Beside, ListedFile
from inspector.claims.template import TEMPLATE_KEY
from inspector.claims.text import Hit
from inspector.claims.values import Claim, Grade, Verdict
from inspector.facts import Fact, Source, SourceKind, known

STALE_DAYS = 90
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "|".join(_MONTHS)
_CUT_OFF = re.compile(
    rf"(?i)\b(?:cut-?off|freshness)\b(?!-\d).{{0,60}}?((?:\b(?:{_MONTH})(?:\s\d{{1,2}})?,?\s)?\b20[0-3]\d)\b"
)
_TEMPLATE_CUT_OFF = re.compile(
    rf"(?i)\bknowledge (?:cutting|cut-?off)?\s?(?:date)?:? ?((?:(?:{_MONTH}) )?20\d\d(?:-\d\d)?)\b"
    rf"|\bcutting knowledge date: ?((?:{_MONTH}) 20\d\d)\b"
)
_NUMBERED = re.compile(r"(20\d\d)-(\d\d)")

Month = tuple[int, int]
"""A year, and a month from 1; 0 where none is named."""


def stale(maker: Maker) -> Iterator[Claim]:
    """STALE: the last change of the card against the last change of the weights.

    A listing that names both days tells it. Where it does not, the days of the repository say at
    least how far the two can be apart: both were put there between its first day and its last.
    """
    beside = maker.case.beside
    listed = _listed(beside.listing or (), maker.case.model.files[0].name)
    days = [_day(one.changed) for one in listed]
    if len(days) == 2 and days[0] and days[1]:
        yield _by_listing(maker, listed, days[0], days[1])
        return
    first, last = _day(beside.created), _day(beside.changed)
    if first is None or last is None or last < first:
        if beside.listing is None:
            yield maker.claim(Verdict.UNKNOWN, "no_listing")
        else:
            yield maker.claim(Verdict.CANNOT, "no_dates", Grade.CARD)
        return
    apart = (last - first).days
    near = apart <= STALE_DAYS
    yield maker.claim(
        Verdict.STATED if near else Verdict.CANNOT,
        "within" if near else "too_far_apart",
        Grade.CARD,
        evidence=_repository_days(beside),
        first=first.isoformat(),
        last=last.isoformat(),
        days=apart,
    )


def _listed(listing: tuple[ListedFile, ...], name: str) -> list[ListedFile]:
    """Returns the card and the weights of a listing; fewer than two where one is missing."""
    cards = [one for one in listing if PurePath(one.path).name.lower() == "readme.md"]
    weights = [one for one in listing if PurePath(one.path).name == name]
    return [*cards[:1], *weights[:1]] if cards and weights else []


def _by_listing(maker: Maker, listed: list[ListedFile], card: date, file: date) -> Claim:
    days = (file - card).days
    old = days > STALE_DAYS
    return maker.claim(
        Verdict.OUT_OF_DATE if old else Verdict.STATED,
        "older" if old else "as_new",
        Grade.TWO_PLACES,
        evidence=[_said(one.changed, one.path, "last change") for one in listed],
        card=card.isoformat(),
        file=file.isoformat(),
        days=days,
    )


def cut_off(maker: Maker) -> Iterator[Claim]:
    """DATE: the stated end of a model's knowledge, beside what its template and its repository say.

    What it really knows only a probe can suggest; that two places name another month can be read.
    """
    case = maker.case
    template = _of_template(case.model.metadata.text(TEMPLATE_KEY) or "")
    told = [case.measured(_month_words(template), "named by the chat template")] if template else []
    text = case.text
    hits = text.search(_CUT_OFF) if text is not None and text.has("cut", "fresh") else []
    stated = {month: hit for hit in reversed(hits) if (month := _month(hit.found.group(1)))}
    if stated:
        yield _judged(maker, stated, template, told)
    elif template:
        yield maker.claim(
            Verdict.STATED, "template_only", Grade.HEADER, evidence=told, date=told[0].text
        )
    else:
        yield maker.no_card() if text is None else maker.not_stated()


def _judged(
    maker: Maker, stated: dict[Month, Hit], template: Month | None, told: list[Fact]
) -> Claim:
    beside = maker.case.beside
    changed = _day(beside.changed)
    first = min(stated)
    said = stated[first].found.group(1).strip(" ,")
    if template is not None:
        fits = [month for month in stated if _fits(month, template)]
        if not fits and len(stated) > 1:
            verdict, reason, grade = Verdict.PERSON, "template_none_of", Grade.HEADER
        elif not fits:
            verdict, reason, grade = Verdict.DIFFERS, "template_other", Grade.HEADER
        elif len(stated) > 1:
            verdict, reason, grade = Verdict.AGREES_IN_PART, "template_one_of", Grade.HEADER
        else:
            verdict, reason, grade = Verdict.AGREES, "template_equal", Grade.HEADER
    elif changed is not None and first > (changed.year, changed.month if first[1] else 0):
        # Whatever was put there last can't know of what came later.
        verdict, reason, grade = Verdict.DIFFERS, "after_change", Grade.TWO_PLACES
        told = _repository_days(beside)
    else:
        verdict, reason, grade = Verdict.PERSON, "to_ask", Grade.CARD
    return maker.claim(
        verdict,
        reason,
        grade,
        passages=maker.places([stated[month] for month in sorted(stated)][:3]),
        evidence=told,
        date=said,
        dates=", ".join(_month_words(month) for month in sorted(stated)[:6]),
        template=told[0].text if template and told else "–",
        changed=beside.changed or "–",
    )


def _fits(stated: Month, other: Month) -> bool:
    """Whether two say the same, as far as both say it."""
    months_fit = stated[1] == other[1] or 0 in (stated[1], other[1])
    return stated[0] == other[0] and months_fit


def _of_template(text: str) -> Month | None:
    found = _TEMPLATE_CUT_OFF.search(text)
    return _month(found.group(1) or found.group(2)) if found else None


def _month(text: str) -> Month | None:
    if numbered := _NUMBERED.search(text):
        month = int(numbered.group(2))
        return (int(numbered.group(1)), month) if month <= len(_MONTHS) else None
    year = re.search(r"20\d\d", text)
    if year is None:
        return None
    named = next((at for at, name in enumerate(_MONTHS, 1) if name in text.lower()), 0)
    return int(year.group()), named


def _month_words(month: Month | None) -> str:
    if month is None:
        return "–"
    return f"{_MONTHS[month[1] - 1].capitalize()} {month[0]}" if month[1] else str(month[0])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _repository_days(beside: Beside) -> list[Fact]:
    days = (("created", beside.created), ("last changed", beside.changed))
    return [_said(day, "the repository", what) for what, day in days if day]


def _said(day: str, document: str, where: str) -> Fact:
    return known(day, Source(kind=SourceKind.REPOSITORY, document=document, where=where))
