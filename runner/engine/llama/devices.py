"""Which layers go where, before a load; and what went where, after it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from runner.engine.llama.binding import Accelerator
from runner.protocol.engine import Device

_RESERVE = 512 * 1024 * 1024
"""Left on a device for its driver, the computation's own buffers and the desktop."""

_OFFLOADED = re.compile(r"offloaded (\d+)/(\d+) layers")


@dataclass(frozen=True, slots=True)
class Need:
    """What a model needs, by its header.

    Attributes:
        weight_bytes: of all layers together.
        layers: how many there are, the output counted as one more.
        cache_bytes: of the context wished for.
    """

    weight_bytes: int
    layers: int
    cache_bytes: int


def layers_that_fit(accelerators: Sequence[Accelerator], need: Need) -> int:
    """How many layers the devices' free memory takes, with their share of the cache."""
    free = sum(max(0, device.memory_free - _RESERVE) for device in accelerators)
    if not free:
        return 0
    per_layer = (need.weight_bytes + need.cache_bytes) / max(1, need.layers)
    return min(need.layers, int(free / max(1.0, per_layer)))


def offloaded(log: str) -> int:
    """How many layers the library says that it put on devices."""
    found = _OFFLOADED.findall(log)
    return int(found[-1][0]) if found else 0


def as_messages(accelerators: Sequence[Accelerator]) -> list[Device]:
    """The devices as the protocol names them."""
    return [
        Device(
            name=device.name,
            description=device.description,
            memory_free=device.memory_free,
            memory_total=device.memory_total,
        )
        for device in accelerators
    ]
