"""A model's life as the front end sees it: idle → loading → ready → answering, and back.

A session owns at most one engine process. Its events are the protocol's own, plus `StateChanged`;
they are handed on from the engine's reading threads, and events of runs that have been given up
are dropped here.
"""

import threading
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path

import msgspec

from runner.answer_limit import AnswerLimit
from runner.awaited import Awaited
from runner.channel.bulk import Buffer, Frame, FrameKind
from runner.errors import RunnerError
from runner.library.paths import is_there
from runner.porter.client import PorterClient
from runner.porter.handle import Child
from runner.protocol import engine
from runner.protocol.common import Ended, EndKind, Failed
from runner.protocol.engine import (
    Chunk,
    Count,
    Done,
    Generate,
    Load,
    Loaded,
    RestoreState,
    Said,
    Sampling,
    SaveState,
    StateSaved,
    Stop,
    TryOut,
)


class SessionState(StrEnum):
    """Where a session stands."""

    IDLE = "idle"
    LOADING = "loading"
    READY = "ready"
    ANSWERING = "answering"
    STOPPING = "stopping"
    FAILED = "failed"


ARRIVING = frozenset({SessionState.ANSWERING, SessionState.STOPPING})
"""While an answer is to be expected."""

STATE_SLACK_BYTES = 1024 * 1024
"""What a state may have beside the cache that its limit is about."""


class StateChanged(msgspec.Struct, frozen=True):
    """A session has come to another state."""

    state: SessionState


class StateKept(msgspec.Struct, frozen=True, kw_only=True):
    """A sequence's state has arrived whole; whoever takes it owns its bytes."""

    run: int
    tokens: int
    sha256: str
    state: bytearray


class _Request(msgspec.Struct, frozen=True, kw_only=True):
    """What the last load asked for, so that it can be repeated."""

    path: Path
    readable: tuple[Path, ...]
    context: int
    gpu_layers: int
    threads: int


class _Saving(msgspec.Struct):
    """A state on its way, over two channels that keep no order between them; at most so large."""

    most_bytes: int = 0
    data: bytearray = msgspec.field(default_factory=bytearray)
    said: StateSaved | None = None


Event = msgspec.Struct | StateChanged | StateKept | Frame
SessionListener = Callable[[Event], None]


