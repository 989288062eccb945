"""How many rules had something to compare: a rule that found nothing to look at clears nothing."""

import msgspec

from inspector.claims.rules import rule_set
from inspector.claims.values import Claim, ClaimReport, Verdict

_COMPARED = frozenset({Verdict.AGREES, Verdict.AGREES_IN_PART, Verdict.DIFFERS})
_UNHASHED = frozenset({"no_digest", "not_hashed"})
"""Reasons of rules that wait for a fingerprint of the file."""


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the rules on one model.

    Attributes:
        compared: rules that compared one thing with another.
        person: those that only a person can judge here.
        nothing: those that had nothing to compare, or failed.
        unhashed: those among them, by their ids, that wait for the file's fingerprint.
    """

    compared: int
    person: int
    nothing: int
    unhashed: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many rules there are."""
        return self.compared + self.person + self.nothing


def applied(report: ClaimReport) -> Applied:
    """Returns how many rules could be applied to a model."""
    every = rule_set().rule
    by_rule: dict[str, list[Claim]] = {one.id: [] for one in every}
    for claim in report.claims:
        by_rule.setdefault(claim.rule, []).append(claim)
    verdicts = [{one.verdict for one in by_rule[rule.id]} for rule in every]
    compared = sum(bool(said & _COMPARED) for said in verdicts)
    person = sum(Verdict.PERSON in said and not said & _COMPARED for said in verdicts)
    waiting = [one.rule for one in report.claims if one.reason in _UNHASHED]
    return Applied(
        compared=compared,
        person=person,
        nothing=len(every) - compared - person,
        unhashed=tuple(dict.fromkeys(waiting)),
    )
