"""Writes GGUF models with random weights: small ones for tests, large ones for figures.

    python -m tests.support.random_model FILE --size 1b

The weights mean nothing; what is real is the work that they cause.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import gguf
import numpy as np

BYTE_TOKENS = [f"<0x{byte:02X}>" for byte in range(256)]
SPECIAL_TOKENS = ["<unk>", "<s>", "</s>"]


@dataclass(frozen=True)
class Shape:
    """The shape of a llama model."""

    width: int = 64
    layers: int = 2
    heads: int = 4
    key_value_heads: int = 2
    feed_forward: int = 128
    vocabulary: int = 300
    context: int = 256
    quantisation: gguf.GGMLQuantizationType = gguf.GGMLQuantizationType.F32


TINY = Shape()
ONE_BILLION = Shape(
    width=2048,
    layers=16,
    heads=32,
    key_value_heads=8,
    feed_forward=8192,
    vocabulary=32_000,
    context=8192,
    quantisation=gguf.GGMLQuantizationType.Q4_1,
)


@dataclass(frozen=True)
class Extras:
    """What else the header says, and what is left out."""

    texts: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)
    architecture: str = "llama"
    left_out: Sequence[str] = ()
    tensors_per_part: int = 0


def write_model(path: Path, shape: Shape = TINY, extras: Extras | None = None) -> Path:
    """Writes a model of this shape whose tokens are words that count, and every byte."""
    extras = extras or Extras()
    writer = gguf.GGUFWriter(path, extras.architecture, split_max_tensors=extras.tensors_per_part)
    write_header(writer, shape, extras)
    _write_tensors(writer, shape, extras.left_out)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def write_header(
    writer: gguf.GGUFWriter, shape: Shape, extras: Extras, groups: Sequence[int] | None = None
) -> None:
    """Writes everything but tensors; `groups` are heads of keys by layer where they differ."""
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(groups or shape.key_value_heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(shape.vocabulary)
    tokens = [*SPECIAL_TOKENS, *BYTE_TOKENS]
    tokens += [f"▁word{index}" for index in range(shape.vocabulary - len(tokens))]
    types = [gguf.TokenType.UNKNOWN] + [gguf.TokenType.CONTROL] * 2
    types += [gguf.TokenType.BYTE] * 256
    types += [gguf.TokenType.NORMAL] * (len(tokens) - len(types))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(index) for index in range(len(tokens))])
    writer.add_token_types(types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    for key, text in extras.texts.items():
        writer.add_string(key, text)
    for key, number in extras.numbers.items():
        writer.add_float32(key, number)
    for key, count in extras.counts.items():
        writer.add_uint32(key, count)
    for key, flag in extras.flags.items():
        writer.add_bool(key, flag)


def _write_tensors(writer: gguf.GGUFWriter, shape: Shape, left_out: Sequence[str]) -> None:
    random = np.random.default_rng(7)
    head = shape.width // shape.heads
    key_value = shape.key_value_heads * head

    def add(name: str, rows: int, columns: int) -> None:
        if name in left_out:
            return
        values = random.standard_normal((rows, columns), dtype=np.float32) * 0.05
        if shape.quantisation == gguf.GGMLQuantizationType.F32:
            writer.add_tensor(name, values)
        else:
            packed = gguf.quants.quantize(values, shape.quantisation)
            writer.add_tensor(name, packed, raw_dtype=shape.quantisation)

    def add_norm(name: str) -> None:
        writer.add_tensor(name, np.ones(shape.width, np.float32))

    add("token_embd.weight", shape.vocabulary, shape.width)
    add_norm("output_norm.weight")
    add("output.weight", shape.vocabulary, shape.width)
    for layer in range(shape.layers):
        block = f"blk.{layer}"
        add_norm(f"{block}.attn_norm.weight")
        add(f"{block}.attn_q.weight", shape.width, shape.width)
        add(f"{block}.attn_k.weight", key_value, shape.width)
        add(f"{block}.attn_v.weight", key_value, shape.width)
        add(f"{block}.attn_output.weight", shape.width, shape.width)
        add_norm(f"{block}.ffn_norm.weight")
        add(f"{block}.ffn_gate.weight", shape.feed_forward, shape.width)
        add(f"{block}.ffn_up.weight", shape.feed_forward, shape.width)
        add(f"{block}.ffn_down.weight", shape.width, shape.feed_forward)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--size", choices=["tiny", "1b"], default="tiny")
    arguments = parser.parse_args()
    write_model(arguments.file, ONE_BILLION if arguments.size == "1b" else TINY)


if __name__ == "__main__":
    main()
