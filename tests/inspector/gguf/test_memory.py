"""Memory needed at a context, against numbers that llama.cpp prints, and by hand."""

from pathlib import Path

import pytest

from inspector.gguf.memory import memory_need
from inspector.gguf.model import GgufModel
from tests.inspector.gguf.hostile import (
    BOOL,
    I32,
    STR,
    U32,
    Gguf,
    array,
    number,
    string,
    tensor,
)
from tests.inspector.gguf.memory import Memory


def model(architecture: str, **numbers: object) -> GgufModel:
    """A model with these keys of its architecture; `__` stands for a dot."""
    pairs = [
        string("general.architecture", architecture),
        array("tokenizer.ggml.tokens", STR, ["a"] * 8),
    ]
    for name, value in numbers.items():
        key = f"{architecture}.{name.replace('__', '.')}"
        if isinstance(value, list):
            kind = BOOL if isinstance(value[0], bool) else I32
            pairs.append(array(key, kind, value))
        else:
            pairs.append(number(key, U32, value))
    file = Gguf(pairs=pairs, tensors=[tensor("t", (8,))], data=bytes(32))
    return GgufModel([Memory(file.build())])


def cache(model: GgufModel, context: int) -> int:
    return memory_need(model, context).cache.value


def test_the_starter_at_its_trained_context(starter_model: Path):
    with GgufModel.open(starter_model) as opened:
        need = memory_need(opened, 0, 10**9)
    assert need.context == 8192
    # llama.cpp prints: KV buffer size = 180.00 MiB
    assert need.cache.value == 180 * 1024 * 1024
    assert need.weights.value == 96_576_768
    assert need.total.value == need.weights.value + need.cache.value + need.compute.value
    assert need.free.value == 10**9


def test_grouped_heads_by_layer():
    one = model(
        "llama",
        block_count=2,
        embedding_length=64,
        attention__head_count=4,
        attention__head_count_kv=[2, 1],
    )
    assert cache(one, 1024) == (2 + 1) * (16 + 16) * 1024 * 2


@pytest.mark.parametrize(("architecture", "dense"), [("gemma3", 1), ("qwen3", 6)])
def test_a_sliding_window_only_where_llama_cpp_uses_it(architecture: str, dense: int):
    one = model(
        architecture,
        block_count=6,
        embedding_length=64,
        attention__head_count=4,
        attention__head_count_kv=4,
        attention__sliding_window=512,
        **({"attention__sliding_window_pattern": [False] * 6} if architecture == "qwen3" else {}),
    )
    per_token = 4 * 32 * 2
    assert cache(one, 8192) == per_token * (dense * 8192 + (6 - dense) * 1024)


def test_a_listed_pattern_with_lengths_of_its_own():
    one = model(
        "gemma4",
        block_count=3,
        embedding_length=64,
        attention__head_count=4,
        attention__head_count_kv=[4, 4, 2],
        attention__key_length=32,
        attention__value_length=32,
        attention__key_length_swa=16,
        attention__value_length_swa=16,
        attention__sliding_window=256,
        attention__sliding_window_pattern=[True, True, False],
    )
    assert cache(one, 4096) == 2 * 4 * 32 * 768 * 2 + 2 * 64 * 4096 * 2


def test_phi3_states_a_window_that_llama_cpp_ignores():
    one = model(
        "phi3",
        block_count=1,
        embedding_length=64,
        attention__head_count=4,
        attention__head_count_kv=4,
        attention__sliding_window=256,
    )
    assert cache(one, 4096) == 4 * 32 * 4096 * 2


def test_a_recurrent_model_needs_the_same_at_any_context():
    one = model(
        "mamba",
        block_count=2,
        embedding_length=64,
        attention__head_count=0,
        ssm__conv_kernel=4,
        ssm__inner_size=128,
        ssm__state_size=16,
    )
    assert cache(one, 100) == cache(one, 100_000) == 2 * 4 * (3 * 128 + 16 * 128)


def test_what_a_header_does_not_say_stays_unknown():
    need = memory_need(model("llama", block_count=2), 1024)
    assert not need.cache.is_known
    assert not need.total.is_known
    assert not need.free.is_known
    assert need.cache.settle
