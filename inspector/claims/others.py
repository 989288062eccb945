"""Claims of the card of a model that this file was made from: a base model's, or the end model's.

They are that model's claims. Where a rule compares them with this file, agreeing says that both
have it; differing says less than it would of the file's own card, for whoever made this file may
have changed it.
"""

from collections.abc import Iterator

import msgspec

from inspector.claims.case import Case
from inspector.claims.check import check_claims
from inspector.claims.rules import rules
from inspector.claims.values import CardOwner, Claim, ClaimReport, Verdict
from inspector.findings.values import Link as Place


def check_other_card(case: Case, owner: CardOwner) -> ClaimReport:
    """Returns what the rules say of another model's card, compared with this file.

    Args:
        case: this file, with the other model's card in the place of its own.
        owner: whose card that is.
    """
    report = check_claims(case)
    return msgspec.structs.replace(report, claims=tuple(_claims_of(report, owner)), about=owner)


def _claims_of(report: ClaimReport, owner: CardOwner) -> Iterator[Claim]:
    known = rules()
    for claim in report.claims:
        # One of several claims of a rule that stands in no card is the file's: its name, its header.
        is_of_the_card = claim.id == claim.rule or claim.passages
        if known[claim.rule].others and is_of_the_card:
            yield msgspec.structs.replace(
                claim,
                id=f"{claim.id}@{owner.name}",
                about=owner,
                verdict=_verdict(claim.verdict, owner),
            )


def _verdict(verdict: Verdict, owner: CardOwner) -> Verdict:
    """A base model may well differ from what was made of it: that is for a person to judge."""
    if verdict is Verdict.DIFFERS and owner.place is not Place.END_MODEL:
        return Verdict.PERSON
    return verdict
