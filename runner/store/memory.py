"""What models need of this machine's memory: as it was worked out, and as it was seen."""

import time
from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from runner.store.rows import storable
from runner.store.turns import Db
from runner.store.writer import Database


class MemoryUse(msgspec.Struct, frozen=True, kw_only=True):
    """A model's memory at one length of context.

    Attributes:
        name: of the model's first file, and `size` of it.
        layers_offloaded: to a device; 0 where all of it is in main memory.
        predicted: bytes that were worked out from the header beforehand.
        loaded: bytes of the model's process once it was ready, and `most` the most seen since.
        taken: when it was seen last.
    """

    name: str
    size: int
    context: int
    layers_offloaded: int
    predicted: int
    loaded: int
    most: int
    taken: float = 0.0


class MemoryUses:
    """The figures of this machine.

    Owned by: Store. Thread: any.
    """

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def of(self, name: str, size: int) -> list[MemoryUse]:
        """Returns the figures of a model, the latest first."""
        with self._database.reading() as db:
            rows = db.execute(
                f"{_QUERY} WHERE name = ? AND size = ? ORDER BY taken DESC", (storable(name), size)
            )
            return [_use(row) for row in rows]

    def every(self) -> list[MemoryUse]:
        """Returns all figures, the latest first."""
        with self._database.reading() as db:
            return [_use(row) for row in db.execute(f"{_QUERY} ORDER BY taken DESC")]

    def keep(self, use: MemoryUse) -> "Future[None]":
        """Keeps figures in place of earlier ones of the same model, context and device."""

        def work(db: Db) -> None:
            db.execute(
                "INSERT OR REPLACE INTO memory_use VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    storable(use.name),
                    use.size,
                    use.context,
                    use.layers_offloaded,
                    use.predicted,
                    use.loaded,
                    use.most,
                    self._now(),
                ),
            )

        return self._database.write(work)


_QUERY = """
SELECT name, size, context, layers_offloaded, predicted, loaded, most, taken FROM memory_use
"""


def _use(row: tuple[str, int, int, int, int, int, int, float]) -> MemoryUse:
    name, size, context, layers, predicted, loaded, most, taken = row
    return MemoryUse(
        name=name,
        size=size,
        context=context,
        layers_offloaded=layers,
        predicted=predicted,
        loaded=loaded,
        most=most,
        taken=taken,
    )
