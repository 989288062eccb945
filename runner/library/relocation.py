"""Moving the models folder: by renaming where that goes, else by copies that are read back and compared."""

import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from runner.courier.part import no_space
from runner.errors import RunnerError
from runner.library.intention import MoveNote, Stage, remove_copied, writer
from runner.own_files import free_bytes
from runner.store.files_written import sync_folder

BLOCK = 1024 * 1024
Tell = Callable[[int, int], None]
Unwanted = Callable[[], bool]
Note = Callable[[Stage], None]


def relocate(old: Path, new: Path, tell: Tell, unwanted: Unwanted, note: MoveNote) -> bool:
    """Moves everything below one folder into another; says whether it was moved.

    What is not moved whole stays where it was: no file is removed before all are in the new place.

    Args:
        old: the folder as it is.
        new: may be there already, as long as nothing in it has a name that is needed.
        tell: called with how many bytes are through, and of how many.
        unwanted: asked between blocks; if so, what was copied is removed again.
        note: holds what is intended before anything moves, and after a move until the caller
            drops it.

    Raises:
        RunnerError: `library.folder_inside`, `library.name_taken`, `fetch.no_space`,
            `library.not_moved`; everything is where it was.
    """
    old, new = old.resolve(), new.resolve()
    if old == new or old in new.parents or new in old.parents:
        raise RunnerError("library.folder_inside", path=str(new))
    try:
        children = sorted(old.iterdir()) if old.is_dir() else []
        new.mkdir(parents=True, exist_ok=True)
        for child in children:
            if os.path.lexists(new / child.name):
                raise RunnerError("library.name_taken", path=str(new / child.name))
        write = writer(note, old, new, tuple(child.name for child in children))
        write(Stage.RENAMING)
        moved = _rename(children, new) or _copy(old, new, children, tell, unwanted, write)
        if not moved:
            note.drop()
            return False
    except OSError as error:
        note.drop()
        raise RunnerError("library.not_moved", str(error), path=str(new)) from error
    except RunnerError:
        note.drop()
        raise
    with suppress(RunnerError):  # by the note as it is, the next start would come to the same end
        write(Stage.MOVED)
    return True


def _rename(children: list[Path], new: Path) -> bool:
    """Renames all or none; says whether that went."""
    moved: list[Path] = []
    try:
        for child in children:
            child.rename(new / child.name)
            moved.append(child)
    except OSError as error:
        for child in moved:
            (new / child.name).rename(child)
        if error.errno != errno.EXDEV:
            raise
        return False
    sync_folder(new)
    return True


def _copy(
    old: Path, new: Path, children: list[Path], tell: Tell, unwanted: Unwanted, write: Note
) -> bool:
    files = [path for path in sorted(old.rglob("*")) if path.is_file() and not path.is_symlink()]
    total = sum(path.stat().st_size for path in files)
    free = free_bytes(new)
    if free < total:
        raise no_space(new / "x", free, total)
    write(Stage.COPYING)
    done = 0
    try:
        for path in files:
            target = new / path.relative_to(old)
            target.parent.mkdir(parents=True, exist_ok=True)
            for count in _copied(path, target):
                done += count
                tell(done, total)
                if unwanted():
                    _remove(new, children)
                    return False
            shutil.copystat(path, target)
            sync_folder(target.parent)
    except (OSError, RunnerError):
        _remove(new, children)
        raise
    # From here on the new folder is the one that counts, whatever happens.
    write(Stage.COPIED)
    for child in children:
        with suppress(OSError):  # what can't be removed stays, as a second copy
            remove_copied(child, new / child.name)
    return True


def _copied(source: Path, target: Path) -> Iterator[int]:
    """Copies a file, tells of each block, and reads the copy back."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("xb") as writing:
        while block := reading.read(BLOCK):
            digest.update(block)
            writing.write(block)
            yield len(block)
        writing.flush()
        os.fsync(writing.fileno())
        if sys.platform == "linux":
            # Else pages in memory would be compared with themselves.
            os.posix_fadvise(writing.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    with target.open("rb") as reading:
        if hashlib.file_digest(reading, "sha256").digest() != digest.digest():
            raise RunnerError("library.not_moved", f"{target} is no copy", path=str(target))


def _remove(new: Path, children: list[Path]) -> None:
    for child in children:
        place = new / child.name
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)
