"""A move of the models folder, written down before it begins: a kill leaves nothing undecided.

The setting that names the folder is changed by somebody else, later. Until that is done the note
stays, and the next start either finishes the move or takes it back, and says where the models lie.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

import msgspec

from runner.library.paths import MOVE_NOTE, make_private
from runner.store.files_written import sync_folder, write_whole


class Stage(StrEnum):
    """How far a move has come."""

    RENAMING = "renaming"
    """Some names may be in the old folder and some in the new one; it is finished."""
    COPYING = "copying"
    """Everything is still in the old folder; what was copied is removed again."""
    COPIED = "copied"
    """Everything was copied and read back; what is left in the old folder is removed."""
    MOVED = "moved"


class Intention(msgspec.Struct, frozen=True):
    """What a move is about to do.

    Attributes:
        names: what lay in the old folder; none of them was in the new one.
    """

    old: str
    new: str
    names: tuple[str, ...]
    stage: Stage


class MoveNote:
    """The note of a move.

    Args:
        folder: where it lies, outside of both folders.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / MOVE_NOTE

    def write(self, intention: Intention) -> None:
        """Writes it down, for good.

        Raises:
            RunnerError: a code of `files`.
        """
        make_private(self._path.parent)
        write_whole(self._path, msgspec.json.encode(intention))

    def read(self) -> Intention | None:
        """Returns what was intended; None where no move is unsettled."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Intention)
        except (OSError, msgspec.DecodeError):
            return None

    def drop(self) -> None:
        """Forgets it: the setting names the folder in which the models lie."""
        with suppress(OSError):
            self._path.unlink()


def settle(note: MoveNote) -> Intention | None:
    """Finishes a move that was cut off, or takes it back; None where there was none.

    Returns:
        the intention with stage `MOVED` where the models lie in the new folder now, and with
        `COPYING` where they still lie in the old one.

    Raises:
        OSError: the disk refuses; the note stays for the next start.
    """
    intention = note.read()
    if intention is None or intention.stage is Stage.MOVED:
        return intention
    old, new = Path(intention.old), Path(intention.new)
    if intention.stage is Stage.COPYING:
        for name in intention.names:
            # Only what is a copy for certain.
            if (old / name).exists():
                _remove(new / name)
        return intention
    for name in intention.names:
        if intention.stage is Stage.RENAMING:
            if (old / name).exists() and not (new / name).exists():
                (old / name).rename(new / name)
        else:
            remove_copied(old / name, new / name)
    if new.is_dir():
        sync_folder(new)
    moved = msgspec.structs.replace(intention, stage=Stage.MOVED)
    note.write(moved)
    return moved


def remove_copied(old: Path, new: Path) -> None:
    """Removes below `old` every file that lies below `new` as long as it was; then empty folders."""
    for path in sorted(below(old), reverse=True):
        copy = new / path.relative_to(old) if path != old else new
        if path.is_dir() and not path.is_symlink():
            with suppress(OSError):  # not empty: something came later, and stays
                path.rmdir()
        elif copy.is_file() and copy.stat().st_size == path.lstat().st_size:
            path.unlink()


def below(place: Path) -> Iterator[Path]:
    """Returns a place and everything in it; links are not followed."""
    if place.exists() or place.is_symlink():
        yield place
    if place.is_dir() and not place.is_symlink():
        yield from place.rglob("*")


def writer(note: MoveNote, old: Path, new: Path, names: tuple[str, ...]) -> Callable[[Stage], None]:
    """Returns what writes down how far a move has come."""
    return lambda stage: note.write(Intention(str(old), str(new), names, stage))


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
