"""Random GGUF files that know the format: mostly sound, with a few lies each."""

import struct

from hypothesis import strategies as st

from tests.inspector.gguf.hostile import (
    CODES,
    STR,
    Gguf,
    array,
    number,
    pair,
    string,
    tensor,
    tiny,
    tiny_pairs,
)

counts = st.one_of(
    st.integers(0, 40),
    st.sampled_from([2**16, 2**31 - 1, 2**31, 2**32 - 1, 2**61, 2**62, 2**63, 2**64 - 1]),
    st.integers(0, 2**64 - 1),
)
lies = st.one_of(st.none(), st.none(), st.none(), counts)
keys = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "general.architecture",
            "general.alignment",
            "general.name",
            "llama.block_count",
            "llama.attention.head_count_kv",
            "tokenizer.ggml.tokens",
            "tokenizer.ggml.scores",
            "tokenizer.ggml.token_type",
            "tokenizer.ggml.bos_token_id",
            "split.count",
        ]
    ),
)
raws = st.binary(max_size=40)


def numbers(kind: int) -> st.SearchStrategy:
    """Values that fit a type."""
    if CODES[kind] in "fd":
        return st.floats(width=32)
    if CODES[kind] == "?":
        return st.booleans()
    width = 8 * struct.calcsize(CODES[kind])
    if CODES[kind].isupper():
        return st.integers(0, 2**width - 1)
    return st.integers(-(2 ** (width - 1)), 2 ** (width - 1) - 1)


@st.composite
def pairs(draw: st.DrawFn) -> bytes:
    key = draw(keys)
    form = draw(st.integers(0, 4))
    if form == 0:
        return string(key, draw(raws), draw(lies))
    if form == 1:
        kind = draw(st.sampled_from(sorted(CODES)))
        return number(key, kind, draw(numbers(kind)))
    if form == 2:
        return array(key, STR, draw(st.lists(raws, max_size=8)), draw(lies))
    if form == 3:
        kind = draw(st.sampled_from(sorted(CODES)))
        return array(key, kind, draw(st.lists(numbers(kind), max_size=8)), draw(lies))
    return pair(key, draw(st.integers(0, 20)), draw(raws), draw(lies))


@st.composite
def tensors(draw: st.DrawFn) -> bytes:
    return tensor(
        draw(st.text(max_size=10)),
        draw(st.lists(st.one_of(st.integers(0, 64), counts), max_size=5)),
        draw(st.one_of(st.sampled_from([0, 1, 2, 8, 12]), st.integers(0, 50))),
        draw(st.one_of(st.integers(0, 40).map(lambda at: 32 * at), counts)),
        length=draw(lies),
        dimensions=draw(st.one_of(st.none(), st.none(), st.integers(0, 2**32 - 1))),
    )


@st.composite
def structured(draw: st.DrawFn) -> bytes:
    """A file from parts, some of which lie."""
    base = tiny_pairs() if draw(st.booleans()) else []
    return Gguf(
        pairs=base + draw(st.lists(pairs(), max_size=6)),
        tensors=draw(st.lists(tensors(), max_size=4)),
        data=bytes(draw(st.integers(0, 2048))),
        version=draw(st.sampled_from([3, 3, 3, 3, 2, 1, 0, 4, 2**24])),
        pair_count=draw(lies),
        tensor_count=draw(lies),
    ).build()


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A sound file with some bytes changed, cut out or cut off."""
    data = bytearray(tiny().build())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data) - 1))
        match draw(st.integers(0, 3)):
            case 0:
                data[at] = draw(st.integers(0, 255))
            case 1:
                data[at : at + 8] = struct.pack("<Q", draw(counts))
            case 2:
                del data[at : at + draw(st.integers(1, 64))]
            case _:
                del data[at + 1 :]
        if not data:
            break
    return bytes(data)


def ggufs() -> st.SearchStrategy[bytes]:
    """Any of them."""
    return st.one_of(structured(), mutated(), st.binary(max_size=200))
