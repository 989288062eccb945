"""Which files make up a model on disk, by their names alone. Knows no Qt."""

from pathlib import Path
from typing import TYPE_CHECKING

from inspector.errors import InspectorError
from inspector.gguf.ranges import is_beginning
from inspector.gguf.splits import siblings
from runner.library.paths import is_file, models_folder

if TYPE_CHECKING:
    from app.settings import Settings


def files_of_model(path: Path) -> tuple[Path, ...]:
    """Returns what a process must be able to read for the model at `path`: it, and its siblings.

    Where a sibling is missing the reader is the one to say so; it then needs no more than `path`.
    Of a set that was only looked into, the folder too: the names say how long each file is, so
    nobody can tell them without a look.
    """
    try:
        parts = siblings(path)
    except InspectorError:
        return (path,)
    return (*parts, path.parent) if len(parts) > 1 and is_beginning(path) else parts


def models_folder_in(settings: "Settings") -> Path:
    """Returns where downloads go: the folder that the settings name, else the usual one."""
    return Path(settings.models.folder) if settings.models.folder else models_folder()


CARDS = ("README.md", "MODEL_CARD.md", "model_card.md", "modelcard.md")
"""Names of model cards, the Hub's first."""


def card_file_of(path: Path) -> Path | None:
    """Returns the card that lies beside the model at `path`, if one does."""
    for name in CARDS:
        if is_file(card := path.parent / name):
            return card
    return None


MOST_DOCUMENTS = 12
"""Licence texts and notices of one folder that are read."""


def is_text(name: str) -> bool:
    """Says whether a file's name is text; on Linux it may be any bytes, which no message can carry."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def licence_files_of(path: Path) -> tuple[Path, ...]:
    """Returns the licence texts and notices that lie beside the model at `path`.

    They are told by their names, and are in the same folder; that they belong to the model is for
    a person to see.
    """
    from inspector.licences.documents import is_licence_file, is_notice_file

    try:
        entries = sorted(path.parent.iterdir(), key=lambda entry: entry.name)
        found = [
            entry
            for entry in entries
            if (is_licence_file(entry.name) or is_notice_file(entry.name))
            and is_text(entry.name)
            and entry.is_file()
        ]
    except OSError:
        # A folder that can't be listed has no text for us; the report says that none was seen.
        return ()
    return tuple(found[:MOST_DOCUMENTS])


def papers_of(path: Path) -> tuple[str, tuple[str, ...], tuple[Path, ...]]:
    """Returns the card and the documents beside a model, and all that their reader must see."""
    card, documents = card_file_of(path), licence_files_of(path)
    beside = (*documents, *((card,) if card else ()))
    return str(card or ""), tuple(map(str, documents)), (*files_of_model(path), *beside)
