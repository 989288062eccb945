"""Models that a person removed: moved aside within the models folder, so that it can be undone."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from runner.errors import RunnerError
from runner.library.paths import is_there, make_private

TRASH = ".trash"
NOTE = "removed.json"
KEEP_DAYS = 30
DAY_S = 86_400.0


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A model in the trash.

    Attributes:
        where: its own folder in the trash.
        paths: where its files lay, the first one first; they lie in `where` under their names.
        size: bytes of all of them.
        when: seconds since 1970.
    """

    where: str
    paths: tuple[str, ...]
    size: int
    when: float

    @property
    def path(self) -> Path:
        """Where the model lay."""
        return Path(self.paths[0])


class Trash:
    """The trash of one models folder.

    Thread: any, one at a time.
    """

    def __init__(self, folder: Path, *, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._now = now

    def list(self) -> tuple[Removed, ...]:
        """Returns what is in it, the latest first."""
        places = _entries(self._folder / TRASH)
        found = [note for place in places if (note := _note(place, self._folder))]
        return tuple(sorted(found, key=lambda removed: -removed.when))

    def put(self, paths: Sequence[Path]) -> Removed:
        """Moves the files of a model into the trash.

        Raises:
            RunnerError: `library.not_removed`; every file is where it was.
        """
        now = self._now()
        place = self._folder / TRASH / f"{now:.6f}-{paths[0].stem[:60]}"
        removed = Removed(
            where=str(place),
            paths=tuple(map(str, paths)),
            size=sum(path.stat().st_size for path in paths),
            when=now,
        )
        moved: list[tuple[Path, Path]] = []
        try:
            make_private(place)
            # Before the files: what lies there without a note could never be put back.
            below = tuple(str(path.relative_to(self._folder)) for path in paths)
            noted = msgspec.structs.replace(removed, paths=below)
            (place / NOTE).write_bytes(msgspec.json.encode(noted))
            for path in paths:
                path.rename(place / path.name)
                moved.append((path, place / path.name))
        except OSError as error:
            for path, there in moved:
                there.rename(path)
            _clear(place)
            raise RunnerError("library.not_removed", str(error), path=str(paths[0])) from error
        return removed

    def put_back(self, removed: Removed) -> None:
        """Moves a model back to where it lay.

        Raises:
            RunnerError: `library.place_taken`, `library.not_restored`.
        """
        place = Path(removed.where)
        if any(is_there(Path(path)) for path in removed.paths):
            raise RunnerError("library.place_taken", path=removed.paths[0])
        try:
            for path in map(Path, removed.paths):
                path.parent.mkdir(parents=True, exist_ok=True)
                (place / path.name).rename(path)
        except OSError as error:
            raise RunnerError("library.not_restored", str(error), path=removed.paths[0]) from error
        _clear(place)

    def empty(self, *, older_than_s: float = 0.0) -> Sequence[Removed]:
        """Removes for good what has been in the trash for so long; returns it."""
        old = [one for one in self.list() if self._now() - one.when >= older_than_s]
        for removed in old:
            for path in removed.paths:
                (Path(removed.where) / Path(path).name).unlink(missing_ok=True)
            _clear(Path(removed.where))
        return old


def _note(place: Path, folder: Path) -> Removed | None:
    try:
        removed = msgspec.json.decode((place / NOTE).read_bytes(), type=Removed)
    except (OSError, msgspec.DecodeError):
        return None
    # The models folder may have been moved as a whole.
    paths = tuple(str(folder / path) for path in removed.paths)
    return msgspec.structs.replace(removed, where=str(place), paths=paths)


def _clear(place: Path) -> None:
    (place / NOTE).unlink(missing_ok=True)
    try:
        place.rmdir()
    except OSError:
        return  # there is something in it that is not ours to remove


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
