"""What a licence can be about, and which of it a text is for: by what links to it, else by its own name."""

import re
from collections.abc import Sequence
from enum import StrEnum
from urllib.parse import unquote, urlsplit

import msgspec

from inspector.licences.documents import LicenceText


class Part(StrEnum):
    """What a licence can be about; one of them says nothing of the others."""

    WEIGHTS = "weights"
    CODE = "code"
    DATA = "data"
    DOCUMENTS = "documents"


_WORDS = {
    Part.WEIGHTS: frozenset({"model", "models", "weight", "weights"}),
    Part.CODE: frozenset({"code", "software"}),
    Part.DATA: frozenset({"data", "dataset", "datasets"}),
    Part.DOCUMENTS: frozenset({"doc", "docs", "documentation"}),
}
_PIECE = re.compile(r"[A-Za-z]+")


class PlacedText(msgspec.Struct, frozen=True):
    """A licence text with the part that it is for.

    Attributes:
        part: by a link or the file's name; a plain `LICENSE` is taken for the weights'.
    """

    text: LicenceText
    part: Part


def placed(texts: Sequence[LicenceText], link: str = "") -> tuple[PlacedText, ...]:
    """Returns texts with their parts: the weights' come first, and of these what was said to be theirs.

    Repositories with `LICENSE-CODE` and `LICENSE-MODEL` are common, and the code's text says nothing of
    the weights.

    Args:
        texts: the texts beside a file, in their order.
        link: where the weights' label says that its text is.
    """
    linked = _name_of(link)
    found = []
    for text in texts:
        name = text.source.document.rsplit("/", 1)[-1]
        is_linked = bool(linked) and name.casefold() == linked
        part = Part.WEIGHTS if is_linked else part_of_file(name)
        rank = 0 if is_linked else 1 if part else 2
        found.append((rank, PlacedText(text, part or Part.WEIGHTS)))
    order = list(Part)
    found.sort(key=lambda one: (order.index(one[1].part), one[0]))
    return tuple(one for _, one in found)


def part_of_file(name: str) -> Part | None:
    """Returns the one part that a licence file's name names: `LICENSE-CODE` is for the code.

    Of a path the last name counts: `me/code-otter/LICENSE` says nothing.
    """
    words = {word.lower() for word in _PIECE.findall(name.rsplit("/", 1)[-1])}
    met = [part for part, theirs in _WORDS.items() if words & theirs]
    return met[0] if len(met) == 1 else None


def _name_of(link: str) -> str:
    """Returns the file's name at the end of an address or of a path."""
    try:
        path = urlsplit(link.strip()).path
    except ValueError:
        return ""
    return unquote(path.rstrip("/").rsplit("/", 1)[-1]).casefold()
