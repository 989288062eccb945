"""The models on this machine, as a person meets them: the starter, and every file they opened."""

import re
from concurrent.futures import Future
from pathlib import Path

from runner.library.starter import Starter, starter
from runner.store import Store
from runner.store.files import FileState, KnownFile, Origin

_PART = re.compile(
    r"(?P<stem>.+)-(?P<part>\d{5})-of-(?P<parts>\d{5})(?P<ending>\.gguf)", re.IGNORECASE
)


def first_of_split(path: Path) -> Path:
    """Returns the first file of the split set that `path` belongs to; `path` where it does not.

    A set is named `name-00001-of-00003.gguf` and on; the first file stands for the model.
    """
    match = _PART.fullmatch(path.name)
    if match is None or int(match["part"]) == 1:
        return path
    first = path.with_name(f"{match['stem']}-00001-of-{match['parts']}{match['ending']}")
    return first if first.is_file() else path


class Library:
    """The models that are known, and the one to begin with.

    Owned by: the composition root. Thread: any.
    """

    def __init__(self, store: Store) -> None:
        self._files = store.files

    @property
    def starter(self) -> Starter:
        """The facts about the model that comes along."""
        return starter()

    def list(self) -> list[KnownFile]:
        """Returns the files that were opened, the latest used first; also those that are gone."""
        return self._files.list()

    def at(self, path: Path) -> KnownFile | None:
        """Returns what is known of the file at `path`."""
        return self._files.at(first_of_split(path))

    def open(self, path: Path) -> "Future[KnownFile]":
        """Takes note of a file where it lies: a person opened it, or it came along.

        Raises:
            RunnerError: `files.missing`, `files.not_a_file` or `files.unreadable`, at once.
        """
        path = first_of_split(path)
        if path.absolute() == self.starter.path():
            return self._files.adopt(path, self.starter.name, origin=Origin.STARTER)
        return self._files.adopt(path)

    def used(self, file: KnownFile) -> "Future[None]":
        """Notes that a file was loaded now."""
        return self._files.used(file.id)

    def record_digests(
        self, file: KnownFile, *, sha256: str = "", weights_digest: str = ""
    ) -> "Future[bool]":
        """Keeps what was measured of a file; False where it has changed in the meantime."""
        return self._files.record_digests(file, sha256=sha256, weights_digest=weights_digest)

    def forget(self, file: KnownFile) -> "Future[None]":
        """Drops the record of a file; the file itself stays."""
        return self._files.forget(file.id)

    def to_begin_with(self, last_file: str = "") -> Path | None:
        """Returns the model to load at the start: the last one where it still lies, else the starter."""
        if last_file and Path(last_file).is_file():
            return Path(last_file)
        return self.starter.path()

    def has_changed(self, path: Path) -> bool:
        """Whether a known file looks different from when it was last opened."""
        known = self.at(path)
        return known is not None and known.state() is FileState.CHANGED
