"""Where fetched files lie: the folder they arrive in, and the name they get once they are whole."""

import errno
import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from runner.courier.stripes import PART, part_name, stripes_of
from runner.errors import RunnerError
from runner.fetch.names import INCOMING, is_plain_name, part_of
from runner.library.paths import make_private
from runner.store.fetches import Fetch, FetchFile, FetchState
from runner.store.files_written import sync_folder, write_whole
from runner.store.papers import LISTING, SAID, Paper

BLOCK = 1024 * 1024

KEEP_FREE = 512 * 1024 * 1024
"""What a download leaves of a disk, for everything else that writes there."""


def prepare(folder: Path) -> Path:
    """Makes the models folder and the one that files arrive in; returns the latter.

    Raises:
        RunnerError: `fetch.cannot_write`.
    """
    try:
        return make_private(folder / INCOMING)
    except OSError as error:
        raise RunnerError("fetch.cannot_write", str(error), folder=str(folder)) from error


def arrived(fetch: Fetch) -> int:
    """Returns how many bytes of a fetch are on the disk, whole files and parts."""
    return sum(
        _size(place) or min(file.size, _come(part_of(Path(fetch.folder), file)))
        for file, place in zip(fetch.files, fetch.paths, strict=True)
    )


def give_name(fetch: Fetch, file: FetchFile, place: Path) -> None:
    """Moves a verified file from where it arrived to its name, for good.

    Raises:
        RunnerError: `fetch.there_already`, `fetch.cannot_write`.
    """
    part = part_of(Path(fetch.folder), file)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if part.stat().st_size != file.size:
            raise RunnerError("fetch.wrong_hash", f"{part} is not {file.size} bytes long")
        if os.path.lexists(place):
            raise RunnerError("fetch.there_already", path=str(place))
        _move(part, place, file)
        sync_folder(place.parent)
        sync_folder(part.parent)
    except OSError as error:
        raise RunnerError("fetch.cannot_write", str(error), folder=fetch.folder) from error


def _move(part: Path, place: Path, file: FetchFile) -> None:
    """Renames; over the border of a disk, or where the kernel forbids that, copies what it checks."""
    try:
        part.rename(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    else:
        return
    near = place.with_name(f".{place.name}{PART}")
    digest = hashlib.sha256()
    try:
        with part.open("rb") as source, near.open("wb") as target:
            while block := source.read(BLOCK):
                digest.update(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        if file.sha256 and digest.hexdigest() != file.sha256:
            raise RunnerError("fetch.wrong_hash", f"{digest.hexdigest()} in the copy")
        near.rename(place)
    finally:
        near.unlink(missing_ok=True)
    part.unlink()


def take_back_name(fetch: Fetch, file: FetchFile, place: Path) -> None:
    """Makes a part again of a file that was named just before a kill: its hash is read anew."""
    part = part_of(Path(fetch.folder), file)
    try:
        if place.is_file() and not place.is_symlink() and not part.exists():
            place.rename(part)
    except OSError as error:
        raise RunnerError("fetch.cannot_write", str(error), folder=fetch.folder) from error


def put_beside(fetch: Fetch, papers: Iterable[Paper]) -> None:
    """Puts card and terms beside the model, where the inspector and other apps look for them.

    What lies there already stays: it came with another file, or is a person's own.
    """
    folder = fetch.path.parent
    for paper in papers:
        place = folder / paper.name
        if is_plain_name(paper.name) and paper.name not in (LISTING, SAID) and not place.exists():
            write_whole(place, paper.text.encode(), mode=0o644)


def sweep(folder: Path, fetches: Iterable[Fetch]) -> list[Path]:
    """Removes parts that belong to no fetch that is still to be done; returns them."""
    wanted = {
        part_of(Path(fetch.folder), file).name
        for fetch in fetches
        if fetch.state is not FetchState.DONE
        for file in fetch.files
    }
    orphans = [
        part
        for part in _entries(folder / INCOMING)
        if part_name(part.name) not in wanted and part.suffix == PART and not part.is_dir()
    ]
    for orphan in orphans:
        with suppress(OSError):  # it takes room, and is in nobody's way
            orphan.unlink(missing_ok=True)
    return orphans


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _come(part: Path) -> int:
    """Returns how many bytes of a file have come, those included that came before their turn."""
    length = _size(part)
    return length + sum(
        max(0, stripe.reach - max(stripe.start, length)) for stripe in stripes_of(part)
    )


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
