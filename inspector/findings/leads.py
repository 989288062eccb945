"""What in a card is evidence of what: `resources/stack/leads.toml`, checked and compiled."""

import re
from functools import cache

import msgspec

from resources import table


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str


class SlotLead(_Row, frozen=True, forbid_unknown_fields=True):
    """Slots of the standard template, any of which shows a key when it has own words."""

    slots: tuple[str, ...]


class SectionLead(_Row, frozen=True, forbid_unknown_fields=True):
    """A section for a slot that shows a key when its words fit."""

    slot: str
    words: str


class LinkLead(_Row, frozen=True, forbid_unknown_fields=True):
    """A link whose address and words fit.

    Attributes:
        names_model: the model's name may stand for the words.
        must_name_model: the model's name has to stand there besides.
    """

    address: str
    words: str
    names_model: bool = False
    must_name_model: bool = False


class WordsLead(_Row, frozen=True, forbid_unknown_fields=True):
    """A sentence that shows a key."""

    words: str


class StatementLead(_Row, frozen=True, forbid_unknown_fields=True):
    """A sentence that says outright what became of a part."""

    part: str
    words: str


class Leads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    schema: int
    quantiser: str
    slot: tuple[SlotLead, ...]
    section: tuple[SectionLead, ...]
    link: tuple[LinkLead, ...]
    words: tuple[WordsLead, ...]
    statement: tuple[StatementLead, ...]


@cache
def leads() -> Leads:
    """Returns the leads."""
    read: Leads = table("stack/leads.toml", Leads)
    return read


@cache
def pattern(expression: str) -> re.Pattern[str]:
    """Returns an expression of the file, which never looks at case."""
    return re.compile(expression, re.IGNORECASE)
