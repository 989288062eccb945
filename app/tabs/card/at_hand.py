"""Which cards of a model's ancestors lie on this machine. Knows no Qt.

A repository's name comes from a header or a card, so from anybody: only plain `owner/name` is
looked for, and only below folders where models are kept.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.model_files import CARDS
from inspector.lineage.values import Lineage, Place, PlaceNode

_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_MOST_REVISIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAtHand:
    """A card of an ancestor; without a path it is not on this machine."""

    model: str
    path: Path | None


def base_cards(lineage: Lineage, folders: Iterable[Path]) -> tuple[CardAtHand, ...]:
    """Returns the end model and base models that the lineage names, each with its card if it is here."""
    places = list(folders)
    found: dict[str, CardAtHand] = {}
    for node in lineage.nodes:
        if node.place in {Place.END_MODEL, Place.BASE_MODEL} and (name := _name(node)):
            found.setdefault(
                name.lower(), CardAtHand(model=name, path=_card_of(node.repository, places))
            )
    return tuple(found.values())


def model_folders(model: Path, settled: Iterable[Path]) -> tuple[Path, ...]:
    """Returns where models are kept: the settled folders, that of `model`, the Hub's own cache."""
    above = [model.parents[2]] if len(model.parents) > 2 else []
    cache = os.environ.get("HF_HUB_CACHE", "").strip()
    home = os.environ.get("HF_HOME", "").strip()
    hub = (
        Path(cache)
        if cache
        else (Path(home) if home else Path.home() / ".cache" / "huggingface") / "hub"
    )
    return tuple(dict.fromkeys([*settled, *above, hub]))


def _name(node: PlaceNode) -> str:
    return node.repository or (node.name.text if node.name.is_known else "")


def _card_of(repository: str, folders: Iterable[Path]) -> Path | None:
    parts = repository.split("/")
    if len(parts) != 2 or not all(_PART.fullmatch(part) and ".." not in part for part in parts):
        return None
    for folder in folders:
        for place in _places(folder, *parts):
            for name in CARDS:
                if (place / name).is_file():
                    return place / name
    return None


def _places(folder: Path, owner: str, name: str) -> Iterator[Path]:
    yield folder / owner / name
    snapshots = folder / f"models--{owner}--{name}" / "snapshots"
    try:
        revisions = sorted(snapshots.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
    except OSError:
        return
    yield from revisions[:_MOST_REVISIONS]
