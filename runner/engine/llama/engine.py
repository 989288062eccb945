"""The engine's door: one model at a time, and what can be asked of it."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from runner import hardware
from runner.channel.bulk import FrameKind
from runner.engine.base import Outlet
from runner.engine.llama import devices, state
from runner.engine.llama.answer import Limits, Writer, Written
from runner.engine.llama.binding import Flag, Library
from runner.engine.llama.context import Context
from runner.engine.llama.log import LibraryLog
from runner.engine.llama.model import Loader, Model, Wish
from runner.engine.llama.pace import Pace
from runner.engine.llama.prompt import Prompt, PromptMaker
from runner.engine.llama.sampler import Sampler
from runner.engine.llama.stopping import Stopping
from runner.engine.llama.text import TextAssembler
from runner.engine.llama.threads import ThreadPolicy
from runner.engine.sampling import file_defaults
from runner.errors import RunnerError
from runner.protocol.common import Log
from runner.protocol.engine import (
    Count,
    Done,
    Generate,
    Load,
    Loaded,
    Loading,
    Reading,
    RestoreState,
    SaveState,
    StateSaved,
    StopReason,
)

_READING_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class _Running:
    """Everything that lives as long as a loaded model."""

    model: Model
    context: Context
    prompts: PromptMaker
    pace: Pace

    def close(self) -> None:
        self.prompts.close()
        self.context.close()
        self.model.close()


class _DeviceFullError(Exception):
    """The layers found room on a device, and the cache did not."""


class LlamaEngine:
    """llama.cpp behind the `Engine` protocol. Thread: the engine's one work thread."""

    def __init__(self) -> None:
        self._outlet: Outlet | None = None
        self._log = LibraryLog(self._pass_on)
        self._library = Library(self._log.heard)
        self._loader = Loader(self._library, self._log)
        self._flag = Flag()
        # Made before anything is loaded, so that the first answer knows how busy the machine is.
        self._meter = hardware.BusyMeter()
        self._running: _Running | None = None

    @property
    def build(self) -> Mapping[str, str]:
        """Names and versions of what does the work."""
        return self._library.build

    def load(self, command: Load, outlet: Outlet) -> Loaded:
        """Loads a model in place of the present one."""
        self.unload()
        self._outlet = outlet
        began = time.perf_counter()

        def going(share: float) -> None:
            outlet.send(Loading(run=command.run, fraction=round(share, 4)))

        wish = Wish(Path(command.path), command.context, command.gpu_layers, command.threads)
        try:
            try:
                running = self._bring_up(wish, outlet, going)
            except _DeviceFullError:
                self._log.note("warning", "The device has no room for this context: loading again.")
                without_device = replace(wish, gpu_layers=0)
                running = self._bring_up(without_device, outlet, going)
        finally:
            self._outlet = None
        self._running = running
        return self._loaded(command.run, time.perf_counter() - began, self._running)

    def unload(self) -> None:
        """Frees the model; does nothing where none is loaded."""
        if self._running:
            running, self._running = self._running, None
            running.close()

    def close(self) -> None:
        """Frees everything."""
        self.unload()

    def generate(self, command: Generate, outlet: Outlet) -> Done:
        """Answers a conversation."""
        began = time.perf_counter()
        running = self._need()
        self._outlet = outlet
        try:
            return self._answer(running, command, outlet, began)
        except RunnerError as error:
            if error.code == "engine.stopped":
                return _stopped_early(command.run, running, time.perf_counter() - began)
            raise
        finally:
            self._outlet = None

    def count(self, command: Count) -> int:
        """Counts the tokens of a text, or of a conversation with its template."""
        running = self._need()
        if command.said:
            return len(running.prompts.make(command.said, "").tokens)
        return running.prompts.count(command.text)

    def save_state(self, command: SaveState, outlet: Outlet) -> StateSaved:
        """Sends the sequence's state, piece by piece, so that a stop is heard between two."""
        running = self._need()
        context = running.context
        if command.most_bytes and (size := context.state_size()) > command.most_bytes:
            raise RunnerError("engine.state_too_large", bytes=size, most=command.most_bytes)
        saved = state.SavedState(
            running.model.name, context.tokens, context.splits, context.state()
        )
        digest, sent = hashlib.sha256(), 0
        for piece in state.pieces(saved):
            if outlet.stopped():
                raise RunnerError("engine.stopped")
            outlet.send_frame(FrameKind.STATE, piece)
            digest.update(piece)
            sent += len(piece)
        return StateSaved(
            run=command.run,
            tokens=len(context.tokens),
            bytes=sent,
            sha256=digest.hexdigest(),
        )

    def restore_state(self, command: RestoreState, data: bytes) -> int:
        """Puts a state in force; one that doesn't fit leaves the cache empty."""
        running = self._need()
        saved = state.unpack(data)
        if saved.model != running.model.name:
            raise RunnerError("engine.state_of_another_model")
        if len(saved.tokens) != command.tokens:
            raise RunnerError("engine.state_damaged", "it holds another number of tokens")
        running.context.restore(saved)
        return len(saved.tokens)

    def _answer(self, running: _Running, command: Generate, outlet: Outlet, began: float) -> Done:
        with Stopping(self._flag, outlet), running.pace.watching(outlet.stopped):
            prompt = running.prompts.make(
                command.said, command.prefill, outlet.stopped, raw=command.raw
            )
            if outlet.stopped():
                raise RunnerError("engine.stopped")
            self._check_room(prompt, running.context, command)
            kept = self._keep(running.context, prompt, command)
            whole = self._read(running, prompt, command, kept, outlet)
            splits = list(running.context.splits)
            written = Written(reason=StopReason.STOPPED)
            if whole:
                written = self._write(running, prompt, command, outlet)
        return Done(
            run=command.run,
            reason=written.reason,
            prompt_tokens=len(prompt.tokens),
            kept=kept,
            evaluated=sum(splits) - kept,
            splits=splits,
            tokens=written.tokens,
            first_token_s=written.first_at - began if written.first_at else 0.0,
            total_s=time.perf_counter() - began,
            decode_tps=written.tokens_per_second,
            threads=running.pace.threads,
            context_used=len(running.context.tokens),
            prompt_sha256=prompt.sha256,
            stop_text=written.stop_text,
        )

    def _bring_up(self, wish: Wish, outlet: Outlet, going: Callable[[float], None]) -> _Running:
        """Loads the model and makes its cache; whatever goes wrong, nothing stays in memory."""
        memory = hardware.memory()
        model = self._loader.load(wish, memory, outlet.stopped, going)
        try:
            with Stopping(self._flag, outlet):
                running = self._start(model, wish, memory)
        except RunnerError as error:
            on_device = model.layers_offloaded > 0
            model.close()
            if on_device and error.code == "engine.context_too_big":
                raise _DeviceFullError from error
            raise
        if outlet.stopped():
            running.close()
            raise RunnerError("engine.stopped")
        return running

    def _start(self, model: Model, wish: Wish, memory: hardware.Memory | None) -> _Running:
        most = hardware.usable_cores()
        policy = ThreadPolicy(most, wish.threads, self._meter)
        policy.begin()
        pace = Pace(policy, self._flag)
        context = model.open_context(wish.context, memory, pace, self._flag)
        try:
            prompts = PromptMaker(model.vocabulary, model.template(), context.size)
            return _Running(model, context, prompts, pace)
        except RunnerError:
            context.close()
            raise

    def _loaded(self, run: int, seconds: float, running: _Running) -> Loaded:
        model = running.model
        return Loaded(
            run=run,
            seconds=seconds,
            context=running.context.size,
            context_trained=model.context_trained,
            layers=model.layers,
            layers_offloaded=model.layers_offloaded,
            devices=devices.as_messages(model.devices),
            template=model.template_source,
            template_sha256=model.template_sha256,
            sampling=file_defaults(model.metadata),
            threads=running.pace.threads,
            memory_bytes=hardware.own_memory(),
            end_tokens=model.vocabulary.end_texts,
            system=self._library.features,
        )

    def _need(self) -> _Running:
        if self._running is None:
            raise RunnerError("engine.no_model")
        return self._running

    def _check_room(self, prompt: Prompt, context: Context, command: Generate) -> None:
        length = len(prompt.tokens)
        if not length:
            raise RunnerError("engine.empty_prompt")
        if length >= context.size:
            raise RunnerError("engine.context_full", tokens=length, context=context.size)
        if command.splits and (min(command.splits) < 1 or sum(command.splits) != length):
            raise RunnerError("engine.other_prompt", tokens=length, splits=sum(command.splits))
        size = self._need().model.vocabulary.size
        if any(not 0 <= token < size for token in command.forced):
            raise RunnerError("engine.unknown_token", vocabulary=size)

    def _keep(self, context: Context, prompt: Prompt, command: Generate) -> int:
        if command.splits:
            context.forget()
            return 0
        return context.keep(prompt.tokens)

    def _read(
        self, running: _Running, prompt: Prompt, command: Generate, kept: int, outlet: Outlet
    ) -> bool:
        told = 0.0
        total = len(prompt.tokens)

        def progress(done: int) -> None:
            nonlocal told
            now = time.monotonic()
            if done == total or now - told > _READING_EVERY_S:
                told = now
                outlet.send(Reading(run=command.run, done=done, total=total, kept=kept))

        return running.context.read(prompt.tokens, command.splits, progress)

    def _write(
        self, running: _Running, prompt: Prompt, command: Generate, outlet: Outlet
    ) -> Written:
        vocabulary = running.model.vocabulary
        sampler = Sampler(command.sampling, command.seed, vocabulary.size, prompt.tokens)
        writer = Writer(command.run, running.context, vocabulary, outlet)
        limits = Limits(command.max_tokens, command.forced, command.top_logprobs)
        try:
            return writer.write(sampler, TextAssembler(command.stop), limits)
        finally:
            sampler.free()

    def _pass_on(self, level: str, line: str) -> None:
        if self._outlet:
            self._outlet.send(Log(level=level, text=f"llama.cpp: {line}"))


def _stopped_early(run: int, running: _Running, seconds: float) -> Done:
    """The end of an answer that was stopped before its prompt was tokens."""
    return Done(
        run=run,
        reason=StopReason.STOPPED,
        prompt_tokens=0,
        kept=0,
        evaluated=0,
        splits=[],
        tokens=0,
        first_token_s=0.0,
        total_s=seconds,
        decode_tps=0.0,
        threads=running.pace.threads,
        context_used=len(running.context.tokens),
    )
