"""What the frameworks need to know of a licence: its identifier, and who calls it open.

Strings in the wild (`apache-2.0`, `Apache 2.0`, `llama3.1`) become one identifier here before any
rule sees them. The text of a licence and its terms in plain words are `inspector.licences`.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal

import msgspec

from inspector.findings.values import Terms
from inspector.licences.catalogue import Entry, Flags, entries
from inspector.licences.names import identify, plain_name
from resources import table

ContentType = Literal["code", "data", "document"]
Reading = Literal["yes", "contested", "no", "unknown"]


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    """A licence as a rule sees it.

    Attributes:
        id: SPDX identifier, `LicenseRef-…` for AI licences, or the string as found.
        recognised: whether we know it; nothing else says anything where it is False.
        listed: what the Model Openness Tool holds open: by OSI, FSF or its data list.
        open: the same without the tool's known gaps.
        suits: the content types that it is written for.
        limits: what it restricts; see `resources/licences/other.toml` for the words.
        eu: how the licence leg of the EU guidelines reads it.
    """

    id: str
    recognised: bool = False
    osi: bool = False
    fsf: bool = False
    listed: bool = False
    open: bool = False
    open_data: bool = False
    rail: bool = False
    suits: frozenset[str] = frozenset()
    limits: frozenset[str] = frozenset()
    eu: Reading = "unknown"

    @property
    def terms(self) -> Terms:
        """Open, restricted, or unknown where nobody whom we follow has said."""
        if self.open:
            return Terms.OPEN
        return Terms.RESTRICTED if self.limits or self.eu == "no" else Terms.UNKNOWN


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str
    osi: bool
    fsf: bool
    types: frozenset[str]


class _Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: dict[str, str]
    open_data: frozenset[str]
    open: frozenset[str]
    licences: tuple[_Row, ...]


class _Other(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A licence that has no reading in a file of its own."""

    id: str
    read: Literal["text", "list", "recalled"]
    names: tuple[str, ...] = ()
    open: bool = False
    rail: bool = False
    types: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    eu: Reading = "unknown"


class _Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    matches: str
    limits: frozenset[str]
    eu: Reading


class _Others(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    source: dict[str, str]
    family: tuple[_Family, ...]
    licence: tuple[_Other, ...]


class _Known(msgspec.Struct, frozen=True):
    """What we add to a catalogue's row, wherever it stands."""

    names: tuple[str, ...]
    flags: Flags


def _known(entries: Iterable[Entry], others: Iterable[_Other]) -> dict[str, _Known]:
    """Returns what the readings and the list of others say, by identifier."""
    known = {
        one.id: _Known((*one.hub, *one.names, one.title.lower()), one.frameworks) for one in entries
    }
    for one in others:
        flags = Flags(one.open, one.rail, one.types, one.limits, one.eu)
        known[one.id] = _Known(one.names, flags)
    return known


# What a file says where its author had no licence to name.
_NONE = frozenset({"", "unlicensed", "none", "no license", "no licence", "n/a", "-"})
# Says that there is a licence, and not which.
_UNTOLD = frozenset({"other", "unknown", "undisclosed", "custom", "proprietary?"})


class Licences:
    """Every licence that we know, by any of its names.

    Args:
        catalogue: identifiers with their flags, as the Model Openness Tool has them.
        entries: our readings, by their names and with what the frameworks ask.
        others: licences without a reading, and whole families of identifiers.
    """

    def __init__(self, catalogue: _Catalogue, entries: Iterable[Entry], others: _Others) -> None:
        known = _known(entries, others.licence)
        rows = {row.id: row for row in catalogue.licences}
        self._by_name: dict[str, Licence] = {}
        for key in [*rows, *(one for one in known if one not in rows)]:
            row = rows.get(key)
            more = known[key].flags if key in known else Flags()
            data = key in catalogue.open_data or key in catalogue.open
            osi, fsf = (row.osi, row.fsf) if row else (False, False)
            listed = osi or fsf or data
            families = [one for one in others.family if re.search(one.matches, key)]
            limits = frozenset[str]().union(*(one.limits for one in families))
            eu: Reading = families[0].eu if families else "yes" if osi else "unknown"
            licence = Licence(
                id=key,
                recognised=True,
                osi=osi,
                fsf=fsf,
                listed=listed,
                open=listed or more.open,
                open_data=data or (more.open and "data" in more.types),
                rail=more.rail,
                suits=(row.types if row else frozenset[str]()) | frozenset(more.types),
                limits=limits | frozenset(more.limits),
                eu=more.eu if more.eu != "unknown" else eu,
            )
            for name in (key, row.name if row else "", *(known[key].names if key in known else ())):
                if name:
                    self._by_name.setdefault(plain_name(name), licence)
        self._tool = {row.id: (row.osi or row.fsf, row.types) for row in catalogue.licences}
        self._tool_open = catalogue.open_data | catalogue.open

    def exact(self, text: str) -> tuple[bool, frozenset[str]]:
        """Returns whether the Model Openness Tool holds `text` open, and what it is typed for.

        Case counts and nothing is normalised: that is how the tool does it.
        """
        flagged, types = self._tool.get(text, (False, frozenset[str]()))
        return flagged or text in self._tool_open, types

    def find(self, text: str) -> Licence:
        """Returns the licence that `text` names; one that isn't `recognised` where we can't tell."""
        found = self._by_name.get(plain_name(text))
        if found is None:
            # Of licences to choose from the most open counts; of several that bind, the least.
            for word, pick in ((" OR ", max), (" AND ", min), (",", min)):
                pieces = [one.strip(" ()") for one in text.split(word) if one.strip(" ()")]
                if len(pieces) > 1:
                    return pick(map(self.find, pieces), key=lambda one: (one.open, one.osi))
            # An exception adds a permission; the licence before it is what counts.
            before, exception, _ = text.partition(" WITH ")
            if exception:
                return self.find(before)
            # Other spellings are understood where every label is; not twice.
            named = identify(text).id
            return self._by_name.get(plain_name(named)) or Licence(id=text.strip())
        return found

    def terms(self, text: str | None) -> Terms:
        """Returns the terms that the licence string `text` stands for; None was never looked for."""
        if text is None or plain_name(text) in _UNTOLD:
            return Terms.UNKNOWN
        if plain_name(text) in _NONE:
            return Terms.NONE_STATED
        return self.find(text).terms


@cache
def licences() -> Licences:
    """Returns the licences that we know."""
    return Licences(
        table("frameworks/data/mof-licences.json", _Catalogue),
        entries(),
        table("licences/other.toml", _Others),
    )
