"""A sequence's state as bytes: our header, the tokens, how they were evaluated, the library's part.

The library's own format says nothing of the tokens, and without them the next turn could not tell
what it may keep. The header also names the model, because the library checks shapes only: another
model of the same family would be accepted, and would then talk nonsense.
"""

import hashlib
import struct
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from runner.errors import RunnerError

_HEADER = struct.Struct("<4s32sIIQ")
_MAGIC = b"LWs1"
_PIECE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SavedState:
    """What a state holds.

    Attributes:
        model: names the model that it belongs to.
        tokens: of the conversation so far.
        splits: sizes of the evaluations that made it.
        library: what llama.cpp wrote.
    """

    model: bytes
    tokens: list[int]
    splits: list[int]
    library: bytes | bytearray | memoryview


def model_name(metadata: Mapping[str, str], weight_bytes: int) -> bytes:
    """Names a model by what its header says and how many bytes its tensors have."""
    digest = hashlib.sha256(str(weight_bytes).encode())
    for key in sorted(metadata):
        digest.update(f"\0{key}\0{metadata[key]}".encode())
    return digest.digest()


def pieces(state: SavedState) -> Iterator[bytes | memoryview]:
    """Writes a state as bytes, some megabytes at a time; the library's part is not copied."""
    tokens, splits = array("i", state.tokens), array("i", state.splits)
    header = _HEADER.pack(_MAGIC, state.model, len(tokens), len(splits), len(state.library))
    yield b"".join((header, tokens.tobytes(), splits.tobytes()))
    library = memoryview(state.library)
    for start in range(0, len(library), _PIECE):
        yield library[start : start + _PIECE]


def pack(state: SavedState) -> bytes:
    """Writes a state as bytes."""
    return b"".join(pieces(state))


def unpack(data: bytes | bytearray | memoryview) -> SavedState:
    """Reads a state back.

    Raises:
        RunnerError: `engine.state_damaged` if the lengths don't add up.
    """
    view = memoryview(data).cast("B")
    if len(view) < _HEADER.size:
        raise RunnerError("engine.state_damaged", "shorter than its header")
    magic, model, token_count, split_count, library_bytes = _HEADER.unpack(view[: _HEADER.size])
    middle = _HEADER.size + 4 * token_count
    start = middle + 4 * split_count
    if magic != _MAGIC or start + library_bytes != len(view):
        raise RunnerError("engine.state_damaged", "its lengths don't add up")
    tokens, splits = array("i"), array("i")
    tokens.frombytes(view[_HEADER.size : middle])
    splits.frombytes(view[middle:start])
    if min(splits, default=1) < 1 or sum(splits) != token_count:
        raise RunnerError("engine.state_damaged", "its evaluations don't add up to its tokens")
    return SavedState(model, tokens.tolist(), splits.tolist(), view[start:])
