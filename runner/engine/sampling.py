"""The sampling settings that a model's own file asks for."""

import math
from collections.abc import Mapping

from runner.protocol.engine import Sourced

# Keys of the header, as llama.cpp names them, to the parameters of `Sampling`.
_KEYS = {
    "general.sampling.temp": "temperature",
    "general.sampling.top_k": "top_k",
    "general.sampling.top_p": "top_p",
    "general.sampling.min_p": "min_p",
    "general.sampling.penalty_repeat": "repeat_penalty",
    "general.sampling.penalty_last_n": "repeat_last",
}

_SENSIBLE = {
    "temperature": (0.0, 10.0),
    "top_k": (0.0, 1_000_000.0),
    "top_p": (0.0, 1.0),
    "min_p": (0.0, 1.0),
    "repeat_penalty": (0.01, 10.0),
    "repeat_last": (0.0, 1_000_000.0),
}


def file_defaults(metadata: Mapping[str, str]) -> dict[str, Sourced]:
    """The file's own defaults by parameter, each with the header key that it stands under.

    Values that are no numbers, or that no sampler could use, are left out.
    """
    found: dict[str, Sourced] = {}
    for key, parameter in _KEYS.items():
        try:
            value = float(metadata[key])
        except (KeyError, ValueError):
            continue
        least, most = _SENSIBLE[parameter]
        if math.isfinite(value) and least <= value <= most:
            found[parameter] = Sourced(value=value, source=key)
    return found
