"""The engine's messages: load, generate, stop, tokenise, keep and restore a sequence's state."""

from enum import StrEnum

import msgspec

from runner.protocol.common import Failed, Heartbeat, Hello, Log, Message, Quit, Ready


class Role(StrEnum):
    """Who speaks in a conversation."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class Said(msgspec.Struct, frozen=True):
    """One message of a conversation, as it is handed to the chat template."""

    role: Role
    text: str


class Sampling(msgspec.Struct, frozen=True, kw_only=True):
    """How the next token is drawn.

    Attributes:
        temperature: 0 takes the likeliest token; above, probabilities are flattened by it.
        top_k: how many of the likeliest tokens stay; 0 keeps all.
        top_p: the smallest share of probability that is kept; 1 keeps all.
        min_p: tokens below this share of the likeliest one's probability go; 0 keeps all.
        repeat_penalty: divides the chance of the last `repeat_last` tokens; 1 leaves it alone.
    """

    temperature: float = 0.8
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    repeat_last: int = 64


class StopReason(StrEnum):
    """Why an answer ended."""

    END_TOKEN = "end token"  # noqa: S105 - a token of a vocabulary
    STOP_TEXT = "stop text"
    TOKEN_LIMIT = "token limit"  # noqa: S105 - a token of a vocabulary
    CONTEXT_FULL = "context full"
    STOPPED = "stopped"


# ---- parent to engine -------------------------------------------------------------------------


class Load(Message, frozen=True, tag="load"):
    """Load a model.

    Attributes:
        path: the GGUF file, or the first of a split set.
        context: tokens of context wished for; 0 takes what was trained, up to what fits.
        gpu_layers: layers to offload; -1 offloads what fits.
        threads: threads to decode with; 0 lets the engine measure and adapt.
    """

    run: int
    path: str
    context: int = 0
    gpu_layers: int = -1
    threads: int = 0


class Unload(Message, frozen=True, tag="unload"):
    """Free the model and its memory."""

    run: int


class Generate(Message, frozen=True, tag="generate"):
    """Answer a conversation.

    Attributes:
        said: the conversation, oldest first. For raw completion, where the file has no template,
            the texts are joined as they are.
        raw: whether the texts are joined as they are though the file has a template; for models
            whose makers write out the whole text, such as some guards.
        prefill: the start of the answer, for continuing one; not sent back in chunks.
        seed: drawn by the parent, 0 to 2**32 - 1; the engine draws none itself.
        max_tokens: 0 sets no limit but the context's.
        stop: texts that end the answer; they are not part of it.
        top_logprobs: how many alternatives per token to send over the bulk channel; 0 for none.
        splits: for a replay, the sizes of the prompt's evaluations, oldest first, with the cache
            cleared before; empty lets the engine keep what it has and choose.
        forced: for a replay or a branch, tokens to take instead of drawing, in order.
    """

    run: int
    said: list[Said]
    sampling: Sampling
    seed: int
    max_tokens: int = 0
    prefill: str = ""
    stop: list[str] = []
    top_logprobs: int = 0
    splits: list[int] = []
    forced: list[int] = []
    raw: bool = False


class Stop(Message, frozen=True, tag="stop"):
    """Stop a load or a generation; answered by its `done` or `failed`."""

    run: int


class Count(Message, frozen=True, tag="count"):
    """Count the tokens of a text or of a conversation with its template; answered by `counted`."""

    run: int
    text: str = ""
    said: list[Said] = []


class SaveState(Message, frozen=True, tag="save_state"):
    """Send the sequence's state over the bulk channel; answered by `state_saved`.

    Attributes:
        most_bytes: a larger state is not sent, and `engine.state_too_large` answers; 0 for no limit.
    """

    run: int
    most_bytes: int = 0


class RestoreState(Message, frozen=True, tag="restore_state"):
    """Take a state that follows on the bulk channel; answered by `state_restored`.

    Attributes:
        tokens: how many tokens the state holds.
        bytes: how many bytes follow in frames of kind `state` with this run's number.
    """

    run: int
    tokens: int
    bytes: int


class TryOut(Message, frozen=True, tag="try_out"):
    """Try every way out of this process, to see each refused; answered by `tried`."""

    run: int


# ---- engine to parent -------------------------------------------------------------------------


class Loading(Message, frozen=True, tag="loading"):
    """How far a load has come, 0 to 1."""

    run: int
    fraction: float


class Sourced(msgspec.Struct, frozen=True):
    """A setting's value and the header key or default that it came from."""

    value: float
    source: str


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A device that the engine's build can use, as the library names it."""

    name: str
    description: str
    memory_free: int = 0
    memory_total: int = 0


