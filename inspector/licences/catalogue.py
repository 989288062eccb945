"""What we know of licences: our readings, a file each, and the flags of SPDX's list.

To add a licence is to add a file to `resources/licences` and to run `packaging/licence_data.py`,
which makes the index anew (and fingerprints, where the text is at hand).
"""

from enum import StrEnum
from functools import cache
from typing import Literal

import msgspec

from resources import table


class Sign(StrEnum):
    """What a licence makes of something; never an openness glyph."""

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"
    FORBIDDEN = "forbidden"
    NOT_SAID = "not said"


class Topic(StrEnum):
    """What a person asks of a licence, in the order in which it is told."""

    USE = "use"
    COMMERCIAL = "commercial"
    CHANGE = "change"
    SHARE = "share"
    ATTRIBUTION = "attribution"
    NAMING = "naming"
    OUTPUTS = "outputs"
    USE_POLICY = "use_policy"
    SCALE = "scale"
    TERRITORY = "territory"
    TERMINATION = "termination"
    LATER_CHANGES = "later_changes"


class ReadHow(StrEnum):
    """How far a reading rests on the text."""

    TEXT = "text"
    LIST = "list"
    RECALLED = "recalled"
    NOT_READ = "not read"


class Statement(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a licence says of one topic, in our words.

    Attributes:
        clause: where it says so; empty where it says nothing, or where the text was not read.
    """

    sign: Sign
    says: str
    clause: str = ""


class Reading(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the statements rest on."""

    how: ReadHow
    of: str
    note: str = ""


class UseGroup(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Forbidden uses of one kind, in our words."""

    title: str
    uses: tuple[str, ...]
    clause: str = ""


class UsePolicy(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A list of forbidden uses.

    Attributes:
        where: where the policy stands; often a page that may change.
        changes: what it says of its own later versions.
    """

    title: str
    where: str
    how: ReadHow
    changes: str = ""
    groups: tuple[UseGroup, ...] = ()

    @property
    def count(self) -> int:
        """How many uses it lists."""
        return sum(len(group.uses) for group in self.groups)


class Flags(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the frameworks ask of a licence; `resources/licences/other.toml` explains the words.

    Attributes:
        open: open by the lists that we follow, where SPDX's flags don't say so.
        eu: how the licence leg of the EU guidelines reads it.
    """

    open: bool = False
    rail: bool = False
    types: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    eu: Literal["yes", "contested", "no", "unknown"] = "unknown"


class Licence(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Our reading of one licence: a file of `resources/licences`.

    Attributes:
        id: SPDX identifier, or `LicenseRef-…`.
        hub: identifiers of the Hugging Face Hub.
        names: other names in the wild.
        passes_on: the clause by which copies and derived models stay under it; empty where we
            know that they do and not by which clause, None where they need not.
        frameworks: what the frameworks ask of it.
    """

    schema: int
    id: str
    title: str
    family: str
    publisher: str
    version: str = ""
    hub: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    passes_on: str | None = None
    reading: Reading
    frameworks: Flags = Flags()
    statements: dict[Topic, Statement]
    policy: UsePolicy | None = None


class Entry(msgspec.Struct, frozen=True):
    """A reading as the index has it: enough to find it by any name without opening its file."""

    file: str
    id: str
    title: str
    hub: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    frameworks: Flags = Flags()


class _Index(msgspec.Struct, frozen=True):
    schema: int
    licences: tuple[Entry, ...]


class SpdxEntry(msgspec.Struct, frozen=True):
    """An identifier of SPDX's list with its flags."""

    id: str
    name: str
    osi: bool
    fsf: bool
    old: bool


class SpdxSource(msgspec.Struct, frozen=True):
    """Which package, of which release, the list was taken from."""

    title: str
    release: str
    licence: str


class SpdxList(msgspec.Struct, frozen=True):
    """SPDX's list."""

    schema: int
    source: SpdxSource
    licences: tuple[SpdxEntry, ...]


class Hub(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Identifiers of the Hub beyond SPDX and our readings; see `hub.toml`."""

    schema: int
    untold: tuple[str, ...]
    nothing: tuple[str, ...]
    families: dict[str, str]
    spdx: dict[str, str]
    named: dict[str, str]


class _Parent(msgspec.Struct, frozen=True):
    start: str
    licence: str


class _Parents(msgspec.Struct, frozen=True):
    schema: int
    read: str
    parent: tuple[_Parent, ...]


class _OpenData(msgspec.Struct, frozen=True):
    open_data: frozenset[str]


def entries() -> tuple[Entry, ...]:
    """Returns every reading by its names."""
    index: _Index = table("licences/index.json", _Index)
    return index.licences


@cache
def reading_of(licence: str) -> Licence | None:
    """Returns our reading of the licence with that id; None where we have none."""
    for entry in entries():
        if entry.id == licence:
            found: Licence = table(f"licences/{entry.file}", Licence)
            return found
    return None


def spdx() -> SpdxList:
    """Returns SPDX's list."""
    found: SpdxList = table("licences/spdx.json", SpdxList)
    return found


@cache
def spdx_entry(licence: str) -> SpdxEntry | None:
    """Returns SPDX's entry for an identifier; None where it lists none."""
    return next((one for one in spdx().licences if one.id == licence), None)


def hub() -> Hub:
    """Returns the Hub's other identifiers."""
    found: Hub = table("licences/hub.toml", Hub)
    return found


@cache
def is_open_data(licence: str) -> bool:
    """Whether the Model Openness Tool counts it among the open data licences."""
    known: _OpenData = table("frameworks/data/mof-licences.json", _OpenData)
    return licence in known.open_data


def licence_of_parent(repository: str) -> tuple[str, str]:
    """Returns the licence that a much-copied model is published under, and the day we knew so.

    Args:
        repository: `owner/name`; an address works too.
    """
    known: _Parents = table("licences/parents.toml", _Parents)
    plain = repository.casefold().partition("huggingface.co/")[2] or repository.casefold()
    fitting = [one for one in known.parent if plain.startswith(one.start)]
    if not fitting:
        return "", known.read
    return max(fitting, key=lambda one: len(one.start)).licence, known.read


Answered = Literal["yes", "no", "unknown"]
