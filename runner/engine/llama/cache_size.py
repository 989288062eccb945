"""How much memory a model's cache takes at any length of context, from what a short one took.

The library knows best: which layers see everything, which a window, which keep a running state. It
says so in its log when a context is made, and has no other way to be asked.
"""

import re
from dataclasses import dataclass

from runner.engine.llama import binding
from runner.engine.llama.binding import ModelHandle
from runner.engine.llama.context import EVALUATION
from runner.engine.llama.log import LibraryLog

SHORT = 512
"""Tokens of the context that is made to find out."""

_MIB = 1 << 20
_BATCH = 32
_PAD = 256  # The library rounds what a window keeps up to this.
_PART = re.compile(
    r"creating\s+(?P<kind>non-SWA|SWA)\s+KV cache"
    r"|llama_kv_cache: size =\s*(?P<cells_mib>[\d.]+) MiB \(\s*(?P<cells>\d+) cells"
    r"|llama_memory_recurrent: size =\s*(?P<state_mib>[\d.]+) MiB"
)


@dataclass(frozen=True, slots=True)
class CacheSize:
    """What a cache is made of; all zeros where the library did not say.

    Attributes:
        per_token: bytes for each token of context.
        per_windowed: bytes for each token that layers with a window keep.
        window: how many tokens those keep at most.
        fixed: bytes of running states, whatever the context.
    """

    per_token: float = 0.0
    per_windowed: float = 0.0
    window: int = 0
    fixed: float = 0.0

    def at(self, tokens: int) -> int:
        """Bytes at a length of context."""
        windowed = self.per_windowed * min(tokens, self.window)
        return round(self.fixed + self.per_token * tokens + windowed)

    def longest(self, room: float) -> int | None:
        """Tokens of context whose cache takes `room` bytes; None where any number fits."""
        if not self.per_token + self.per_windowed:
            return None
        left = room - self.fixed
        if left <= self.window * (self.per_token + self.per_windowed):
            return max(0, int(left / (self.per_token + self.per_windowed)))
        if not self.per_token:
            return None
        return int((left - self.per_windowed * self.window) / self.per_token)


def cache_size(model: ModelHandle, log: LibraryLog) -> CacheSize:
    """Makes a short context, reads what the library says of it, and frees it."""
    log.begin()
    context = binding.open_context(model, tokens=SHORT, batch=_BATCH, threads=1)
    if context is None:
        return CacheSize()
    binding.close_context(context)
    return read_size(log.all_text(), binding.window(model))


def read_size(log: str, window: int) -> CacheSize:
    """Reads the library's log of one context.

    Args:
        log: its lines.
        window: how far back the model's windowed layers see, in tokens.
    """
    per_token = per_windowed = fixed = 0.0
    is_windowed = False
    for part in _PART.finditer(log):
        if part["kind"]:
            is_windowed = part["kind"] == "SWA"
        elif part["state_mib"]:
            fixed += float(part["state_mib"]) * _MIB
        elif is_windowed:
            per_windowed += float(part["cells_mib"]) * _MIB / int(part["cells"])
        else:
            per_token += float(part["cells_mib"]) * _MIB / int(part["cells"])
    kept = -(-(window + EVALUATION) // _PAD) * _PAD
    return CacheSize(per_token, per_windowed, kept, fixed)
