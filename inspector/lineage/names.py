"""Reads names of repositories: owner and name, size, and the hints that people put into them."""

import re
from functools import cache

import msgspec

from resources import table

_PART = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,95})"
_REPOSITORY = re.compile(rf"^({_PART})/({_PART})$")
_HUB = re.compile(
    rf"^(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/({_PART})(?:/({_PART}))?(?:[/?#].*)?$",
    re.IGNORECASE,
)
_SIZE = re.compile(
    # Not the size of one expert's share, as in 17B-16E.
    r"(?<![A-Za-z0-9.])(?:(\d{1,3})x)?(\d{1,4}(?:\.\d{1,3})?)\s?([MBT])(?![A-Za-z0-9]|-\d{1,3}E\b)",
    re.IGNORECASE,
)
_TIMES = {"m": 1e6, "b": 1e9, "t": 1e12}
_CACHE = re.compile(rf"^models--({_PART}?)--({_PART})$")
_WORD = re.compile(r"[a-z0-9]+")


class Hints(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`resources/cards/lineage.toml`."""

    schema: int
    merge: frozenset[str]
    adapter: frozenset[str]
    removed: frozenset[str]
    endings: tuple[str, ...]
    families: dict[str, tuple[str, ...]]


@cache
def hints() -> Hints:
    """Returns what names tell."""
    read: Hints = table("cards/lineage.toml", Hints)
    return read


def repository(text: str) -> str:
    """Returns `owner/name` of an id or a Hub address; empty where it is neither."""
    plain = text.strip()[:400]
    if found := _HUB.match(plain):
        owner, name = found.group(1), found.group(2)
        return f"{owner}/{name}" if name and owner not in {"datasets", "spaces"} else ""
    found = _REPOSITORY.match(plain)
    return f"{found.group(1)}/{found.group(2)}" if found and "." not in found.group(1) else ""


def owner_only(text: str) -> str:
    """Returns the owner of a Hub address that names no repository."""
    found = _HUB.match(text.strip()[:400])
    return found.group(1) if found and not found.group(2) else ""


def cached_repository(folders: tuple[str, ...]) -> str:
    """Returns the repository that a folder of the Hub's own cache is named after."""
    for folder in reversed(folders):
        if found := _CACHE.match(folder):
            return f"{found.group(1)}/{found.group(2)}"
    return ""


def stem(name: str) -> str:
    """Returns a name without owner and the endings of quantised files, for comparing."""
    plain = name.rsplit("/", 1)[-1].lower()
    changed = True
    while changed:
        changed = False
        for ending in hints().endings:
            if plain.endswith(ending) and len(plain) > len(ending):
                plain, changed = plain[: -len(ending)].rstrip("-_. "), True
    return "".join(_WORD.findall(plain))


def parameters(name: str) -> float | None:
    """Returns the number of parameters that a name states; None where it states none."""
    found = _SIZE.search(name)
    if found is None:
        return None
    times = int(found.group(1)) if found.group(1) else 1
    return times * float(found.group(2)) * _TIMES[found.group(3).lower()]


def words(name: str) -> frozenset[str]:
    """Returns the words of a name."""
    return frozenset(_WORD.findall(name.lower()))


def family(name: str) -> tuple[str, ...]:
    """Returns the architectures that models of a well-known family have; empty for the rest."""
    # Without its size: gemma-2b is not of Gemma 2, and SmolLM-360M not of SmolLM3.
    plain = "".join(_WORD.findall(_SIZE.sub(" ", name.rsplit("/", 1)[-1]).lower()))
    for beginning, architectures in hints().families.items():
        if plain.startswith(beginning):
            return architectures
    return ()
