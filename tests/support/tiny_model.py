"""Whole GGUF files of a few hundred bytes: enough for the reader to say what they are."""

import struct

_HEADER = struct.Struct("<4sIQQ")
_TEXT = 8
_ALIGNMENT = 32


def gguf(kind: str = "model", architecture: str = "llama", *, tensors: int = 1) -> bytes:
    """Returns a file of `kind`; each tensor is a single number."""
    pairs = {"general.type": kind, "general.architecture": architecture}
    parts = [_HEADER.pack(b"GGUF", 3, tensors, len(pairs))]
    parts += [_text(key) + struct.pack("<I", _TEXT) + _text(said) for key, said in pairs.items()]
    parts += [
        _text(f"blk.{at}.attn_q.weight") + struct.pack("<IQIQ", 1, 1, 0, at * _ALIGNMENT)
        for at in range(tensors)
    ]
    header = b"".join(parts)
    return header + bytes(-len(header) % _ALIGNMENT) + bytes(_ALIGNMENT * tensors)


def _text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()
