"""A model and a conversation with it, for commands that work with one at a time."""

import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.cli.desk import Desk, Interrupted
from app.model.files import files_of_model
from app.words.endings import ending_error
from runner.errors import RunnerError
from runner.library.splits import first_of_split
from runner.protocol.common import Ended, Failed, Ready
from runner.protocol.engine import Chunk, Done, Loaded, Loading, Reading, Said, Sampling, Sourced
from runner.session import ModelSession

OUR_DEFAULT = "Lightwell's default"


@dataclass(frozen=True, slots=True)
class Spoken:
    """An answer and how it came about."""

    text: str
    done: Done


class Talk:
    """One model in one engine process.

    Thread: the main one.

    Args:
        desk: where the engine's events arrive.
        kind: `engine`, or `echo` for the engine without a model.

    Attributes:
        build: names and versions of what does the work, once a model is loaded.
    """

    def __init__(self, desk: Desk, kind: str = "engine") -> None:
        self._desk = desk
        self.session = ModelSession(desk.porter, desk.events.put, kind)
        self.build: dict[str, str] = {}

    def load(self, path: Path) -> Loaded:
        """Loads a model; shows how far it is; Ctrl+C gives it up.

        Raises:
            RunnerError: if it can't be loaded, or its process ends.
            KeyboardInterrupt: if the person gave it up.
        """
        path = first_of_split(path)
        run = self.session.load(path, readable=files_of_model(path)[1:])
        while True:
            match self._next():
                case Loading() as loading if loading.run == run:
                    self._desk.screen.progress(f"loading {path.name}: {loading.fraction:.0%}")
                case Loaded() as loaded if loaded.run == run:
                    self._desk.screen.progress("")
                    return loaded
                case Interrupted():
                    self.session.unload()
                    raise KeyboardInterrupt

    def answer(
        self,
        said: Sequence[Said],
        sampling: Sampling,
        seed: int,
        *,
        max_tokens: int = 0,
        heard: Callable[[str], None] | None = None,
    ) -> Spoken:
        """Has the model answer; `heard` gets each piece as it comes. Ctrl+C stops the answer.

        Raises:
            RunnerError: if it can't answer, or its process ends.
        """
        run = self.session.generate(said, sampling, seed, max_tokens=max_tokens)
        pieces: list[str] = []
        while True:
            match self._next():
                case Reading() as reading if reading.run == run and reading.total:
                    self._desk.screen.progress(f"reading {reading.done} of {reading.total} tokens")
                case Chunk() as chunk if chunk.run == run:
                    pieces.append(chunk.text)
                    if heard is not None:
                        heard(chunk.text)
                case Done() as done if done.run == run:
                    return Spoken("".join(pieces), done)
                case Interrupted():
                    self.session.stop()

    def catch_up(self) -> bool:
        """Hears what came while nobody listened; says whether Ctrl+C was among it.

        Raises:
            RunnerError: if the model's process has ended meanwhile.
        """
        interrupted = False
        while True:
            try:
                event = self._next(timeout=0)
            except queue.Empty:
                return interrupted
            interrupted = interrupted or isinstance(event, Interrupted)

    def close(self) -> None:
        """Ends the engine."""
        self.session.unload()

    def _next(self, timeout: float | None = None) -> object:
        """Returns the next event; a failure or an end is raised instead."""
        match event := self._desk.next_event(timeout):
            case Failed():
                raise RunnerError(event.code, event.detail, **event.context)
            case Ended():
                raise ending_error(event)
            case Ready():
                self.build = event.build
        return event


def sampling_for(loaded: Loaded) -> tuple[Sampling, dict[str, Sourced]]:
    """Returns how to draw tokens: as the file asks, else our defaults; each value with its source."""
    usual = Sampling()
    sources: dict[str, Sourced] = {}
    values: dict[str, float] = {}
    for field in msgspec.structs.fields(Sampling):
        default: float = getattr(usual, field.name)
        chosen = loaded.sampling.get(field.name, Sourced(default, OUR_DEFAULT))
        sources[field.name] = chosen
        values[field.name] = int(chosen.value) if field.type is int else chosen.value
    return msgspec.convert(values, Sampling), sources
