"""How much memory a model needs while it runs, worked out from its header.

Weights are exact. The cache of keys and values follows llama.cpp's own layout: 16-bit numbers, per
layer and grouped head, sliding windows where it uses them. What computing needs is an estimate.
"""

import msgspec

from inspector.facts import Fact, Source, SourceKind, known, unknown
from inspector.gguf.model import GgufModel, ModelKind
from resources import table

BATCH = 512
"""Tokens that llama.cpp evaluates at once unless told otherwise."""

_CACHE_BYTES = 2  # An f16 for each number of a key or value.
_PAD = 256  # llama.cpp rounds both kinds of cache up to this.


class Window(msgspec.Struct, frozen=True):
    """How an architecture mixes layers that see everything with layers that see a window."""

    period: int
    dense_first: bool = False
    window: int = 0


class _Attention(msgspec.Struct, frozen=True):
    schema: str
    ignores_window: tuple[str, ...]
    windows: dict[str, Window]


class MemoryNeed(msgspec.Struct, frozen=True, kw_only=True):
    """What a model needs at one length of context, in bytes.

    Attributes:
        context: tokens of context that this is for.
        weights: every tensor.
        cache: keys and values of all layers, and the state of recurrent ones.
        compute: the largest step of evaluating a batch; an estimate.
        total: the three together.
        free: memory that was free when it was asked.
    """

    context: int
    weights: Fact
    cache: Fact
    compute: Fact
    total: Fact
    free: Fact


def memory_need(model: GgufModel, context: int, free_bytes: int | None = None) -> MemoryNeed:
    """Returns what `model` needs at `context` tokens.

    Args:
        model: the open model.
        context: tokens of context; 0 takes what was trained.
        free_bytes: memory free now, if somebody measured it.
    """
    context = context or model.metadata.integer(model.arch_key("context_length")) or 0
    weights = sum(tensor.size for tensor in model.tensors)
    cache, compute = _cache_bytes(model, context), _compute_bytes(model, context)
    free = (
        unknown("settle.memory_free")
        if free_bytes is None
        else known(free_bytes, _measured(model, "memory free on this computer"))
    )
    total: Fact = unknown("settle.cache")
    if cache is not None and compute is not None:
        total = known(weights + cache + compute, _measured(model, "weights + cache + compute"))
    return MemoryNeed(
        context=context,
        weights=known(weights, _measured(model, f"sum of {len(model.tensors)} tensors")),
        cache=unknown("settle.cache")
        if cache is None
        else known(cache, _measured(model, "layers × groups × head length × context, in f16")),
        compute=unknown("settle.compute")
        if compute is None
        else known(compute, _measured(model, f"estimate for batches of {BATCH} tokens")),
        total=total,
        free=free,
    )


def _measured(model: GgufModel, how: str) -> Source:
    """Returns the source of a number that was worked out from the header."""
    return Source(kind=SourceKind.MEASURED, document=model.name, where=how, read_at=model.read_at)


# ---- the cache --------------------------------------------------------------------------------


def _cache_bytes(model: GgufModel, context: int) -> int | None:
    """Returns the bytes of the cache; None where the header doesn't say enough."""
    if model.kind is not ModelKind.CHAT:
        return 0 if model.kind is ModelKind.EMBEDDING else None
    layers = model.metadata.integer(model.arch_key("block_count"))
    if not layers or not context:
        return None
    state = _state_bytes(model)
    latent = model.metadata.integer(model.arch_key("attention.kv_lora_rank"))
    if latent and model.metadata.integer(model.arch_key("attention.key_length_mla")):
        # Latent attention keeps one short vector for all heads, and no values.
        rope = model.metadata.integer(model.arch_key("rope.dimension_count")) or 0
        return layers * (latent + rope) * _padded(context) * _CACHE_BYTES
    groups = _per_layer(model, "attention.head_count_kv", layers)
    if groups is None:
        groups = _per_layer(model, "attention.head_count", layers)
    if groups is None:
        return state * layers if state else None
    windowed = _windowed_layers(model, layers)
    window = _window(model)
    shared = model.metadata.integer(model.arch_key("attention.shared_kv_layers")) or 0
    every = model.metadata.integer(model.arch_key("full_attention_interval")) or 0
    total = 0
    for layer in range(layers - min(shared, layers)):
        is_recurrent = bool(state) and (groups[layer] == 0 or (every and (layer + 1) % every))
        if is_recurrent:
            total += state
            continue
        tokens = min(context, window + BATCH) if windowed[layer] else context
        lengths = _head_lengths(model, windowed=windowed[layer])
        if lengths is None:
            return None
        total += groups[layer] * sum(lengths) * _padded(tokens) * _CACHE_BYTES
    return total


