"""Who can see what of a run: rules are data, cells are what they give for the facts at hand.

Knows no Qt, and none of the words.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

import msgspec

from app.run_facts import connections, is_gated, is_online
from resources import table
from runner.confine.preloaded import PREFIX
from runner.porter.record import Snapshot


class See(StrEnum):
    """What a cell answers; an unknown is an answer too."""

    YES = "yes"
    COULD = "could"
    NOT_SENT = "not-sent"
    UNKNOWN = "unknown"


class Condition(StrEnum):
    """A fact that a rule may ask for; `resources/monitor/who.toml` says what each means."""

    REFUSED = "refused"
    NONE_OPEN = "none-open"
    ONLINE = "online"
    WAS_ONLINE = "was-online"
    PRELOADED = "preloaded"
    GATED = "gated"
    FETCHED = "fetched"
    ACCOUNT = "account"
    ON_REQUEST = "on-request"
    STARTER = "starter"
    KEPT = "kept"
    PRIVATE = "private"
    SUPERUSER = "superuser"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What some cells answer where every condition holds."""

    parties: tuple[str, ...]
    columns: tuple[str, ...]
    when: frozenset[Condition]
    answer: See
    reason: str


class WhoRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table's parties and columns, and the rules in their order."""

    schema: int
    parties: tuple[str, ...]
    columns: tuple[str, ...]
    rules: tuple[Rule, ...]


class Cell(msgspec.Struct, frozen=True):
    """An answer, and the code of its reason."""

    answer: See
    reason: str


@cache
def who_rules() -> WhoRules:
    """Returns the rules."""
    read: WhoRules = table("monitor/who.toml", WhoRules)
    return read


def conditions(
    snapshot: Snapshot,
    *,
    is_starter: bool,
    is_kept: bool,
    is_private: bool,
    is_superuser: bool,
    is_fetched: bool = False,
    with_account: bool = False,
    is_on_request: bool = False,
    was_online: bool = False,
) -> frozenset[Condition]:
    """Returns the conditions that hold; what is not known does not hold."""
    counted = connections(snapshot)
    held = {
        Condition.REFUSED: counted.is_enforced,
        Condition.NONE_OPEN: counted.open == 0,
        Condition.ONLINE: is_online(snapshot),
        Condition.WAS_ONLINE: was_online,
        Condition.PRELOADED: any(
            one.startswith(PREFIX) for seen in snapshot.processes for one in seen.facts.openings
        ),
        Condition.GATED: is_gated(snapshot),
        Condition.FETCHED: is_fetched,
        Condition.ACCOUNT: with_account,
        Condition.ON_REQUEST: is_on_request,
        Condition.STARTER: is_starter,
        Condition.KEPT: is_kept,
        Condition.PRIVATE: is_private,
        Condition.SUPERUSER: is_superuser,
    }
    return frozenset(condition for condition, holds in held.items() if holds)


def who_can_see(held: frozenset[Condition]) -> Mapping[tuple[str, str], Cell]:
    """Returns the cell of each party and column.

    Raises:
        LookupError: no rule answers for a cell, which is a fault of the data.
    """
    rules = who_rules()
    return {
        (party, column): _cell(rules, party, column, held)
        for party in rules.parties
        for column in rules.columns
    }


def _cell(rules: WhoRules, party: str, column: str, held: frozenset[Condition]) -> Cell:
    for rule in rules.rules:
        if party in rule.parties and column in rule.columns and rule.when <= held:
            return Cell(rule.answer, rule.reason)
    raise LookupError(f"no rule for {party} and {column}")
