"""Lists the models of this computer as the page shows them, the one that comes along among them."""

from pathlib import Path

from app.models_page.here.shelf import ShelfItem
from runner.library.library import Entry, Library
from runner.store.files import FileState, KnownFile, Origin, look_at
from runner.store.values import FileId

NOT_STORED = FileId(0)
"""Of the starter, until it was opened for the first time."""


def shelf_items(library: Library, loaded: Path | None) -> list[ShelfItem]:
    """Returns every model that is known here, the latest used first.

    Args:
        library: knows them.
        loaded: the file that is loaded, if any.

    Raises:
        RunnerError: the starter can't be looked at.
    """
    entries = list(library.entries())
    starter = library.starter.path()
    if starter is not None and all(Path(one.file.path) != starter for one in entries):
        entries.append(_unopened(starter, library.starter.name))
    return [_item(entry, loaded) for entry in entries]


def _unopened(path: Path, name: str) -> Entry:
    """Returns the model that comes along before anybody has opened it."""
    look = look_at(path)
    return Entry(
        file=KnownFile(id=NOT_STORED, path=str(path), name=name, look=look, origin=Origin.STARTER),
        state=FileState.SAME,
        parts=1,
        size=look.size,
        source=None,
        is_own=False,
    )


def _item(entry: Entry, loaded: Path | None) -> ShelfItem:
    file, source = entry.file, entry.source
    path = Path(file.path)
    return ShelfItem(
        file=file,
        name=path.stem if file.name == path.name else file.name,
        size=entry.size,
        parts=entry.parts,
        state=entry.state,
        is_starter=file.origin is Origin.STARTER,
        is_loaded=loaded == path,
        is_own=entry.is_own,
        repository=source.repository if source else "",
        revision=source.revision if source else "",
        commit=source.commit if source else "",
        remote_path=source.path if source else "",
        promised=source.sha256 if source else "",
        verified=source.verified if source else 0.0,
    )
