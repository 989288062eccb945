"""The safeguards and the rules that find them: data, and its form."""

import re
from functools import cache
from typing import Literal

import msgspec

from inspector.safeguards.values import By, Inspection, Level, Presence
from resources import table

Reads = Literal["card", "front", "names", "template", "licence", "folder", "app"]
"""Where a rule looks: a card's lines, its fields, names and tags, the chat template, the licence's
use policy, names of files beside the model, or what this app does with every model."""


class SafeguardKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A safeguard of the framework, and who holds it at which level of access.

    Attributes:
        group: `eight`, or `layer` for those of the appendix.
        stays_behind: whether it belongs to a service, so that no file can bring it.
    """

    id: str
    group: Literal["eight", "layer"]
    control: dict[Level, tuple[str, ...]]
    remove: dict[Level, tuple[str, ...]]
    stays_behind: bool = False


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule. Where several meet something, the first in the file decides.

    Attributes:
        words: a pattern for what is read; for `front`, names of fields.
        presence: what a match means.
        inspect: what a match means for whether a person can look at it.
        without: a second pattern that must not be in what the first one met.
        missing: the rule holds where `words` are found nowhere, and there was something to read.
        can_be_negated: whether "no", "was not done" and the like around the words turn them round.
        can_be_advice: whether "you should" and the like before them make them a word to others, which
            says nothing of what was done.
    """

    id: str
    safeguards: tuple[str, ...]
    reads: Reads
    by: By
    presence: Presence
    inspect: Inspection = Inspection.UNKNOWN
    words: str = ""
    without: str = ""
    missing: bool = False
    can_be_negated: bool = False
    can_be_advice: bool = False


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `safeguards.toml`."""

    schema: int
    version: str
    source: str
    level: Level
    negations: str
    negations_after: str
    advice: str
    safeguard: tuple[SafeguardKind, ...]
    rule: tuple[Rule, ...]


def catalogue() -> Catalogue:
    """Returns the safeguards and the rules."""
    read: Catalogue = table("safeguards/safeguards.toml", Catalogue)
    return read


@cache
def pattern(words: str) -> re.Pattern[str]:
    """Returns a rule's pattern, for any case."""
    return re.compile(words, re.IGNORECASE)
