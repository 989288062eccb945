"""Small GGUF models with random weights that remember in other ways than a plain transformer.

A sliding window (gemma3), a running state (mamba), and both kinds of layers (lfm2): what llama.cpp
keeps for them can't be cut everywhere, which is what their tests are about.
"""

from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np

from tests.support.random_model import Extras, Shape, write_header

WINDOW = 64
"""Tokens that a windowed layer of the gemma3 model sees."""

_SHAPE = Shape(width=64, layers=6, heads=2, key_value_heads=1, context=4096)
_HEAD = _SHAPE.width // _SHAPE.heads
_KERNEL, _INNER, _STATE, _RANK = 4, 2 * _SHAPE.width, 16, 4
_RECURRENT = (True, True, False, True, True, False)


class _Tensors:
    """Adds tensors to a writer, all from one source of chance."""

    def __init__(self, writer: gguf.GGUFWriter) -> None:
        self._writer = writer
        self._random = np.random.default_rng(7)

    def add(self, name: str, *shape: int) -> None:
        values = self._random.standard_normal(shape, dtype=np.float32) * 0.15
        self._writer.add_tensor(name, values)

    def ones(self, name: str, length: int = _SHAPE.width) -> None:
        self._writer.add_tensor(name, np.ones(length, np.float32))

    def feed_forward(self, block: str) -> None:
        self.ones(f"{block}.ffn_norm.weight")
        for part in ("gate", "up"):
            self.add(f"{block}.ffn_{part}.weight", _SHAPE.feed_forward, _SHAPE.width)
        self.add(f"{block}.ffn_down.weight", _SHAPE.width, _SHAPE.feed_forward)

    def attention(self, block: str) -> None:
        grouped = _SHAPE.key_value_heads * _HEAD
        for part, rows in (("q", _SHAPE.width), ("k", grouped), ("v", grouped)):
            self.add(f"{block}.attn_{part}.weight", rows, _SHAPE.width)
        self.add(f"{block}.attn_output.weight", _SHAPE.width, _SHAPE.width)
        self.ones(f"{block}.attn_q_norm.weight", _HEAD)
        self.ones(f"{block}.attn_k_norm.weight", _HEAD)


def write_windowed(path: Path) -> Path:
    """Writes a gemma3 model: five layers that see a window, and one that sees everything."""
    counts = {
        "gemma3.attention.sliding_window": WINDOW,
        "gemma3.attention.key_length": _HEAD,
        "gemma3.attention.value_length": _HEAD,
    }

    def layer(tensors: _Tensors, block: str, _: int) -> None:
        tensors.ones(f"{block}.attn_norm.weight")
        tensors.attention(block)
        tensors.ones(f"{block}.post_attention_norm.weight")
        tensors.feed_forward(block)
        tensors.ones(f"{block}.post_ffw_norm.weight")

    return _write(path, "gemma3", counts, layer)


def write_recurrent(path: Path) -> Path:
    """Writes a mamba model, which keeps one running state and no tokens."""
    counts = {
        "mamba.ssm.conv_kernel": _KERNEL,
        "mamba.ssm.inner_size": _INNER,
        "mamba.ssm.state_size": _STATE,
        "mamba.ssm.time_step_rank": _RANK,
    }

    def layer(tensors: _Tensors, block: str, _: int) -> None:
        tensors.ones(f"{block}.attn_norm.weight")
        tensors.add(f"{block}.ssm_in.weight", 2 * _INNER, _SHAPE.width)
        tensors.add(f"{block}.ssm_conv1d.weight", _INNER, _KERNEL)
        tensors.add(f"{block}.ssm_conv1d.bias", _INNER)
        tensors.add(f"{block}.ssm_x.weight", _RANK + 2 * _STATE, _INNER)
        tensors.add(f"{block}.ssm_dt.weight", _INNER, _RANK)
        tensors.add(f"{block}.ssm_dt.bias", _INNER)
        tensors.add(f"{block}.ssm_a", _INNER, _STATE)
        tensors.ones(f"{block}.ssm_d", _INNER)
        tensors.add(f"{block}.ssm_out.weight", _SHAPE.width, _INNER)

    return _write(path, "mamba", counts, layer)


def write_hybrid(path: Path) -> Path:
    """Writes an lfm2 model: four layers with a running state, and two that attend to tokens."""

    def layer(tensors: _Tensors, block: str, index: int) -> None:
        tensors.ones(f"{block}.attn_norm.weight")
        if _RECURRENT[index]:
            tensors.add(f"{block}.shortconv.conv.weight", _SHAPE.width, _KERNEL)
            tensors.add(f"{block}.shortconv.in_proj.weight", 3 * _SHAPE.width, _SHAPE.width)
            tensors.add(f"{block}.shortconv.out_proj.weight", _SHAPE.width, _SHAPE.width)
        else:
            tensors.attention(block)
        tensors.feed_forward(block)

    return _write(path, "lfm2", {"lfm2.shortconv.l_cache": _KERNEL}, layer)


def _write(
    path: Path,
    architecture: str,
    counts: dict[str, int],
    layer: Callable[[_Tensors, str, int], None],
) -> Path:
    writer = gguf.GGUFWriter(path, architecture)
    extras = Extras(architecture=architecture, counts=counts)
    groups = [0 if recurrent else 1 for recurrent in _RECURRENT]
    write_header(writer, _SHAPE, extras, groups=groups if architecture == "lfm2" else None)
    tensors = _Tensors(writer)
    tensors.add("token_embd.weight", _SHAPE.vocabulary, _SHAPE.width)
    norm = "token_embd_norm.weight" if architecture == "lfm2" else "output_norm.weight"
    tensors.ones(norm)
    if architecture != "lfm2":
        tensors.add("output.weight", _SHAPE.vocabulary, _SHAPE.width)
    for index in range(_SHAPE.layers):
        layer(tensors, f"blk.{index}", index)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
