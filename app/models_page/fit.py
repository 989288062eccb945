"""Whether a model fits into this machine's memory, as a sum that a person can check. Knows no Qt.

The sum is weights + cache of keys and values + what computing needs, against what is free now. With
a header the parts are those that the inspector works out; without one only the weights are known,
and the rest is a stated allowance.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from inspector.gguf.memory import MemoryNeed
from runner import hardware
from runner.protocol.engine import Loaded

EASILY, SNUGLY = 0.6, 0.9
"""Shares of the free memory up to which a model fits easily, and fits."""

ALLOWANCE = 0.2
LEAST_ALLOWANCE = 200_000_000
"""What is added to the weights while nobody has read the header: a fifth, and no less than this."""

TYPICAL_BITS = 4.85
"""Bits a weight of the files that are fetched most (Q4_K_M), for a size that only a name tells."""


class Fit(StrEnum):
    """How a model fits."""

    EASILY = "easily"
    FITS = "fits"
    TIGHT = "tight"
    NOT = "not"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a model needs, in bytes.

    Attributes:
        weights: every tensor.
        cache: keys and values at `context` tokens; None while the header is not read.
        compute: the largest step of evaluating a batch; None likewise.
        context: tokens that this is for; 0 while unknown.
        is_guess: whether even the weights are guessed, from the number in a name.
    """

    weights: int
    cache: int | None = None
    compute: int | None = None
    context: int = 0
    is_guess: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every part was worked out."""
        return self.cache is not None and self.compute is not None

    @property
    def rest(self) -> int:
        """Cache and computing; the allowance where they are unknown."""
        if self.cache is not None and self.compute is not None:
            return self.cache + self.compute
        return max(LEAST_ALLOWANCE, round(self.weights * ALLOWANCE))

    @property
    def total(self) -> int:
        """All parts together."""
        return self.weights + self.rest

    def with_weights(self, weights: int) -> "Need":
        """Returns the need of another quantisation: the cache does not depend on it."""
        return replace(self, weights=weights, is_guess=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRoom:
    """Memory of a graphics device, as the engine last told of it."""

    name: str
    free: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The memory that a model could take.

    Attributes:
        free: what is free now of main memory.
        given_back: what the loaded model takes, which goes when another one is loaded.
        devices: graphics devices that the engine can use; a level is judged without them, for how
            many layers go there is known only once a model is loaded.
    """

    free: int
    given_back: int = 0
    devices: tuple[DeviceRoom, ...] = ()

    @property
    def total(self) -> int:
        """What would be free for another model."""
        return self.free + self.given_back


def room_beside(loaded: Loaded | None) -> Room | None:
    """Returns the memory that a model could take now, with what is loaded put away.

    None where nobody can tell.
    """
    memory = hardware.memory()
    if memory is None:
        return None
    if loaded is None:
        return Room(free=memory.free)
    devices = tuple(
        DeviceRoom(name=one.name, free=one.memory_free, total=one.memory_total)
        for one in loaded.devices
        if one.memory_total
    )
    return Room(free=memory.free, given_back=loaded.memory_bytes, devices=devices)


def need_of_size(size: int) -> Need:
    """Returns what a file of `size` bytes needs, before its header was read."""
    return Need(weights=size)


def need_of_parameters(parameters: float) -> Need:
    """Returns what a model needs of which only the number of parameters is known, from its name."""
    return Need(weights=round(parameters * TYPICAL_BITS / 8), is_guess=True)


def need_of_header(need: MemoryNeed) -> Need:
    """Returns what the inspector worked out."""
    cache, compute = need.cache.number, need.compute.number
    return Need(
        weights=int(need.weights.number or 0),
        cache=None if cache is None else int(cache),
        compute=None if compute is None else int(compute),
        context=need.context,
    )


def judge(need: Need | None, room: Room | None) -> Fit:
    """Returns how a model fits; unknown where either side is."""
    if need is None or room is None or need.weights <= 0:
        return Fit.UNKNOWN
    if need.total <= EASILY * room.total:
        return Fit.EASILY
    if need.total <= SNUGLY * room.total:
        return Fit.FITS
    return Fit.TIGHT if need.total <= room.total else Fit.NOT
