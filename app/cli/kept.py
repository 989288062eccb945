"""What this computer has kept, for commands that only read: a copy in memory, whoever writes meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from runner.library.paths import database_file, is_file
from runner.store import Store
from runner.store.reading import open_copy


class KeptState(StrEnum):
    """Whether there was something to look in."""

    READ = "read"
    ABSENT = "absent"
    UNREADABLE = "unreadable"
    """It is there and can't be read now: damaged, of a later version, or somebody else's."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The store, to read; None where there is none to look in."""

    store: Store | None
    state: KeptState


@contextmanager
def kept_here() -> Iterator[Kept]:
    """Lends what is kept. The window keeps its lock."""
    path = database_file()
    store = open_copy(path)
    state = KeptState.READ
    if store is None:
        state = KeptState.UNREADABLE if is_file(path) else KeptState.ABSENT
    try:
        yield Kept(store, state)
    finally:
        if store is not None:
            store.close()
