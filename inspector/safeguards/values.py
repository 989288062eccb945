"""The form of what is known of safeguards: a finding each, with evidence and who controls it."""

from enum import StrEnum

import msgspec

from inspector.facts import Fact, Source

SCHEMA = "lightwell.safeguards/1"


class Presence(StrEnum):
    """Whether a safeguard is there, in the model as it runs here. Absent is never closed."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Inspection(StrEnum):
    """Whether a person can look at how it works."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


class By(StrEnum):
    """Who declares it, or where it was seen."""

    FILE = "file"
    TEMPLATE = "template"
    CARD = "card"
    LICENCE = "licence"
    FOLDER = "folder"
    APP = "app"


class Level(StrEnum):
    """A level of access, as far as control over safeguards differs by it."""

    HOSTED = "hosted"
    API = "api"
    TUNING = "tuning"
    WEIGHTS = "weights"
    OPEN = "open"


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one rule met.

    Attributes:
        rule: id of the rule, whose words tell what it means.
        by: who says so.
        presence: what the rule makes of it.
        fact: the words that were met, with their source.
        negated: whether the words say that it is not there.
        advice: whether they tell others to do it; that is no word on whether it is there.
    """

    rule: str
    by: By
    presence: Presence
    fact: Fact
    negated: bool = False
    advice: bool = False
    unread: bool = False

    @property
    def counts(self) -> bool:
        """Whether it says anything of what was done: advice does not, nor what could not be read."""
        return not (self.advice or self.unread)


class Safeguard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of one safeguard.

    Attributes:
        id: names it in `resources/safeguards/safeguards.toml`.
        decided_by: id of the rule that decided; empty where none met anything.
        control, remove: for each level of access, the parties who control it and who can remove it.
    """

    id: str
    presence: Presence
    inspect: Inspection
    decided_by: str = ""
    evidence: tuple[Evidence, ...] = ()
    control: dict[Level, tuple[str, ...]] = {}
    remove: dict[Level, tuple[str, ...]] = {}

    @property
    def declared_by(self) -> tuple[By, ...]:
        """Who declares it: each once, in the order of the rules."""
        return tuple(dict.fromkeys(one.by for one in self.evidence if one.counts))


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A sign that safeguards were taken out: a claim of whoever chose the word.

    Attributes:
        word: what was met, such as `abliterated`.
        sources: where.
    """

    word: str
    sources: tuple[Source, ...]


class SafeguardReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the safeguards of one model.

    Attributes:
        rules: version of the rules.
        level: the level of access at which it runs here.
        eight: Columbia's safeguards, in its order.
        layers: the layers of its appendix.
        stay_behind: ids of the safeguards that belong to a service and come with no file.
        named_guards: guard models and rule engines that the card names; none is in the file.
        removed: signs that safeguards were taken out.
        left_out: the card that was read and counts for nothing here, because it names another model.
        not_english: the card whose sentences the rules could not read, in part or at all.
    """

    schema: str = SCHEMA
    rules: str
    level: Level
    eight: tuple[Safeguard, ...]
    layers: tuple[Safeguard, ...]
    stay_behind: tuple[str, ...]
    named_guards: tuple[Fact, ...] = ()
    removed: tuple[Removed, ...] = ()
    left_out: str = ""
    not_english: str = ""

    def find(self, name: str) -> Safeguard:
        """Returns the safeguard with an id."""
        return next(one for one in (*self.eight, *self.layers) if one.id == name)
