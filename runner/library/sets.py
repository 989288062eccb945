"""Fingerprints of sets of files: known as long as no part of the set has changed, and while the app runs.

The store keeps fingerprints for a file. A set's are its parts' together, so that any part that
changes takes them all away.
"""

from pathlib import Path

import msgspec

from runner.errors import RunnerError
from runner.library.splits import first_of_split, parts_of
from runner.store.files import Look, look_at


class SetDigests(msgspec.Struct, frozen=True):
    """SHA-256 of each part by its name, and the digest over the set's weights."""

    files: dict[str, str]
    weights: str


class KnownSets:
    """The sets that were read whole since the app started.

    Owned by: the library. Thread: any; each call is one step on a dictionary.
    """

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[Look, ...], SetDigests]] = {}

    def looks(self, path: Path) -> tuple[Look, ...]:
        """Returns how every part of a set looks now; empty where one can't be looked at."""
        try:
            return tuple(look_at(part) for part in parts_of(first_of_split(path)))
        except RunnerError:
            return ()

    def keep(
        self, path: Path, looks: tuple[Look, ...], sha256: tuple[str, ...], weights: str
    ) -> bool:
        """Keeps what was read of a set; False where a part has changed since `looks` were taken."""
        first = first_of_split(path).absolute()
        names = [part.name for part in parts_of(first)]
        if not looks or looks != self.looks(first) or len(names) != len(sha256):
            return False
        files = dict(zip(names, sha256, strict=True))
        self._known[first] = (looks, SetDigests(files=files, weights=weights))
        return True

    def of(self, path: Path) -> SetDigests | None:
        """Returns the fingerprints of the set that `path` is of; None where they are not known any more."""
        first = first_of_split(path).absolute()
        known = self._known.get(first)
        if known is None or known[0] != self.looks(first):
            return None
        return known[1]
