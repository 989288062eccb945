"""Which claim of today a kept judgement is of. Knows no Qt.

A claim is known by what it says. Judgements of earlier versions are kept under numbers where a rule
makes several claims; a number is another claim's as soon as a file comes or goes.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from app.review.judgements import Judgement
from app.words.claims import GONE
from inspector.claims.rules import rules
from inspector.claims.values import CardOwner, Claim, Verdict

_NUMBERED = re.compile(r"[A-Z-]+(?:/[a-z]*\d*)?")


@dataclass(frozen=True, slots=True)
class Moved:
    """A judgement that belongs under another id than the one that it was kept under."""

    kept_as: str
    judgement: Judgement


def moved(judgements: Iterable[Judgement], claims: Sequence[Claim]) -> list[Moved]:
    """Returns the judgements whose claim has another id by now.

    Args:
        judgements: what was kept of a file.
        claims: what the rules say of it now.
    """
    every = list(judgements)
    taken = {one.claim for one in every if _fits(one, claims)}
    found = []
    for one in every:
        if one.is_own or one.claim in taken:
            continue
        name, _, about = one.claim.partition("@")
        if not one.text or not _NUMBERED.fullmatch(name):
            continue
        alike = [it for it in claims if it.rule == one.rule and it.text == one.text]
        alike = [it for it in alike if _owner(it) == about and it.id not in taken]
        known = rules().get(one.rule)
        if len(alike) == 1:
            new = alike[0].id
        elif known is not None and known.several:
            # The number may be another claim's; the name that was judged is not.
            new = f"{one.rule}/{one.text}" + (f"@{about}" if about else "")
        else:
            continue
        if new != one.claim and new not in taken:
            taken.add(new)
            found.append(Moved(one.claim, msgspec.structs.replace(one, claim=new)))
    return found


def without_claim(
    judgements: Iterable[Judgement], claims: Sequence[Claim], about: CardOwner | None = None
) -> list[Claim]:
    """Returns a claim for each judgement whose own no rule makes any more, so that none is lost.

    Args:
        judgements: what was kept of a file.
        claims: what the rules say of it now.
        about: whose card was read, where it is not the file's.
    """
    there = {one.id for one in claims}
    owner = about.name if about is not None else ""
    return [
        Claim(
            id=one.claim,
            rule=one.rule,
            version=one.version,
            text=one.text,
            verdict=Verdict.OUT_OF_DATE,
            reason=GONE,
            about=about,
        )
        for one in judgements
        if not one.is_own
        and one.claim not in there
        and one.claim.partition("@")[2] == owner
        and one.rule in rules()
    ]


def _fits(one: Judgement, claims: Sequence[Claim]) -> bool:
    """Whether a judgement stands under the id of its own claim."""
    claim = next((it for it in claims if it.id == one.claim), None)
    if claim is None:
        return False
    known = rules().get(one.rule)
    return known is None or not known.several or claim.text == one.text


def _owner(claim: Claim) -> str:
    return claim.about.name if claim.about is not None else ""
