"""llama.cpp's C interface as this app uses it: the only file that imports llama_cpp.

Every call of the library that the engine makes is named here once, with types, so that a release
that renames one is mended in one place. No policy: what to do with a refusal is decided above.
Thread: one at a time, except `Flag.raise_`, which may come from any.
"""

import ctypes
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NewType

import numpy as np
from numpy.typing import NDArray

# Without this, an abort in the library starts a debugger on us to print a backtrace.
os.environ.setdefault("GGML_NO_BACKTRACE", "1")

import llama_cpp
import llama_cpp.llama_cpp as ll
from llama_cpp._ggml import libggml

ModelHandle = NewType("ModelHandle", int)
VocabularyHandle = NewType("VocabularyHandle", int)
ContextHandle = NewType("ContextHandle", int)
SamplerHandle = NewType("SamplerHandle", int)

LogSink = Callable[[int, str], None]
"""Takes a level (1 debug, 2 information, 3 warning, 4 error, 5 goes on) and a text."""

EVALUATED = 0
NO_ROOM = 1
ABORTED = 2

_ACCELERATORS = {1, 2}  # ggml_backend_dev_type: a GPU of its own, a GPU within the processor


class Flag:
    """A byte that the library reads by itself, to abort an evaluation.

    llama.cpp asks its abort callback before each of about a thousand graph nodes. A Python
    callback would take the interpreter's lock each time; C's own `strlen` over two bytes answers
    the same question: 0 while the first byte is zero, 1 once it is not.
    """

    def __init__(self) -> None:
        self._bytes = ctypes.create_string_buffer(2)
        self._ask = ctypes.CDLL(None if os.name == "posix" else "msvcrt").strlen

    def raise_(self) -> None:
        """Asks whatever reads the flag to abort."""
        self._bytes[0] = b"\x01"

    def lower(self) -> None:
        """Takes the request back."""
        self._bytes[0] = b"\x00"

    @property
    def raised(self) -> bool:
        """Says whether an abort is asked for."""
        return self._bytes[0] != b"\x00"

    def give_to(self, context: ContextHandle) -> None:
        """Lets evaluations of this context ask the flag; it must outlive the context."""
        question = ctypes.cast(self._ask, ll.ggml_abort_callback)
        ll.llama_set_abort_callback(context, question, ctypes.cast(self._bytes, ctypes.c_void_p))


@dataclass(frozen=True, slots=True)
class Accelerator:
    """A device that layers can be offloaded to, as the library names it."""

    name: str
    description: str
    memory_free: int
    memory_total: int


class Library:
    """The loaded library; made once in a process, and kept until it ends."""

    def __init__(self, log: LogSink) -> None:
        def heard(level: int, text: bytes | None, _data: object) -> None:
            if text:
                log(level, text.decode("utf-8", "replace"))

        # Kept here: the library calls it for as long as the process lives.
        self._callback = ll.llama_log_callback(heard)
        ll.llama_log_set(self._callback, ctypes.c_void_p(0))
        ll.llama_backend_init()

    @property
    def build(self) -> dict[str, str]:
        """The versions of what computes."""
        ggml_version, ggml_commit = libggml_names()
        return {
            "llama-cpp-python": llama_cpp.__version__,
            "llama.cpp": ll.llama_version().decode(),
            "ggml": ggml_version,
            "ggml commit": ggml_commit,
            "system": self.features,
        }

    @property
    def features(self) -> str:
        """What the library says of its build and the processor features that it uses."""
        return str(ll.llama_print_system_info().decode("utf-8", "replace")).strip(" |")

    @property
    def can_offload(self) -> bool:
        """Says whether the library was built with a backend that takes layers."""
        return bool(ll.llama_supports_gpu_offload())

    @property
    def extra_buffers_work(self) -> bool:
        """Says whether the library's own weight formats may be used on this processor.

        WORKAROUND https://github.com/ggml-org/llama.cpp/pull/26954: built with AMX by a compiler
        that drops the tile configuration, the first evaluation ends the process.
        """
        return "AMX_INT8 = 1" not in self.features

    def accelerators(self) -> list[Accelerator]:
        """The devices that layers can go to, with the memory that is free now."""
        return [
            _accelerator(device)
            for device in _devices()
            if _ggml("ggml_backend_dev_type", ctypes.c_int)(device) in _ACCELERATORS
        ]


