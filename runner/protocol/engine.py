"""The engine's messages: load, generate, stop, tokenise, keep and restore a sequence's state."""

from enum import StrEnum
from typing import Annotated

import msgspec

from runner.protocol.common import Failed, Heartbeat, Hello, Log, Message, Quit, Ready

# What an engine says is held to what one can mean: a file may have taken it over, and a number that no
# column holds would cost the answer that it stands beside.

Number = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""Of tokens or bytes."""

TokenId = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Measure = Annotated[float, msgspec.Meta(ge=0, le=1e12)]
"""Of seconds, or of tokens in one."""

Share = Annotated[float, msgspec.Meta(ge=0, le=1.01)]
"""Of a whole, past which rounding may take it."""

Short = Annotated[str, msgspec.Meta(max_length=1000)]


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
    fraction: Share


class Sourced(msgspec.Struct, frozen=True):
    """A setting's value and the header key or default that it came from."""

    value: float
    source: Short


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A device that the engine's build can use, as the library names it."""

    name: Short
    description: Short
    memory_free: Number = 0
    memory_total: Number = 0


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
    seconds: Measure
    context: Number
    context_trained: Number
    layers: Number
    layers_offloaded: Number
    devices: Annotated[list[Device], msgspec.Meta(max_length=100)]
    template: Short
    template_sha256: Short
    sampling: Annotated[dict[Short, Sourced], msgspec.Meta(max_length=100)]
    threads: Number
    memory_bytes: Number
    end_tokens: Annotated[list[Short], msgspec.Meta(max_length=1000)] = []
    system: Annotated[str, msgspec.Meta(max_length=10_000)] = ""


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
    done: Number
    total: Number
    kept: Number


class Chunk(Message, frozen=True, tag="chunk"):
    """Some text of an answer: one or more whole characters, and the tokens that made them."""

    run: int
    text: str
    tokens: list[TokenId] = []


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
    prompt_tokens: Number
    kept: Number
    evaluated: Number
    splits: list[Number]
    tokens: Number
    first_token_s: Measure
    total_s: Measure
    decode_tps: Measure
    threads: Number
    context_used: Number
    prompt_sha256: Short = ""
    stop_text: Annotated[str, msgspec.Meta(max_length=100_000)] = ""


class Counted(Message, frozen=True, tag="counted"):
    """How many tokens a text or conversation has."""

    run: int
    tokens: Number


class StateSaved(Message, frozen=True, tag="state_saved"):
    """A sequence's state has been sent whole over the bulk channel."""

    run: int
    tokens: Number
    bytes: Number
    sha256: Short


class Try(msgspec.Struct, frozen=True, kw_only=True):
    """One way out that the engine tried.

    Attributes:
        name: what was tried, in a code.
        call: the call as the porter names it; empty where the porter is not told of it.
        outcome: the error that refused it, such as `EPERM`, or `open` where it was let through.
    """

    name: Short
    call: Short
    outcome: Short


class Tried(Message, frozen=True, tag="tried"):
    """What became of each way out, in the order in which they were tried."""

    run: int
    tries: Annotated[list[Try], msgspec.Meta(max_length=100)]


class StateRestored(Message, frozen=True, tag="state_restored"):
    """A state is in force; the next turn evaluates only what comes after its tokens."""

    run: int
    tokens: Number


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
