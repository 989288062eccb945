"""Token probabilities as they travel in a frame of kind `logprobs`.

A block covers one or more tokens of an answer, in order: the token that was taken with its natural
log-probability, and the `top` likeliest ones. Little-endian, four bytes a number, so that numpy
arrays go in and come out without a copy of each value.
"""

from __future__ import annotations

import struct
import sys
from array import array
from dataclasses import dataclass

from runner.channel.bulk import Buffer, FrameError

HEADER = struct.Struct("<III")


@dataclass(frozen=True, slots=True)
class LogprobBlock:
    """Probabilities of consecutive tokens of an answer.

    Attributes:
        first: index in the answer of the block's first token.
        top: how many alternatives each token has.
        tokens: ids of the tokens taken (int32).
        logprobs: their log-probabilities (float32), before temperature and other samplers.
        top_tokens: ids of the likeliest tokens, `top` for each token, likeliest first.
        top_logprobs: their log-probabilities, in the same order.
    """

    first: int
    top: int
    tokens: Buffer | array[int]
    logprobs: Buffer | array[float]
    top_tokens: Buffer | array[int]
    top_logprobs: Buffer | array[float]


def encode(block: LogprobBlock) -> bytes:
    """Packs a block; takes arrays of the right item size, numpy's included."""
    tokens = memoryview(block.tokens).cast("B")
    parts = [tokens, *(memoryview(part).cast("B") for part in _others(block))]
    return HEADER.pack(block.first, len(tokens) // 4, block.top) + b"".join(parts)


def decode(payload: Buffer) -> LogprobBlock:
    """Unpacks a block.

    Raises:
        FrameError: if the lengths do not add up.
    """
    view = memoryview(payload).cast("B")
    if len(view) < HEADER.size:
        raise FrameError("a block of probabilities is too short")
    first, count, top = HEADER.unpack(view[: HEADER.size])
    if len(view) != HEADER.size + 8 * count * (1 + top):
        raise FrameError("a block of probabilities has the wrong length")
    sizes = (4 * count, 4 * count, 4 * count * top, 4 * count * top)
    arrays: list[array[int] | array[float]] = []
    start = HEADER.size
    for code, size in zip("ifif", sizes, strict=True):
        arrays.append(_numbers(code, view[start : start + size]))
        start += size
    tokens, logprobs, top_tokens, top_logprobs = arrays
    return LogprobBlock(first, top, tokens, logprobs, top_tokens, top_logprobs)  # type: ignore[arg-type]


def _others(block: LogprobBlock) -> tuple[Buffer | array[int] | array[float], ...]:
    return block.logprobs, block.top_tokens, block.top_logprobs


def _numbers(code: str, data: memoryview) -> array[int] | array[float]:
    numbers: array[int] | array[float] = array(code)
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
