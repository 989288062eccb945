"""Writes what comes at once, and hashes it on a thread of its own, in room that is made once.

What a process holds when it is killed comes again; so nothing waits to be written.
"""

import queue
import threading
from typing import Self

from runner.courier.part import PartFile
from runner.protocol.allowance import PIECE

ROOMS = 6
"""One is being filled or written; the others wait to be hashed, and lie on the disk already."""

SYNC_AFTER = 64 * 1024 * 1024
"""How many bytes are written before the disk is asked to take them, beside the writing."""


class Writer:
    """Puts pieces behind a part. Leaving it waits until all of them are hashed.

    Thread: one, beside its own.
    """

    def __init__(self, part: PartFile) -> None:
        self._part = part
        self._free: queue.SimpleQueue[memoryview] = queue.SimpleQueue()
        for _ in range(ROOMS):
            self._free.put(memoryview(bytearray(PIECE)))
        self._written: queue.SimpleQueue[tuple[memoryview, memoryview] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._hash, name="hash", daemon=True)
        self._syncing: threading.Thread | None = None
        self._synced = part.length

    def room(self) -> memoryview:
        """Returns room for the next piece; waits where all of it is taken."""
        return self._free.get()

    def put(self, room: memoryview, piece: memoryview) -> None:
        """Writes a piece, and takes the room back that it lies in.

        Raises:
            RunnerError: `fetch.no_space`, `fetch.cannot_write`.
        """
        before = self._part.end
        try:
            self._part.put(piece)
        finally:
            self._written.put((room, piece[: self._part.end - before]))
        self._sync_now_and_then()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._written.put(None)
        self._thread.join()
        if self._syncing is not None:
            self._syncing.join()

    def _hash(self) -> None:
        while (written := self._written.get()) is not None:
            room, piece = written
            self._part.take(piece)
            self._free.put(room)

    def _sync_now_and_then(self) -> None:
        if self._part.length - self._synced < SYNC_AFTER:
            return
        if self._syncing is None or not self._syncing.is_alive():
            self._synced = self._part.length
            self._syncing = threading.Thread(target=self._part.sync, name="sync", daemon=True)
            self._syncing.start()
