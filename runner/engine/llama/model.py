"""A model in memory: loading it, what its header says for running it, freeing it."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.engine.llama import binding, devices, failures, state
from runner.engine.llama.binding import Accelerator, Flag, Library, ModelHandle
from runner.engine.llama.cache_size import CacheSize, cache_size
from runner.engine.llama.context import EVALUATION, Context
from runner.engine.llama.log import LibraryLog
from runner.engine.llama.pace import Pace
from runner.engine.llama.vocabulary import Vocabulary
from runner.engine.llama.warm import warm
from runner.engine.template import ChatTemplate
from runner.errors import RunnerError
from runner.hardware import Memory

_TEMPLATE_KEY = "tokenizer.chat_template"
_SMALLEST_CONTEXT = 512
_CACHE_SHARE = 0.25
"""Of the free memory that a context chosen by us may take, at most."""

_READING_SHARE = 0.8
"""Of the progress that reading the file makes up; the rest is the library's own work."""

Told = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person asked of a load; see `Load`."""

    path: Path
    context: int
    gpu_layers: int
    threads: int


class Model:
    """A model that the library has loaded, with what its header says."""

    def __init__(self, handle: ModelHandle, log: str, on_devices: list[Accelerator]) -> None:
        self._handle = handle
        self.metadata = binding.metadata(handle)
        self.vocabulary = Vocabulary(handle, log)
        self.layers = binding.layers(handle)
        # The library counts the output as one more layer.
        self.layers_offloaded = min(self.layers, devices.offloaded(log)) if on_devices else 0
        self.devices = on_devices if self.layers_offloaded else []
        self.context_trained = binding.context_trained(handle)
        self.weight_bytes = binding.weight_bytes(handle)
        self.name = state.model_name(self.metadata, self.weight_bytes)
        self.template_source, self.template_text = _template(self.metadata)
        self.cache = CacheSize()

    @property
    def template_sha256(self) -> str:
        """Of the template's text; empty where there is none."""
        text = self.template_text
        return hashlib.sha256(text.encode()).hexdigest() if text else ""

    def template(self) -> ChatTemplate | None:
        """Compiles the file's chat template; None where it has none."""
        if not self.template_text:
            return None
        bos, eos = self.vocabulary.bos_text, self.vocabulary.eos_text
        return ChatTemplate(self.template_text, bos=bos, eos=eos)

    def check_it_answers(self, path: Path) -> None:
        """Refuses models that don't continue text one token after the other."""
        if self.metadata.get(f"{self.architecture}.attention.causal") == "false":
            raise RunnerError("engine.embedding_only", architecture=self.architecture)
        if not binding.continues_text(self._handle):
            detail = f"{self.architecture}: no plain decoder"
            raise RunnerError("engine.unsupported_architecture", detail, path=path.name)

    def size_up(self, log: LibraryLog) -> None:
        """Finds out what its cache takes."""
        self.cache = cache_size(self._handle, log)

    @property
    def architecture(self) -> str:
        """The architecture's name in the header."""
        return self.metadata.get("general.architecture", "")

    def open_context(self, wished: int, memory: Memory | None, pace: Pace, flag: Flag) -> Context:
        """Makes the cache: as long as wished, or as trained where that fits.

        Raises:
            RunnerError: `engine.context_too_big` where it does not fit.
        """
        tokens = wished or self._fitting(memory)
        while True:
            handle = self._context_handle(tokens, memory, pace.threads)
            if handle is not None:
                break
            if wished or tokens // 2 < _SMALLEST_CONTEXT:
                raise RunnerError(
                    "engine.context_too_big",
                    wished=tokens,
                    **_memory_words(self.cache.at(tokens), memory),
                )
            tokens //= 2
        if binding.pools(handle):
            binding.close_context(handle)
            raise RunnerError("engine.embedding_only", architecture=self.architecture)
        share = 1.0 if self.layers_offloaded else self._largest_share
        context = Context(handle, flag, pace, self.vocabulary.size, unbroken_share=share)
        context.warm_up()
        return context

    def close(self) -> None:
        """Gives the model's memory back; its contexts must be closed before."""
        binding.close_model(self._handle)

    def _context_handle(
        self, tokens: int, memory: Memory | None, threads: int
    ) -> binding.ContextHandle | None:
        if memory and not self.layers_offloaded and self.cache.at(tokens) > memory.free:
            return None
        return binding.open_context(
            self._handle, tokens=tokens, batch=min(tokens, EVALUATION), threads=threads
        )

    def _fitting(self, memory: Memory | None) -> int:
        tokens = self.context_trained or 4096
        fits = self.cache.longest(memory.free * _CACHE_SHARE) if memory else None
        if fits is not None:
            tokens = min(tokens, max(_SMALLEST_CONTEXT, fits // 256 * 256))
        return tokens

    @property
    def _largest_share(self) -> float:
        """The share of the numbers that the largest single multiplication works on."""
        widest = max(
            self._number("feed_forward_length"), self._number("expert_feed_forward_length")
        )
        numbers = binding.parameters(self._handle)
        return self._number("embedding_length") * widest / numbers if numbers else 0.0

    def _number(self, key: str) -> int:
        try:
            return int(self.metadata.get(f"{self.architecture}.{key}", "0"))
        except ValueError:  # a list, one for each layer, which the library does not hand out
            return 0


class Loader:
    """Loads models.

    Args:
        library: llama.cpp.
        log: what it says, for the reasons of a failure.
    """

    def __init__(self, library: Library, log: LibraryLog) -> None:
        self._library = library
        self._log = log

    def load(
        self, wish: Wish, memory: Memory | None, stopped: Callable[[], bool], going: Told
    ) -> Model:
        """Loads a model as wished, or says why it can't be.

        Args:
            wish: what to load and how.
            memory: what there is.
            stopped: whether the person wants it to stop.
            going: is told the share that is done.
        """
        failures.check_readable(wish.path)
        size = wish.path.stat().st_size
        if memory and size > memory.total:
            raise RunnerError(
                "engine.out_of_memory", path=wish.path.name, **_memory_words(size, memory)
            )

        def reading(share: float) -> bool:
            going(share * _READING_SHARE)
            return not stopped()

        if not warm(wish.path, reading):
            raise RunnerError("engine.stopped")
        accelerators = self._library.accelerators() if self._library.can_offload else []
        layers = self._layers_to_offload(wish, accelerators)
        model = self._try(wish.path, layers, accelerators, stopped, going)
        if model is None and layers:
            self._log.note("warning", "The device refused; loading on the processor instead.")
            model = self._try(wish.path, 0, [], stopped, going)
        if model is None:
            raise failures.why_refused(
                self._log.all_text(), self._log.reasons(), wish.path, **_memory_words(size, memory)
            )
        try:
            model.check_it_answers(wish.path)
        except RunnerError:
            model.close()
            raise
        model.size_up(self._log)
        return model

    def _try(
        self,
        path: Path,
        layers: int,
        accelerators: list[Accelerator],
        stopped: Callable[[], bool],
        going: Told,
    ) -> Model | None:
        self._log.begin()
        told = 0.0

        def going_on(share: float) -> bool:
            nonlocal told
            if time.monotonic() - told > 0.05:
                told = time.monotonic()
                going(_READING_SHARE + share * (1 - _READING_SHARE))
            return not stopped()

        handle = binding.open_model(
            str(path),
            gpu_layers=layers,
            extra_buffers=self._library.extra_buffers_work,
            going_on=going_on,
        )
        if handle is None:
            if stopped():
                raise RunnerError("engine.stopped")
            return None
        return Model(handle, self._log.all_text(), accelerators if layers else [])

    def _layers_to_offload(self, wish: Wish, accelerators: list[Accelerator]) -> int:
        if not accelerators or wish.gpu_layers == 0:
            return 0
        if wish.gpu_layers > 0:
            return wish.gpu_layers
        handle = binding.open_model(
            str(wish.path), gpu_layers=0, extra_buffers=False, going_on=lambda _share: True
        )
        if handle is None:
            return 0
        model = Model(handle, "", [])
        model.size_up(self._log)
        need = devices.Need(
            weight_bytes=model.weight_bytes,
            layers=model.layers + 1,
            cache_bytes=model.cache.at(wish.context or model.context_trained),
        )
        model.close()
        return devices.layers_that_fit(accelerators, need)


def _memory_words(needed: int, memory: Memory | None) -> dict[str, Any]:
    """Sizes as the words of an error use them."""
    free = memory.free if memory else 0
    return {"needed_mb": round(needed / 1e6), "free_mb": round(free / 1e6)}


def _template(metadata: dict[str, str]) -> tuple[str, str]:
    """Where the chat template comes from, and its text."""
    if text := metadata.get(_TEMPLATE_KEY):
        return "file", text
    named = sorted(key for key in metadata if key.startswith(f"{_TEMPLATE_KEY}."))
    if named:
        return f"file: {named[0].removeprefix(f'{_TEMPLATE_KEY}.')}", metadata[named[0]]
    return "none", ""
