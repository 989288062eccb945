"""Writes GGUF bytes, right and wrong: every count, length and type can be set to anything.

The `gguf` library refuses to write what we need to test, so this writer checks nothing.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

U8, I8, U16, I16, U32, I32, F32, BOOL, STR, ARR, U64, I64, F64 = range(13)
CODES = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}


def text(value: str | bytes, length: int | None = None) -> bytes:
    """A string as the format writes it; `length` lies about it."""
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(raw) if length is None else length) + raw


def pair(key: str | bytes, kind: int, value: bytes, length: int | None = None) -> bytes:
    """A metadata pair from its parts."""
    return text(key, length) + struct.pack("<I", kind) + value


def string(key: str, value: str | bytes, length: int | None = None) -> bytes:
    return pair(key, STR, text(value, length))


def number(key: str, kind: int, value: float) -> bytes:
    return pair(key, kind, struct.pack("<" + CODES[kind], value))


def array(key: str, kind: int, values: Sequence, count: int | None = None) -> bytes:
    head = struct.pack("<IQ", kind, len(values) if count is None else count)
    if kind == STR:
        body = b"".join(text(value) for value in values)
    elif kind in CODES:
        body = struct.pack(f"<{len(values)}{CODES[kind]}", *values)
    else:
        body = b"".join(values)
    return pair(key, ARR, head + body)


def tensor(
    name: str | bytes,
    shape: Sequence[int],
    kind: int = 0,
    offset: int = 0,
    *,
    length: int | None = None,
    dimensions: int | None = None,
) -> bytes:
    """A line of the tensor table."""
    return (
        text(name, length)
        + struct.pack("<I", len(shape) if dimensions is None else dimensions)
        + struct.pack(f"<{len(shape)}Q", *shape)
        + struct.pack("<IQ", kind, offset)
    )


@dataclass(kw_only=True)
class Gguf:
    """A file in parts; None counts are counted."""

    pairs: list[bytes] = field(default_factory=list)
    tensors: list[bytes] = field(default_factory=list)
    data: bytes = b""
    magic: bytes = b"GGUF"
    version: int = 3
    pair_count: int | None = None
    tensor_count: int | None = None
    alignment: int = 32

    def build(self) -> bytes:
        head = self.magic + struct.pack(
            "<IQQ",
            self.version,
            len(self.tensors) if self.tensor_count is None else self.tensor_count,
            len(self.pairs) if self.pair_count is None else self.pair_count,
        )
        body = head + b"".join(self.pairs) + b"".join(self.tensors)
        if not self.tensors:
            return body + self.data
        return body + b"\0" * (-len(body) % self.alignment) + self.data


def tiny_pairs(**changed: bytes | None) -> list[bytes]:
    """The metadata of a very small, sound llama; a keyword replaces or drops a pair by its name."""
    pairs = {
        "architecture": string("general.architecture", "llama"),
        "name": string("general.name", "Tiny"),
        "blocks": number("llama.block_count", U32, 1),
        "context": number("llama.context_length", U32, 128),
        "embedding": number("llama.embedding_length", U32, 32),
        "heads": number("llama.attention.head_count", U32, 4),
        "groups": number("llama.attention.head_count_kv", U32, 2),
        "tokenizer": string("tokenizer.ggml.model", "llama"),
        "tokens": array("tokenizer.ggml.tokens", STR, ["<unk>", "<s>", "</s>", "a"]),
        "scores": array("tokenizer.ggml.scores", F32, [0.0, 0.0, 0.0, -1.0]),
        "types": array("tokenizer.ggml.token_type", I32, [2, 3, 3, 1]),
        "bos": number("tokenizer.ggml.bos_token_id", U32, 1),
        "eos": number("tokenizer.ggml.eos_token_id", U32, 2),
    }
    for name, value in changed.items():
        if value is None:
            del pairs[name]
        else:
            pairs[name] = value
    return list(pairs.values())


def tiny(**changed: bytes | None) -> Gguf:
    """A very small, sound model of two tensors: 4 × 32 numbers in F32, and 32 in F32."""
    return Gguf(
        pairs=tiny_pairs(**changed),
        tensors=[
            tensor("token_embd.weight", (32, 4), 0, 0),
            tensor("output_norm.weight", (32,), 0, 512),
        ],
        data=struct.pack("<160f", *(index / 16 for index in range(160))),
    )
