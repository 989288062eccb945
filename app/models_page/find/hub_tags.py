"""What the Hub's tags say of a repository: licence, languages, base models, data. Knows no Qt."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import msgspec

from inspector.licences.catalogue import Sign, Topic, reading_of, spdx_entry
from inspector.licences.names import identify
from inspector.lineage.names import parameters, repository
from resources import table


class LicenceKind(StrEnum):
    """What sort of licence a repository states; no judgement of what it is worth."""

    OSI = "osi"
    """On the Open Source Initiative's list, as SPDX records it."""
    CONDITIONS = "conditions"
    """Another one, and we have read it: it has conditions of its own."""
    NO_COMMERCE = "no commerce"
    """It forbids commercial use, as we read it."""
    OTHER = "other"
    """Stated, and not known to us."""
    UNKNOWN = "unknown"
    """None is stated."""


class Named(StrEnum):
    """Whether the tags name training data; not naming them says nothing."""

    DATA = "data"
    UNKNOWN = "unknown"


class _Languages(msgspec.Struct, frozen=True):
    schema: int
    languages: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a repository's tags say.

    Attributes:
        licence: as the Hub names it; empty where none is stated.
        licence_title: in words.
        languages: codes of the Hub.
        base_models: repositories that it says it was made of.
        relation: how, in the Hub's word, such as `quantized`; empty where it doesn't say.
        parameters: as the name states them; None where it states none.
    """

    licence: str
    licence_title: str
    licence_kind: LicenceKind
    languages: tuple[str, ...]
    base_models: tuple[str, ...]
    relation: str
    datasets: tuple[str, ...]
    parameters: float | None

    @property
    def openness(self) -> Named:
        """Whether training data are named."""
        return Named.DATA if self.datasets else Named.UNKNOWN


@cache
def languages() -> dict[str, str]:
    """Returns the languages that can be told from other tags, by their code."""
    read: _Languages = table("models/languages.toml", _Languages)
    return read.languages


def read_tags(name: str, tags: tuple[str, ...], licence: str = "") -> Said:
    """Returns what the tags of the repository `name` say.

    Args:
        name: `owner/name`.
        tags: the Hub's.
        licence: as the Hub's answer states it beside the tags.
    """
    licence = licence or _after("license:", tags)
    bases: dict[str, str] = {}
    for tag in tags:
        if tag.startswith("base_model:"):
            relation, _, base = tag.removeprefix("base_model:").rpartition(":")
            if found := repository(base):
                bases[found] = relation or bases.get(found, "")
    title, kind = licence_kind(licence)
    return Said(
        licence=licence,
        licence_title=title,
        licence_kind=kind,
        languages=tuple(tag for tag in tags if tag in languages()),
        base_models=tuple(bases),
        relation=next((relation for relation in bases.values() if relation), ""),
        datasets=tuple(
            tag.removeprefix("dataset:") for tag in tags if tag.startswith("dataset:") and tag[8:]
        ),
        parameters=parameters(name.rpartition("/")[2]),
    )


@cache
def licence_kind(licence: str) -> tuple[str, LicenceKind]:
    """Returns a licence's name for people, and its sort."""
    if not licence:
        return "", LicenceKind.UNKNOWN
    named = identify(licence)
    ids = named.ids
    if not ids:
        return named.title or licence, LicenceKind.OTHER
    entries = [spdx_entry(one) for one in ids]
    if all(entry is not None and entry.osi for entry in entries):
        return named.title or licence, LicenceKind.OSI
    readings = [reading for one in ids if (reading := reading_of(one)) is not None]
    commerce = [reading.statements.get(Topic.COMMERCIAL) for reading in readings]
    if any(one is not None and one.sign is Sign.FORBIDDEN for one in commerce):
        return named.title or licence, LicenceKind.NO_COMMERCE
    return named.title or licence, LicenceKind.CONDITIONS if readings else LicenceKind.OTHER


def _after(beginning: str, tags: tuple[str, ...]) -> str:
    return next((tag.removeprefix(beginning) for tag in tags if tag.startswith(beginning)), "")
