"""What `lightwell models` does: lists what the library knows, and what other apps have."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.cli.columns import print_groups
from app.cli.command import Exit
from app.cli.desk import Desk
from app.model.files import models_folder_in
from app.settings import SettingsFile
from app.words.quantities import bytes_in_words
from runner.library import paths
from runner.library.library import Entry, Library
from runner.library.others import Found
from runner.store import Store
from runner.store.files import FileState
from runner.store.reading import open_copy

STATES = {FileState.CHANGED: "changed since it was looked at", FileState.GONE: "no longer there"}


class ModelTold(msgspec.Struct, frozen=True, kw_only=True):
    """A model in the form `lightwell.models/1`.

    Attributes:
        app: empty for what this app knows, else the other app that has it.
        state: same, changed or gone, since it was looked at; empty for another app's.
        verified: when its hash was last the promised one; null where nobody promised or looked.
    """

    name: str
    path: str
    size: int
    app: str = ""
    parts: int = 1
    state: str = ""
    origin: str = ""
    sha256: str = ""
    weights_digest: str = ""
    repository: str = ""
    commit: str = ""
    verified: float | None = None
    last_used: float | None = None
    is_projector: bool = False


def run(wanted: Namespace, desk: Desk) -> int:
    """Prints the models of this computer, in words or as one JSON object."""
    settings = SettingsFile(paths.settings_file())
    folder = models_folder_in(settings.current)
    # Beside an open window the database can be read, and nothing here writes.
    with open_copy(paths.database_file()) or Store.in_memory() as store:
        library = Library(store, lambda: folder)
        entries = library.entries()
        others = library.found_elsewhere() if wanted.all else ()
        starter = library.starter.path()
    told = [_of_entry(entry) for entry in entries]
    if starter is not None and all(one.path != str(starter) for one in told):
        size = starter.stat().st_size
        told.append(ModelTold(name=starter.stem, path=str(starter), size=size, origin="starter"))
    total = sum(entry.size for entry in entries if entry.is_own)
    theirs = [_of_other(found) for found in others]
    if wanted.json:
        models = msgspec.to_builtins([*told, *theirs])
        desk.screen.json(
            {
                "schema": "lightwell.models/1",
                "folder": str(folder),
                "folder_bytes": total,
                "models": models,
            }
        )
        return Exit.DONE
    for one in (*told, *theirs):
        print_groups({one.name: _rows(one)}, desk.screen)
        desk.screen.line()
    desk.screen.line(f"{bytes_in_words(total)} in {folder}")
    return Exit.DONE


def _of_entry(entry: Entry) -> ModelTold:
    file, source = entry.file, entry.source
    return ModelTold(
        name=Path(file.path).stem,
        path=file.path,
        size=entry.size,
        parts=entry.parts,
        state=entry.state.value,
        origin=file.origin.value,
        sha256=file.sha256,
        weights_digest=file.weights_digest,
        repository=source.repository if source else "",
        commit=source.commit if source else "",
        verified=(source.verified or None) if source else None,
        last_used=file.last_used,
    )


def _of_other(found: Found) -> ModelTold:
    return ModelTold(
        name=found.name,
        path=str(found.path),
        size=found.size,
        app=found.app_name,
        repository=found.repository,
        commit=found.commit,
        is_projector=found.is_projector,
    )


def _rows(one: ModelTold) -> list[tuple[str, str]]:
    size = bytes_in_words(one.size)
    rows = [
        ("size", f"{size} in {one.parts} files" if one.parts > 1 else size),
        ("file", one.path),
        ("of", one.app),
        ("from", f"{one.repository} at {one.commit[:12]}" if one.repository else ""),
        ("verified", _day(one.verified)),
        ("last used", _day(one.last_used)),
        ("state", STATES.get(FileState(one.state), "") if one.state else ""),
    ]
    return [(label, value) for label, value in rows if value]


def _day(when: float | None) -> str:
    if when is None:
        return ""
    return datetime.fromtimestamp(when, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
