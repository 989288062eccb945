"""What the margin of the card shows of the claims: a number at each place. Knows no Qt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.words.claims import title_of, verdict_word
from inspector.claims.values import Claim, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A place of the card that a claim stands at.

    Attributes:
        number: of the claim in the list; one claim may stand in several places.
        line, end: first and last line of the file.
        said: the claim and its verdict, for a tooltip and for whoever hears the screen.
    """

    number: int
    claim_id: str
    line: int
    end: int
    verdict: Verdict
    title: str
    said: str


def flags_of(claims: Sequence[Claim], document: str) -> Iterator[Flag]:
    """Yields the flags of a card, by the numbers that its claims have in the list."""
    for number, claim in enumerate(claims, 1):
        title = title_of(claim)
        for place in claim.passages:
            if place.line and place.document == document:
                yield Flag(
                    number=number,
                    claim_id=claim.id,
                    line=place.line,
                    end=max(place.line, place.end),
                    verdict=claim.verdict,
                    title=title,
                    said=f"{number}. {title}: {verdict_word(claim.verdict)}",
                )
