"""Bulk data on its way into a child, kept until the work that it belongs to asks for it."""

import queue
from collections.abc import Callable

from runner.channel.bulk import Frame, FrameKind
from runner.errors import RunnerError

MOST_WAITING = 4
"""Frames held before the parent has to wait; the work that wants them takes them away."""

STEP_S = 0.1


class Inbox:
    """A short queue between the thread that reads frames and the one that works.

    Thread: `put` and `end` on the reading thread, `collect` on the work thread.
    """

    def __init__(self) -> None:
        self._frames: queue.Queue[Frame | None] = queue.Queue(MOST_WAITING)
        self._ended = False

    def put(self, frame: Frame) -> None:
        """Adds a frame; waits where the work is behind, and the parent with it."""
        self._frames.put(frame)

    def end(self) -> None:
        """Says that no more will come."""
        self._frames.put(None)

    def collect(self, kind: FrameKind, run: int, size: int, stopped: Callable[[], bool]) -> bytes:
        """Gathers a payload of `size` bytes that belongs to a run; frames of older runs go.

        Raises:
            RunnerError: if it was stopped, if the input ends, or if other frames come instead.
        """
        data = bytearray()
        while len(data) < size:
            if stopped():
                raise RunnerError("process.stopped")
            frame = self._next()
            if frame is None:
                continue
            if frame.run < run:
                continue
            if frame.run != run or frame.kind is not kind or len(data) + len(frame.payload) > size:
                raise RunnerError("process.wrong_frames", f"{frame.kind.name} of run {frame.run}")
            data += frame.payload
        return bytes(data)

    def _next(self) -> Frame | None:
        if self._ended:
            raise RunnerError("process.wrong_frames", "the bulk channel has ended")
        try:
            frame = self._frames.get(timeout=STEP_S)
        except queue.Empty:
            return None
        self._ended = frame is None
        return frame