class Loaded(Message, frozen=True, tag="loaded"):
    """A model is ready.

    Attributes:
        context: tokens of context in force.
        context_trained: tokens of context that the header states.
        layers: layers of the model; `layers_offloaded` of them stand on `devices`.
        template: where the chat template came from: `file`, or `none` for raw completion.
        sampling: the file's own defaults by parameter, each with its header key.
        threads: threads at the start; the engine may adapt them and says so in `done`.
    """

    run: int
    seconds: float
    context: int
    context_trained: int
    layers: int
    layers_offloaded: int
    devices: list[Device]
    template: str
    template_sha256: str
    sampling: dict[str, Sourced]
    threads: int
    memory_bytes: int
    end_tokens: list[str] = []
    system: str = ""


class Unloaded(Message, frozen=True, tag="unloaded"):
    """The model's memory has been given back."""

    run: int


class Reading(Message, frozen=True, tag="reading"):
    """How far the evaluation of a prompt has come, in tokens.

    Attributes:
        kept: tokens at the start that the cache already held.
        dropped: messages of the conversation that did not fit and were left out.
    """

    run: int
    done: int
    total: int
    kept: int


class Chunk(Message, frozen=True, tag="chunk"):
    """Some text of an answer: one or more whole characters, and the tokens that made them."""

    run: int
    text: str
    tokens: list[int] = []


class Done(Message, frozen=True, tag="done"):
    """An answer has ended.

    Attributes:
        prompt_tokens: length of the rendered prompt; `kept` of them were in the cache and
            `evaluated` were evaluated now.
        splits: the sizes of the evaluations that made the prompt's cache, the kept part included,
            so that a replay can repeat them all; their sum is less than the prompt where the
            person stopped before its end.
        first_token_s: from the request to the first token; `total_s` to the last.
        decode_tps: tokens per second from the first token on; 0 where fewer than two came.
        threads: threads in force at the end.
    """

    run: int
    reason: StopReason
    prompt_tokens: int
    kept: int
    evaluated: int
    splits: list[int]
    tokens: int
    first_token_s: float
    total_s: float
    decode_tps: float
    threads: int
    context_used: int
    prompt_sha256: str = ""
    stop_text: str = ""


class Counted(Message, frozen=True, tag="counted"):
    """How many tokens a text or conversation has."""

    run: int
    tokens: int


class StateSaved(Message, frozen=True, tag="state_saved"):
    """A sequence's state has been sent whole over the bulk channel."""

    run: int
    tokens: int
    bytes: int
    sha256: str


class Try(msgspec.Struct, frozen=True, kw_only=True):
    """One way out that the engine tried.

    Attributes:
        name: what was tried, in a code.
        call: the call as the porter names it; empty where the porter is not told of it.
        outcome: the error that refused it, such as `EPERM`, or `open` where it was let through.
    """

    name: str
    call: str
    outcome: str


class Tried(Message, frozen=True, tag="tried"):
    """What became of each way out, in the order in which they were tried."""

    run: int
    tries: list[Try]


class StateRestored(Message, frozen=True, tag="state_restored"):
    """A state is in force; the next turn evaluates only what comes after its tokens."""

    run: int
    tokens: int


Command = Hello | Quit | Load | Unload | Generate | Stop | Count | SaveState | RestoreState | TryOut
Event = (
    Ready
    | Heartbeat
    | Log
    | Failed
    | Loading
    | Loaded
    | Unloaded
    | Reading
    | Chunk
    | Done
    | Counted
    | StateSaved
    | StateRestored
    | Tried
)