def libggml_names() -> tuple[str, str]:
    """The version and the commit of ggml."""
    version, commit = (_ggml(name, ctypes.c_char_p) for name in ("ggml_version", "ggml_commit"))
    return version().decode(), commit().decode()


# ---- models ---------------------------------------------------------------------------------


def open_model(
    path: str,
    *,
    gpu_layers: int,
    going_on: Callable[[float], bool],
    extra_buffers: bool = True,
) -> ModelHandle | None:
    """Loads a model; None where the library refused, or where `going_on` said no.

    Args:
        path: the file, or the first of a split set.
        gpu_layers: layers to offload.
        going_on: is told the share that is loaded; says whether to go on.
        extra_buffers: let the processor's own formats hold the weights (repacked, AMX).
    """
    parameters = ll.llama_model_default_params()
    parameters.n_gpu_layers = gpu_layers
    parameters.use_extra_bufts = extra_buffers
    callback = ll.llama_progress_callback(lambda fraction, _data: going_on(float(fraction)))
    parameters.progress_callback = callback
    handle = ll.llama_model_load_from_file(os.fsencode(path), parameters)
    return ModelHandle(handle) if handle else None


def close_model(model: ModelHandle) -> None:
    """Frees a model; its contexts must be closed before."""
    ll.llama_model_free(model)


def metadata(model: ModelHandle) -> dict[str, str]:
    """The header's single values as text; the library hands out no arrays."""
    return {
        _text(ll.llama_model_meta_key_by_index, model, index): _text(
            ll.llama_model_meta_val_str_by_index, model, index
        )
        for index in range(ll.llama_model_meta_count(model))
    }


def vocabulary(model: ModelHandle) -> VocabularyHandle:
    """The model's vocabulary, which lives as long as the model."""
    return VocabularyHandle(ll.llama_model_get_vocab(model))


def layers(model: ModelHandle) -> int:
    """How many layers the model has, not counting its output."""
    return int(ll.llama_model_n_layer(model))


def window(model: ModelHandle) -> int:
    """How many tokens back windowed layers see; 0 where there are none."""
    return int(ll.llama_model_n_swa(model))


def context_trained(model: ModelHandle) -> int:
    """Tokens of context that the header states."""
    return int(ll.llama_model_n_ctx_train(model))


def parameters(model: ModelHandle) -> int:
    """How many numbers the tensors hold."""
    return int(ll.llama_model_n_params(model))


def weight_bytes(model: ModelHandle) -> int:
    """Bytes of all tensors."""
    return int(ll.llama_model_size(model))


def continues_text(model: ModelHandle) -> bool:
    """Says whether the model writes token after token by a decoder alone."""
    return (
        bool(ll.llama_model_has_decoder(model))
        and not ll.llama_model_has_encoder(model)
        and not ll.llama_model_is_diffusion(model)
    )


# ---- vocabularies ---------------------------------------------------------------------------


def vocabulary_size(vocabulary: VocabularyHandle) -> int:
    """How many tokens the vocabulary has."""
    return int(ll.llama_vocab_n_tokens(vocabulary))


def special_tokens(vocabulary: VocabularyHandle) -> dict[str, int]:
    """The ids of bos, eos and eot; -1 where there is none."""
    return {
        "bos": int(ll.llama_vocab_bos(vocabulary)),
        "eos": int(ll.llama_vocab_eos(vocabulary)),
        "eot": int(ll.llama_vocab_eot(vocabulary)),
    }


def adds_bos(vocabulary: VocabularyHandle) -> bool:
    """Says whether the file wants its bos token before a text."""
    return bool(ll.llama_vocab_get_add_bos(vocabulary))


def token_text(vocabulary: VocabularyHandle, token: int) -> str:
    """A token's entry in the vocabulary, as the file spells it."""
    entry = ll.llama_vocab_get_text(vocabulary, token)
    return entry.decode("utf-8", "replace") if entry else ""


def is_end(vocabulary: VocabularyHandle, token: int) -> bool:
    """Says whether a token ends an answer."""
    return bool(ll.llama_vocab_is_eog(vocabulary, token))


def piece(vocabulary: VocabularyHandle, token: int, *, special: bool = False) -> bytes:
    """The bytes that a token stands for; often only a part of a character."""
    room = 64
    while True:
        buffer = ctypes.create_string_buffer(room)
        length = ll.llama_token_to_piece(vocabulary, token, buffer, room, 0, special)
        if length >= 0:
            return buffer.raw[:length]
        room = -length


