"""Questions as the engine's tests ask them, and an outlet that remembers the answers."""

import threading
import time
from dataclasses import dataclass, field

from runner.channel.bulk import Buffer, FrameKind
from runner.protocol.engine import Chunk, Event, Generate, Role, Said, Sampling

GREEDY = Sampling(temperature=0)


def ask(question: str, **more) -> Generate:
    """A question by itself: greedy, eight tokens, unless told otherwise."""
    more = {"sampling": GREEDY, "seed": 1, "max_tokens": 8, "run": 1} | more
    return Generate(said=[Said(Role.USER, question)], **more)


@dataclass
class Recorder:
    """An outlet that keeps what it gets, and stops the work when told to.

    Attributes:
        stop_after: the work is to stop once so many events have come; None for never.
    """

    events: list[Event] = field(default_factory=list)
    frames: list[tuple[FrameKind, bytes]] = field(default_factory=list)
    stop_after: int | None = None
    stop_event: threading.Event = field(default_factory=threading.Event)
    stopped_at: tuple[float, float] = (0.0, 0.0)

    def send(self, event: Event) -> None:
        self.events.append(event)
        if self.stop_after is not None and len(self.events) >= self.stop_after:
            self.stop()

    def send_frame(self, kind: FrameKind, payload: Buffer) -> None:
        self.frames.append((kind, bytes(payload)))

    def stopped(self) -> bool:
        return self.stop_event.is_set()

    def pause(self, seconds: float) -> bool:
        return self.stop_event.wait(seconds)

    def stop(self) -> None:
        if not self.stop_event.is_set():
            self.stopped_at = time.monotonic(), time.process_time()
        self.stop_event.set()

    def stop_in(self, seconds: float) -> None:
        timer = threading.Timer(seconds, self.stop)
        timer.daemon = True
        timer.start()

    def since_stop(self) -> float:
        """Seconds since the stop: by the clock, or of our own work where the machine is busy."""
        wall, processor = self.stopped_at
        return min(time.monotonic() - wall, time.process_time() - processor)

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, Chunk))

    @property
    def tokens(self) -> list[int]:
        return [
            token for event in self.events if isinstance(event, Chunk) for token in event.tokens
        ]

    def of(self, kind: type) -> list:
        return [event for event in self.events if isinstance(event, kind)]
