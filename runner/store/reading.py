"""The store for those who only read: a copy in memory, whoever writes the database meanwhile."""

from pathlib import Path

from runner.store.db import copy_for_reading, open_in_memory
from runner.store.store import Store
from runner.store.writer import Database


def open_copy(path: Path) -> Store | None:
    """Returns a copy of the database at `path`; None where there is none, or none that can be read.

    What is written to it is gone when it closes. The window keeps its lock.
    """
    if not path.is_file():
        return None
    memory = open_in_memory()
    if not copy_for_reading(path, memory):
        memory.close()
        return None
    return Store(Database(memory, None), None, 0)