def _padded(tokens: int) -> int:
    """Rounds tokens up as llama.cpp does."""
    return -(-tokens // _PAD) * _PAD


def _per_layer(model: GgufModel, ending: str, layers: int) -> tuple[int, ...] | None:
    """Returns a number for each layer, from a list or from one number for all."""
    key = model.arch_key(ending)
    number = model.metadata.integer(key)
    if number is not None:
        return (number,) * layers
    numbers = model.metadata.numbers(key)
    if numbers is None or len(numbers) < layers:
        return None
    return tuple(max(0, int(number)) for number in numbers[:layers])


def _head_lengths(model: GgufModel, *, windowed: bool) -> tuple[int, int] | None:
    """Returns the length of one key and of one value."""
    metadata = model.metadata
    heads = _per_layer(model, "attention.head_count", 1)
    width = metadata.integer(model.arch_key("embedding_length"))
    usual = width // heads[0] if heads and heads[0] and width else None

    def length(name: str) -> int | None:
        stated = metadata.integer(model.arch_key(f"attention.{name}_length"))
        in_window = metadata.integer(model.arch_key(f"attention.{name}_length_swa"))
        chosen = in_window if windowed and in_window is not None else stated
        return usual if chosen is None else chosen

    key, value = length("key"), length("value")
    return None if key is None or value is None else (key, value)


def _window(model: GgufModel) -> int:
    """Returns the length of the sliding window in tokens; 0 where llama.cpp uses none."""
    rules = table("gguf/attention.toml", _Attention)
    if model.architecture in rules.ignores_window:
        return 0
    stated = model.metadata.integer(model.arch_key("attention.sliding_window"))
    if stated is not None:
        return stated
    rule = rules.windows.get(model.architecture)
    return rule.window if rule else 0


def _windowed_layers(model: GgufModel, layers: int) -> tuple[bool, ...]:
    """Says of each layer whether it sees a window only; without a rule, none does."""
    if not _window(model):
        return (False,) * layers
    key = model.arch_key("attention.sliding_window_pattern")
    listed = model.metadata.numbers(key)
    if listed is not None and len(listed) >= layers:
        return tuple(bool(flag) for flag in listed[:layers])
    rule = table("gguf/attention.toml", _Attention).windows.get(model.architecture)
    period = model.metadata.integer(key) or (rule.period if rule else 1)
    dense = 0 if rule and rule.dense_first else period - 1
    return tuple(layer % period != dense for layer in range(layers))


def _state_bytes(model: GgufModel) -> int:
    """Returns the bytes that one recurrent layer keeps, whatever the context; 0 where none."""

    def number(ending: str) -> int:
        return model.metadata.integer(model.arch_key(ending)) or 0

    width = number("embedding_length")
    if number("wkv.head_size"):
        shifts = number("token_shift_count") or 2
        return 4 * (shifts * width + width * number("wkv.head_size"))
    if number("shortconv.l_cache"):
        return 4 * width * (number("shortconv.l_cache") - 1)
    inner, state = number("ssm.inner_size"), number("ssm.state_size")
    if not inner or not state:
        return 0
    kernel, groups = number("ssm.conv_kernel"), number("ssm.group_count")
    return 4 * (max(0, kernel - 1) * (inner + 2 * groups * state) + state * inner)


# ---- computing --------------------------------------------------------------------------------


def _compute_bytes(model: GgufModel, context: int) -> int | None:
    """Estimates the scratch memory of one batch: the scores of all tokens, or a layer's inside.

    llama.cpp sets aside room for the scores of a whole batch, and a mask over the context; a
    layer's widest product is usually smaller than the first.
    """
    metadata = model.metadata
    width = metadata.integer(model.arch_key("embedding_length"))
    tokens = metadata.get("tokenizer.ggml.tokens")
    if not width or tokens is None or not context:
        return None
    inner = _per_layer(model, "feed_forward_length", 1) or (0,)
    batch = min(BATCH, context)
    layer = batch * (4 * width + 3 * inner[0]) * 4
    scores = batch * (tokens.count + width) * 4
    mask = batch * _padded(context) * 2
    return max(layer, scores) + mask