class ModelSession:
    """One model that is loaded, answering, or gone.

    Owned by: the front end's context. Thread: methods from any; `on_event` is called on the thread
    that calls a method or on the engine's reading threads, and must not block.

    Args:
        porter: starts the engine.
        on_event: called with protocol events, with frames of kind `logprobs`, and with
            `StateChanged`.
        kind: `engine`, or `echo` for the engine without a model.
    """

    def __init__(
        self, porter: PorterClient, on_event: SessionListener, kind: str = "engine"
    ) -> None:
        self._porter = porter
        self._on_event = on_event
        self._kind = kind
        self._lock = threading.RLock()
        self._state = SessionState.IDLE
        self._child: Child | None = None
        self._loaded: Loaded | None = None
        self._request: _Request | None = None
        self._run = 0
        self._work = 0
        self._process = 0
        self._saving: dict[int, _Saving] = {}
        self._begin_to_hear()

    # ---- what it is -----------------------------------------------------------------------------

    @property
    def state(self) -> SessionState:
        """Where the session stands."""
        return self._state

    @property
    def kind(self) -> str:
        """The kind of process that it runs: `engine`, or `echo` for the one without a model."""
        return self._kind

    @property
    def loaded(self) -> Loaded | None:
        """What is loaded, or None."""
        return self._loaded

    @property
    def path(self) -> Path | None:
        """The file that is loaded, being loaded, or was loaded when the engine ended."""
        return self._request.path if self._request else None

    @property
    def context_wished(self) -> int:
        """Tokens of context that the last load asked for; 0 where the engine was to choose."""
        return self._request.context if self._request else 0

    @property
    def child(self) -> Child | None:
        """The engine process, or None."""
        return self._child

    # ---- asking ---------------------------------------------------------------------------------

    def load(
        self,
        path: Path,
        *,
        context: int = 0,
        gpu_layers: int = -1,
        threads: int = 0,
        readable: Sequence[Path] = (),
    ) -> int:
        """Loads a model in place of the present one, in a fresh engine process.

        A process may read only what it was started for, so another file means another process.

        Args:
            path: the GGUF file, or the first of a split set.
            context: tokens of context wished for; 0 lets the engine choose.
            gpu_layers: layers to offload; -1 offloads what fits.
            threads: threads to decode with; 0 lets the engine measure and adapt.
            readable: the other files of a split set.

        Returns:
            The number of this run.
        """
        with self._lock:
            return self._load(
                _Request(
                    path=path,
                    readable=tuple(readable),
                    context=context,
                    gpu_layers=gpu_layers,
                    threads=threads,
                )
            )

    def generate(
        self,
        said: Sequence[Said],
        sampling: Sampling,
        seed: int,
        *,
        max_tokens: int = 0,
        prefill: str = "",
        stop: Sequence[str] = (),
        top_logprobs: int = 0,
        splits: Sequence[int] = (),
        forced: Sequence[int] = (),
        raw: bool = False,
    ) -> int:
        """Asks for an answer; see `Generate`. Returns the number of this run.

        Raises:
            RunnerError: if no model is ready.
        """
        with self._lock:
            child = self._ready_child()
            self._give_up_saving(child)
            run = self._next_run()
            child.send(
                Generate(
                    run=run,
                    said=list(said),
                    sampling=sampling,
                    seed=seed,
                    max_tokens=max_tokens,
                    prefill=prefill,
                    stop=list(stop),
                    top_logprobs=top_logprobs,
                    splits=list(splits),
                    forced=list(forced),
                    raw=raw,
                )
            )
            self._work = run
            context = self._loaded.context if self._loaded else 0
            self._limit = AnswerLimit.of(max_tokens, context, top_logprobs)
            self._enter(SessionState.ANSWERING)
            return run

    def stop(self) -> None:
        """Stops the present load or answer; `done` or `failed` follows.

        A load is stopped by ending its process, which works at any moment of it.
        """
        with self._lock:
            if self._state is SessionState.LOADING:
                self._drop_child()
                self._on_event(Failed(code="engine.stopped", run=self._work))
                self._enter(SessionState.IDLE)
            elif self._state is SessionState.ANSWERING and self._child is not None:
                self._child.send(Stop(run=self._work))
                self._enter(SessionState.STOPPING)

    def unload(self) -> None:
        """Gives the model's memory back: the engine process ends."""
        with self._lock:
            self._drop_child()
            self._request = None
            self._enter(SessionState.IDLE)

    def count(self, *, text: str = "", said: Sequence[Said] = ()) -> int:
        """Asks for the tokens of a text or conversation; `counted` answers. Returns the run.

        Raises:
            RunnerError: if no model is ready or answering.
        """
        with self._lock:
            child = self._working_child()
            self._give_up_saving(child)
            run = self._next_question()
            child.send(Count(run=run, text=text, said=list(said)))
            return run

    def save_state(self, *, most_bytes: int = 0) -> int:
        """Asks for the sequence's state; `StateKept` brings it. Returns the run.

        Whatever is asked next comes first: the state is then given up, and `failed` says so.

        Args:
            most_bytes: a larger state is refused; 0 sets no limit.

        Raises:
            RunnerError: if no model is ready.
        """
        with self._lock:
            child = self._ready_child()
            run = self._next_question()
            self._saving[run] = _Saving(most_bytes=most_bytes)
            child.send(SaveState(run=run, most_bytes=most_bytes))
            return run

    def restore_state(self, state: Buffer, tokens: int) -> int:
        """Gives a state back to the engine; `state_restored` answers. Returns the run.

        Raises:
            RunnerError: if no model is ready.
        """
        with self._lock:
            child = self._ready_child()
            run = self._next_question()
            child.send(RestoreState(run=run, tokens=tokens, bytes=len(state)))
            child.send_payload(FrameKind.STATE, run, state)
            return run

    def try_out(self) -> int:
        """Has the engine try every way out; `tried` answers. Returns the run.

        Raises:
            RunnerError: if no model is ready or answering.
        """
        with self._lock:
            child, run = self._working_child(), self._next_question()
            child.send(TryOut(run=run))
            return run

    def restart(self, *, context: int | None = None) -> int:
        """Starts a fresh engine with the last file and settings. Returns the run.

        Args:
            context: tokens of context to wish for this time; None wishes for as many as before.

        Raises:
            RunnerError: if nothing was ever loaded.
        """
        with self._lock:
            if self._request is None:
                raise RunnerError("engine.no_model")
            if context is not None:
                return self._load(msgspec.structs.replace(self._request, context=context))
            return self._load(self._request)

    # ---- within ---------------------------------------------------------------------------------

    def _load(self, request: "_Request") -> int:
        self._drop_child()
        self._request = request
        run = self._next_run()
        self._work = self._process = run
        self._enter(SessionState.LOADING)
        if not is_there(request.path):
            path = str(request.path)
            missing = Failed(code="engine.file_missing", run=run, context={"path": path})
            self._pass_on(missing, SessionState.FAILED)
            return run
        child = self._porter.start(
            self._kind,
            readable=(request.path, *request.readable),
            events=engine.Event,
            on_event=partial(self._hear, run),
            on_frame=partial(self._take, run),
        )
        self._child = child
        child.send(
            Load(
                run=run,
                path=str(request.path),
                context=request.context,
                gpu_layers=request.gpu_layers,
                threads=request.threads,
            )
        )
        return run

    def _drop_child(self) -> None:
        """Ends the present engine; what it still says is no longer heard."""
        child, self._child = self._child, None
        self._process = 0
        self._loaded = None
        self._begin_to_hear()
        self._saving.clear()
        if child is not None:
            # It writes no files, so there is nothing that a slower end would keep whole.
            child.kill()

    def _begin_to_hear(self) -> None:
        """Forgets what an earlier engine has said."""
        self._limit, self._is_broken = AnswerLimit(), False
        self._awaited = Awaited()

    def _give_up_saving(self, child: Child) -> None:
        """Has the engine leave states that it is still sending: somebody waits for something."""
        for run in self._saving:
            child.send(Stop(run=run))
        self._saving.clear()

    def _ready_child(self) -> Child:
        if self._state is not SessionState.READY or self._child is None:
            raise RunnerError("engine.not_ready", self._state)
        return self._child

    def _working_child(self) -> Child:
        if self._loaded is None or self._child is None:
            raise RunnerError("engine.not_ready", self._state)
        return self._child

    def _next_run(self) -> int:
        self._run += 1
        return self._run

    def _next_question(self) -> int:
        """Numbers a run that is answered once, and neither loads nor writes anything."""
        run = self._next_run()
        self._awaited.ask(run)
        return run

    def _enter(self, state: SessionState) -> None:
        if state is not self._state:
            self._state = state
            self._on_event(StateChanged(state))

    # ---- hearing, on the engine's threads -------------------------------------------------------

    def _hear(self, process: int, message: msgspec.Struct) -> None:
        with self._lock:
            if process != self._process or (self._is_broken and not isinstance(message, Ended)):
                return
            if self._awaited.is_left_out(message):
                return
            if self._awaited.is_too_much(message):
                self._break_off()
                return
            loading, answering = self._state is SessionState.LOADING, self._state in ARRIVING
            if not self._awaited.is_due(message, self._work, loading=loading, answering=answering):
                return
            match message:
                case Chunk():
                    self._take_piece(message)
                case Loaded():
                    self._loaded = message
                    self._pass_on(message, SessionState.READY)
                case Done():
                    self._pass_on(message, SessionState.READY)
                case Failed():
                    self._pass_on(message, self._after_failure(message))
                case StateSaved():
                    if (saving := self._saving.get(message.run)) is not None:
                        saving.said = message
                        self._finish_saving(message.run, saving)
                case Ended():
                    self._child = None
                    self._loaded = None
                    self._saving.clear()
                    asked = message.kind is EndKind.ASKED
                    self._pass_on(message, SessionState.IDLE if asked else SessionState.FAILED)
                case _:
                    self._on_event(message)

    def _take_piece(self, chunk: Chunk) -> None:
        """Hands a piece of the present answer on."""
        if self._limit.take(chunk):
            self._on_event(chunk)
        else:
            self._break_off()

    def _take(self, process: int, frame: Frame) -> None:
        with self._lock:
            if process != self._process or self._is_broken:
                return
            if frame.kind is FrameKind.LOGPROBS:
                # They may come after the answer's end: the channels keep no order between them.
                if frame.run == self._work and self._limit.take_frame(len(frame.payload)):
                    self._on_event(frame)
            elif frame.kind is FrameKind.STATE and frame.run in self._saving:
                saving = self._saving[frame.run]
                saving.data += frame.payload
                if 0 < saving.most_bytes < len(saving.data) - STATE_SLACK_BYTES:
                    self._break_off()
                else:
                    self._finish_saving(frame.run, saving)

    def _break_off(self) -> None:
        """Ends an engine that sends more than was asked for; nothing of it is heard any more."""
        self._is_broken = True
        self._saving.clear()
        if self._state in ARRIVING:
            self._on_event(Failed(code="engine.endless", run=self._work))
        if self._child is not None:
            self._child.break_off("it sent more than it was asked for")

    def _pass_on(self, message: msgspec.Struct, state: SessionState) -> None:
        self._on_event(message)
        self._enter(state)

    def _after_failure(self, failed: Failed) -> SessionState:
        """Says where a failed request leaves the session."""
        self._saving.pop(failed.run, None)
        if failed.run != self._work:
            return self._state  # a count or a state failed; the rest goes on
        if self._loaded is not None:
            return SessionState.READY
        # A load failed: the engine holds nothing, and the next load has its own process.
        self._drop_child()
        return SessionState.FAILED

    def _finish_saving(self, run: int, saving: "_Saving") -> None:
        """Reports a state once both its frames and the word for them have come, in any order."""
        said = saving.said
        if said is not None and len(saving.data) >= said.bytes:
            del self._saving[run]
            self._on_event(
                StateKept(run=run, tokens=said.tokens, sha256=said.sha256, state=saving.data)
            )
