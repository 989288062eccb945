"""The rules as data: `resources/claims/rules.toml`."""

from enum import StrEnum
from functools import cache

import msgspec

from inspector.claims.values import Verdict
from resources import table

FILE = "claims/rules.toml"


class By(StrEnum):
    """Who says the verdict: the rule itself, or a person."""

    RULE = "rule"
    PERSON = "person"
    BOTH = "both"


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule.

    Attributes:
        group: what it is about; the order of the groups is the order of a list.
        version: raised when the rule compares otherwise than before.
        verdicts: what its checker can say; a test makes each come out.
        probe: id of prepared questions; empty where there are none.
        others: whether it reads the card of a model that this file was made from, too.
        several: whether it makes a claim for each file, parent or template that it meets; those are told
            apart by its name.
        counts: whether a person counts, `n of m`, so that an interval can be told.
    """

    id: str
    group: str
    by: By
    version: int = 1
    verdicts: tuple[Verdict, ...]
    probe: str = ""
    counts: bool = False
    others: bool = False
    several: bool = False


class RuleSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    schema: int
    version: str
    groups: tuple[str, ...]
    rule: tuple[Rule, ...]


def rule_set() -> RuleSet:
    """Returns the rules, in the order in which they are told."""
    read: RuleSet = table(FILE, RuleSet)
    return read


@cache
def rules() -> dict[str, Rule]:
    """Returns the rules by their ids."""
    return {rule.id: rule for rule in rule_set().rule}
