"""What an engine must do; `process` drives it, `echo` and `llama` are the two that exist.

An engine knows nothing of pipes. All of its methods but `close` are called on one work thread, one
at a time, so that it needs no locks; it reports through the `Outlet` that it is handed, and asks
there whether the person wants it to stop. An expected failure is a `RunnerError`; a stopped load is
`RunnerError("engine.stopped")`, a stopped generation returns a `Done` whose reason says so.
"""

from collections.abc import Mapping
from typing import Protocol

from runner.channel.bulk import Buffer, FrameKind
from runner.protocol.engine import (
    Count,
    Done,
    Event,
    Generate,
    Load,
    Loaded,
    RestoreState,
    SaveState,
    StateSaved,
)


class Outlet(Protocol):
    """Where an engine's work reports to while it lasts. Thread: any."""

    def send(self, event: Event) -> None:
        """Sends an event, such as `loading`, `reading` or `chunk`."""

    def send_frame(self, kind: FrameKind, payload: Buffer) -> None:
        """Sends bulk data of the present run; payloads of any length, split where needed."""

    def stopped(self) -> bool:
        """Says whether this work is to stop; cheap enough for an abort callback."""

    def pause(self, seconds: float) -> bool:
        """Waits that long or until this work is to stop; says whether it is to stop."""


class Engine(Protocol):
    """One model at a time: load, continue, count, keep and restore its state.

    Before a load and after an unload, everything that needs a model raises
    `RunnerError("engine.no_model")`.
    """

    @property
    def build(self) -> Mapping[str, str]:
        """Names and versions of what does the work, for `ready` and for recipes."""

    def load(self, command: Load, outlet: Outlet) -> Loaded:
        """Loads a model in place of the present one, sending `loading` now and then."""

    def unload(self) -> None:
        """Frees the model; does nothing where none is loaded."""

    def generate(self, command: Generate, outlet: Outlet) -> Done:
        """Continues a conversation, sending `reading` and `chunk`, and `logprobs` frames."""

    def count(self, command: Count) -> int:
        """Counts the tokens of a text, or of a conversation with its template."""

    def save_state(self, command: SaveState, outlet: Outlet) -> StateSaved:
        """Sends the sequence's state in frames of kind `state`."""

    def restore_state(self, command: RestoreState, state: bytes) -> int:
        """Takes a state that has arrived whole; returns the tokens it holds."""

    def close(self) -> None:
        """Frees everything before the process ends."""
