"""What of a model's forebears is on this computer: the files of its parents, and their cards.

Window, terminal and reports look for them here, so that all three say the same. Knows no Qt.

A repository's name comes from a header or a card, so from anybody: only plain `owner/name` is
looked for, and only below folders where models are kept.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.dossier.claims import CardAsked, KnownFiles, files_named
from app.model.files import CARDS
from inspector.claims.inputs import KeptText
from inspector.lineage.values import Lineage, Place, PlaceNode
from runner.errors import RunnerError
from runner.library.library import Library
from runner.library.paths import is_file, models_folder
from runner.store import Store
from runner.store.papers import CARD, Paper

_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_MOST_REVISIONS = 20

MOST_CARDS = 4
"""Cards of forebears whose claims are told without anybody asking for one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAtHand:
    """A card of an ancestor, as a file or as a text that was kept; without either it is not here."""

    model: str
    place: Place
    path: Path | None = None
    kept: Paper | None = None

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine."""
        return self.path is not None or self.kept is not None

    @property
    def asked(self) -> CardAsked:
        """How its claims are asked for."""
        paper = self.kept
        text = KeptText(name=paper.name, text=paper.text, revision=paper.commit) if paper else None
        return CardAsked(path=self.path, text=text, name=self.model, place=self.place.value)


@dataclass(frozen=True, slots=True)
class Forebears:
    """What is here: files of declared parents, and cards of end and base models."""

    files: tuple[Path, ...] = ()
    cards: tuple[CardAtHand, ...] = ()

    @property
    def readable(self) -> tuple[Path, ...]:
        """The files that the reader must be able to open for it."""
        return (*self.files, *(one.path for one in self.cards if one.path is not None))


def forebears_here(
    lineage: Lineage, path: Path, store: Store | None, settled: Iterable[Path] = ()
) -> Forebears:
    """Returns what of the forebears of the model at `path` is on this computer.

    Args:
        lineage: what names them.
        path: the model's file.
        store: what is kept here; None where there is nothing to look in.
        settled: where models are kept, as far as settings say.
    """
    library: KnownFiles | None = store.files if store is not None else None
    cards = base_cards(lineage, model_folders(path, settled), latest_kept(store))
    return Forebears(
        files=files_named(lineage.named_parents, library, path) if library is not None else (),
        cards=tuple(one for one in cards if one.is_here)[:MOST_CARDS],
    )


def latest_kept(store: Store | None) -> Callable[[str], Paper | None]:
    """Returns what finds the newest card of a repository that was fetched with a model."""

    def find(repository: str) -> Paper | None:
        try:
            return store.papers.latest(repository, CARD) if store is not None else None
        except RunnerError:
            # The store's own trouble is told where it is written; a card in a folder may be found.
            return None

    return find


def settled_folders(folder: str) -> tuple[Path, ...]:
    """Returns where downloads go, and where they go as long as no setting says otherwise."""
    return (*([Path(folder)] if folder else ()), models_folder())


def base_cards(
    lineage: Lineage,
    folders: Iterable[Path],
    kept: Callable[[str], Paper | None] = lambda _: None,
) -> tuple[CardAtHand, ...]:
    """Returns the end model and base models that the lineage names, each with its card if it is here.

    Args:
        lineage: what names them.
        folders: where models are kept.
        kept: returns the card of a repository that was fetched with a model.
    """
    places = list(folders)
    found: dict[str, CardAtHand] = {}
    for node in lineage.nodes:
        if node.place not in {Place.END_MODEL, Place.BASE_MODEL} or not (name := _name(node)):
            continue
        if name.lower() not in found:
            paper = kept(node.repository) if node.repository else None
            path = None if paper else _card_of(node.repository, places)
            found[name.lower()] = CardAtHand(model=name, place=node.place, path=path, kept=paper)
    return tuple(found.values())


def kept_card(store: Store, library: Library, model: Path) -> Paper | None:
    """Returns the card of a model as it was when the model was downloaded; None where none was.

    Raises:
        RunnerError: the store could not be read.
    """
    file = library.at(model)
    source = store.sources.of(file.id) if file is not None else None
    if source is None:
        return None
    papers = store.papers.of(source.repository, source.commit)
    return next((paper for paper in papers if paper.name == CARD), None)


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
                if is_file(place / name):
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