def tokenise(vocabulary: VocabularyHandle, text: bytes, *, bos: bool, special: bool) -> list[int]:
    """Cuts a text into tokens; with `special`, marks of the format are recognised in it."""
    room = len(text) + 8
    buffer = (ll.llama_token * room)()
    count = ll.llama_tokenize(vocabulary, text, len(text), buffer, room, bos, special)
    if count < 0:
        room = -count
        buffer = (ll.llama_token * room)()
        count = ll.llama_tokenize(vocabulary, text, len(text), buffer, room, bos, special)
    return list(buffer[:count])


# ---- contexts -------------------------------------------------------------------------------


def open_context(
    model: ModelHandle, *, tokens: int, batch: int, threads: int
) -> ContextHandle | None:
    """Makes a context of one sequence; None where the library refused, mostly for memory.

    Layers that see a window keep no more than the window, as llama.cpp's own programs do: the whole
    context in each of them would take several times the memory. `can_follow` says what it costs.
    """
    parameters = ll.llama_context_default_params()
    parameters.n_ctx = tokens
    parameters.n_batch = batch
    parameters.n_ubatch = batch
    parameters.n_seq_max = 1
    parameters.swa_full = False
    parameters.n_threads = threads
    parameters.n_threads_batch = threads
    handle = ll.llama_init_from_model(model, parameters)
    return ContextHandle(handle) if handle else None


def close_context(context: ContextHandle) -> None:
    """Frees a context and its cache."""
    ll.llama_free(context)


def context_size(context: ContextHandle) -> int:
    """Tokens of context in force."""
    return int(ll.llama_n_ctx(context))


def pools(context: ContextHandle) -> bool:
    """Says whether the model makes one vector of a whole text, as embedding models do."""
    return int(ll.llama_pooling_type(context)) > 0


def set_threads(context: ContextHandle, threads: int) -> None:
    """Sets how many threads compute from the next evaluation on."""
    ll.llama_set_n_threads(context, threads, threads)


class Batch:
    """Tokens for one evaluation; its array is used again, for decoding takes one a token."""

    def __init__(self, room: int) -> None:
        self._tokens = (ll.llama_token * room)()

    def evaluate(self, context: ContextHandle, tokens: Sequence[int]) -> int:
        """Evaluates tokens after those that the cache holds; only the last one yields logits."""
        count = len(tokens)
        self._tokens[:count] = tokens
        return int(ll.llama_decode(context, ll.llama_batch_get_one(self._tokens, count)))


def held(context: ContextHandle) -> int:
    """How many tokens the cache holds, as the library counts them."""
    return int(ll.llama_memory_seq_pos_max(ll.llama_get_memory(context), 0)) + 1


def cut(context: ContextHandle, start: int) -> bool:
    """Takes all tokens from a position on out of the cache; False where it cannot be cut."""
    return bool(ll.llama_memory_seq_rm(ll.llama_get_memory(context), 0, start, -1))


def can_follow(context: ContextHandle, end: int) -> bool:
    """Says whether the cache, cut at a position, still holds all that the next token looks at.

    Layers with a sliding window have given up what lies further back.
    """
    seen = window(ModelHandle(ll.llama_get_model(context)))
    first = int(ll.llama_memory_seq_pos_min(ll.llama_get_memory(context), 0))
    return not seen or 0 <= first <= max(0, end - seen)


def can_take_back(context: ContextHandle, tokens: int) -> bool:
    """Says whether the cache is as it was once an evaluation of so many tokens was broken off.

    A running state is half changed then. In a sliding window's ring several tokens that come in their
    place lie elsewhere, so that sums are made in another order, and a replay has other last digits.
    """
    model = ModelHandle(ll.llama_get_model(context))
    if ll.llama_model_is_recurrent(model) or ll.llama_model_is_hybrid(model):
        return False
    return tokens == 1 or not window(model)


def clear(context: ContextHandle) -> None:
    """Empties the cache."""
    ll.llama_memory_clear(ll.llama_get_memory(context), True)


def logits(context: ContextHandle, size: int) -> NDArray[np.float32]:
    """The logits of the last token evaluated: a view, good until the next evaluation."""
    return np.ctypeslib.as_array(ll.llama_get_logits_ith(context, -1), shape=(size,))


def state_size(context: ContextHandle) -> int:
    """How many bytes the sequence's state has at most."""
    return int(ll.llama_state_seq_get_size(context, 0))


