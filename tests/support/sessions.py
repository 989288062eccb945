"""A session as a test drives it: every event is kept, and can be waited for."""

import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from runner.porter.client import PorterClient
from runner.protocol.common import Failed, Heartbeat
from runner.protocol.engine import Chunk, Done, Loaded, Role, Said, Sampling
from runner.session import ModelSession, SessionState, StateChanged

T = TypeVar("T")
WAIT_S = 30.0
GREEDY = Sampling(temperature=0)


class Driver:
    """Asks a session and waits for what comes."""

    def __init__(self, porter: PorterClient, kind: str) -> None:
        self.events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.session = ModelSession(porter, self.events.put, kind)
        self.seen: list[Any] = []

    def until(self, wanted: type[T], seconds: float = WAIT_S) -> T:
        """Waits for the next event of a type; the others are kept in `seen`."""
        end = time.monotonic() + seconds
        while True:
            try:
                event = self.events.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {wanted.__name__} in {seconds} s: {self.seen}") from None
            if not isinstance(event, Heartbeat):
                self.seen.append(event)
            if isinstance(event, wanted):
                return event
            if isinstance(event, Failed) and wanted in (Loaded, Done):
                raise AssertionError(f"failed: {event}")

    def until_state(self, state: SessionState) -> None:
        """Waits until the session has come to a state."""
        while self.until(StateChanged).state is not state:
            pass

    def load(self, path: Path, **settings: Any) -> Loaded:
        """Loads a file and waits until it is ready."""
        self.session.load(path, **settings)
        loaded = self.until(Loaded)
        self.until_state(SessionState.READY)
        return loaded

    def answer(self, question: str, *said: Said, **settings: Any) -> tuple[str, Done]:
        """Asks a question after what was said before, and returns the answer and how it ended."""
        self.ask(question, *said, **settings)
        return self.rest()

    def ask(self, question: str, *said: Said, **settings: Any) -> int:
        """Asks a question and returns at once."""
        self.seen.clear()
        sampling = settings.pop("sampling", GREEDY)
        seed = settings.pop("seed", 1)
        return self.session.generate([*said, Said(Role.USER, question)], sampling, seed, **settings)

    def rest(self) -> tuple[str, Done]:
        """Waits for the end of the present answer."""
        done = self.until(Done)
        self.until_state(SessionState.READY)
        text = "".join(event.text for event in self.seen if isinstance(event, Chunk))
        return text, done


@contextmanager
def driving(porter: PorterClient, kind: str) -> Iterator[Driver]:
    """Yields a driver; its engine is gone afterwards."""
    driver = Driver(porter, kind)
    yield driver
    driver.session.unload()


@contextmanager
def driving_loaded(porter: PorterClient, kind: str, folder: Path) -> Iterator[Driver]:
    """Runs a session whose engine, which reads no model, has loaded a file of `folder`."""
    model = folder / "model.gguf"
    model.write_bytes(b"any")
    with driving(porter, kind) as driver:
        driver.load(model)
        yield driver
