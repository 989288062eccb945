"""Which licence a label means: identifiers, expressions, and names as people write them.

The one place where a string becomes a licence; the frameworks ask here too.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from inspector.licences.catalogue import entries, hub, spdx

if TYPE_CHECKING:
    from license_expression import Licensing

LONGEST_LABEL = 300
"""Characters of a label; anything longer is a text and not a name."""

_TOKEN = re.compile(r"\d+(?:\.\d+)*\+?|[^\W\d_]+(?:\+\+)?")
_V = re.compile(r"v(?=\d)")
_FILLER = frozenset(
    {"the", "license", "licence", "licenses", "agreement", "version", "v", "community"}
)
_OPERATOR = re.compile(r"\b(?:AND|OR|WITH)\b|[()]")
_VERSIONS = re.compile(r"-(?:only|or-later)$")


class How(StrEnum):
    """How a label was understood."""

    IDENTIFIER = "identifier"
    NAME = "name"
    EXPRESSION = "expression"
    FAMILY = "family"
    UNTOLD = "untold"
    NOTHING = "nothing"
    UNRECOGNISED = "unrecognised"


class Named(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a label means.

    Attributes:
        text: the label.
        id: the licence; empty where the label names none, or several.
        parts: ids of several licences; `joined` says whether all bind, or any may be chosen.
        joined: `all`, `any`, `mixed`, or `listed` where nothing says how they go together; empty for one.
    """

    text: str
    how: How
    id: str = ""
    title: str = ""
    parts: tuple[str, ...] = ()
    joined: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """The licences that it names."""
        return (self.id,) if self.id else self.parts


def identify(text: str) -> Named:
    """Returns which licence, or licences, the label `text` means."""
    if len(text) > LONGEST_LABEL or not text.isprintable():
        return Named(text=text[:LONGEST_LABEL], how=How.UNRECOGNISED)
    label = unicodedata.normalize("NFKC", text).strip()
    plain = plain_name(label)
    others = hub()
    if plain in others.nothing:
        return Named(text=text, how=How.NOTHING)
    if plain in others.untold:
        return Named(text=text, how=How.UNTOLD)
    if title := others.families.get(plain):
        return Named(text=text, how=How.FAMILY, title=title)
    if one := _one(text, plain):
        return one
    return _several(text, label) or Named(text=text, how=How.UNRECOGNISED)


def title_of(licence: str) -> str:
    """Returns a licence's name for people; its id where we have none."""
    return _titles().get(licence, licence)


def same_licence(one: str, other: str) -> bool:
    """Whether two ids mean one licence; SPDX's old and new GNU names do."""
    return _VERSIONS.sub("", one) == _VERSIONS.sub("", other)


def plain_name(text: str) -> str:
    """Returns a name without what people vary: case, underscores, runs of spaces."""
    return " ".join(text.casefold().replace("_", "-").split())


def _one(text: str, plain: str) -> Named | None:
    if licence := _identifiers().get(plain):
        return Named(text=text, how=How.IDENTIFIER, id=licence, title=title_of(licence))
    if licence := _names().get(_squeezed(plain)):
        return Named(text=text, how=How.NAME, id=licence, title=title_of(licence))
    return None


def _several(text: str, label: str) -> Named | None:
    """Understands lists and SPDX expressions; None where a part of it means nothing to us."""
    if "," in label and not _OPERATOR.search(label):
        found = [_one(piece, plain_name(piece)) for piece in label.split(",") if piece.strip()]
        joined = "listed"
    elif _OPERATOR.search(label):
        found = [_one(key, plain_name(key)) for key in _keys_of_expression(label)]
        words = {word for word in ("AND", "OR") if re.search(rf"\b{word}\b", label)}
        joined = {"AND": "all", "OR": "any"}[words.pop()] if len(words) == 1 else "mixed"
        if len(found) == 1:
            joined = "all"
    else:
        return None
    if not found or not all(found):
        return None
    ids = tuple(dict.fromkeys(one.id for one in found if one is not None))
    title = (" or " if joined == "any" else ", ").join(map(title_of, ids))
    if len(ids) == 1:
        return Named(text=text, how=How.EXPRESSION, id=ids[0], title=title)
    return Named(text=text, how=How.EXPRESSION, title=title, parts=ids, joined=joined)


@cache
def _licensing() -> "Licensing":
    """Returns the library's index; making it takes thirty milliseconds."""
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()


def _keys_of_expression(label: str) -> list[str]:
    """Returns the licences of an SPDX expression, without exceptions; nothing where it is none."""
    # Late: the library takes a while, and few labels are expressions.
    from license_expression import ExpressionError, ParseError

    licensing = _licensing()
    try:
        parsed = licensing.parse(label, validate=False)
        if parsed is None:
            return []
        symbols = licensing.license_symbols(parsed, decompose=True)
    except (
        ExpressionError,
        ParseError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
        AttributeError,
    ):
        # The library raises what it meets in a broken expression; `()` gives an IndexError.
        return []
    return [symbol.key for symbol in symbols if not symbol.is_exception]


def _squeezed(name: str) -> str:
    """Returns the words and versions of a name: `llama3.2 community license` → `llama 3.2`."""
    words = (word for word in _TOKEN.findall(_V.sub(" ", name.casefold())) if word not in _FILLER)
    # "The MIT License (MIT)" says one thing twice.
    return " ".join(dict.fromkeys(word.removesuffix(".0") for word in words))


@cache
def _identifiers() -> dict[str, str]:
    """Returns every identifier and exact name, plain, with its licence."""
    found: dict[str, str] = {}
    for name, licence in _all_names():
        found.setdefault(plain_name(name), licence)
    return found


@cache
def _names() -> dict[str, str]:
    """Returns every name squeezed; those that two licences share mean neither."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for name, licence in _all_names():
        key = _squeezed(name)
        if found.setdefault(key, licence) != licence:
            shared.add(key)
    own = {_squeezed(name) for entry in entries() for name in (*entry.hub, *entry.names)}
    return {key: found[key] for key in found if key and (key not in shared or key in own)}


@cache
def _titles() -> dict[str, str]:
    titles = {one.id: one.name for one in spdx().licences}
    titles |= {_hub_id(key): title for key, title in hub().named.items()}
    return titles | {entry.id: entry.title for entry in entries()}


def _hub_id(key: str) -> str:
    """Returns our id for a licence that only the Hub names."""
    return f"LicenseRef-{key.title()}"


def _all_names() -> Iterator[tuple[str, str]]:
    """Yields names with their licences, the surest first."""
    for entry in entries():
        bare = entry.id.removeprefix("LicenseRef-")
        for name in (entry.id, bare, *entry.hub, *entry.names, entry.title):
            yield name, entry.id
    for key, licence in hub().spdx.items():
        yield key, licence
    for key, title in hub().named.items():
        yield key, _hub_id(key)
        yield title, _hub_id(key)
    listed = sorted(spdx().licences, key=lambda one: one.old)
    for one in listed:
        yield one.id, one.id
    for one in listed:
        yield one.name, one.id