def state(context: ContextHandle) -> memoryview:
    """The sequence's state as the library writes it."""
    size = state_size(context)
    # Not a bytearray: filling that with zeros first takes as long as the library does.
    data = np.empty(size, np.uint8)
    view = (ctypes.c_uint8 * size).from_buffer(data.data)
    written = ll.llama_state_seq_get_data(context, view, size, 0)
    return data.data[:written]


def set_state(context: ContextHandle, data: bytes | bytearray | memoryview) -> bool:
    """Puts a state in force; False where the library finds that it does not fit."""
    view = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
    return bool(ll.llama_state_seq_set_data(context, view, len(data), 0))


# ---- samplers -------------------------------------------------------------------------------


def new_chain() -> SamplerHandle:
    """An empty chain of samplers."""
    return SamplerHandle(ll.llama_sampler_chain_init(ll.llama_sampler_chain_default_params()))


def add_penalties(chain: SamplerHandle, size: int, last: int, repeat: float) -> None:
    """Adds the penalty on the last tokens; the chain must see every token by `accept`."""
    penalties = ll.llama_sampler_init_penalties(size, last, repeat, 0.0, 0.0)
    ll.llama_sampler_chain_add(chain, penalties)


def add_top_k(chain: SamplerHandle, k: int) -> None:
    """Adds the cut to the k likeliest tokens."""
    ll.llama_sampler_chain_add(chain, ll.llama_sampler_init_top_k(k))


def add_top_p(chain: SamplerHandle, p: float) -> None:
    """Adds the cut to the smallest share of probability that is kept."""
    ll.llama_sampler_chain_add(chain, ll.llama_sampler_init_top_p(p, 1))


def add_min_p(chain: SamplerHandle, p: float) -> None:
    """Adds the cut below a share of the likeliest token's probability."""
    ll.llama_sampler_chain_add(chain, ll.llama_sampler_init_min_p(p, 1))


def add_temperature(chain: SamplerHandle, temperature: float) -> None:
    """Adds the flattening by temperature."""
    ll.llama_sampler_chain_add(chain, ll.llama_sampler_init_temp(temperature))


def add_greedy(chain: SamplerHandle) -> None:
    """Ends the chain with taking the likeliest token."""
    ll.llama_sampler_chain_add(chain, ll.llama_sampler_init_greedy())


def add_draw(chain: SamplerHandle, seed: int) -> None:
    """Ends the chain with a draw from the seed."""
    ll.llama_sampler_chain_add(chain, ll.llama_sampler_init_dist(seed))


def sample(chain: SamplerHandle, context: ContextHandle) -> int:
    """Draws the next token from the last logits, and lets the chain know of it."""
    return int(ll.llama_sampler_sample(chain, context, -1))


def accept(chain: SamplerHandle, token: int) -> None:
    """Lets the chain know of a token that it did not draw."""
    ll.llama_sampler_accept(chain, token)


def free_chain(chain: SamplerHandle) -> None:
    """Frees a chain with its samplers."""
    ll.llama_sampler_free(chain)


# ---- helpers --------------------------------------------------------------------------------


def _text(read: Callable[..., int], model: ModelHandle, index: int) -> str:
    length = 256
    while True:
        buffer = ctypes.create_string_buffer(length)
        needed = read(model, index, buffer, length)
        if needed < length:
            return buffer.value.decode("utf-8", "replace")
        length = needed + 1


def _ggml(name: str, result: type) -> Callable[..., Any]:
    function = getattr(libggml, name)
    function.restype = result
    function.argtypes = None
    return function  # type: ignore[no-any-return]


def _devices() -> Iterator[ctypes.c_void_p]:
    count = _ggml("ggml_backend_dev_count", ctypes.c_size_t)()
    get = _ggml("ggml_backend_dev_get", ctypes.c_void_p)
    for index in range(count):
        yield ctypes.c_void_p(get(ctypes.c_size_t(index)))


def _accelerator(device: ctypes.c_void_p) -> Accelerator:
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    libggml.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
    name = _ggml("ggml_backend_dev_name", ctypes.c_char_p)(device)
    description = _ggml("ggml_backend_dev_description", ctypes.c_char_p)(device)
    return Accelerator(
        name=(name or b"").decode("utf-8", "replace"),
        description=(description or b"").decode("utf-8", "replace"),
        memory_free=free.value,
        memory_total=total.value,
    )
