"""What a bench counts: shares with intervals, and house rules that are kept."""

import math
from enum import StrEnum

import msgspec

Z_95 = 1.959963984540054
"""How many standard deviations hold 95 % of a normal distribution, to both sides."""


class Share(msgspec.Struct, frozen=True):
    """So many of so many, and between what the true share lies with 95 % certainty.

    Wilson's interval, which stays sensible where few were asked or none was met.
    """

    count: int
    of: int

    @property
    def value(self) -> float:
        """The share; 0 of nothing."""
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The lower and upper end; everything is possible where nothing was asked."""
        if not self.of:
            return 0.0, 1.0
        square = Z_95 * Z_95
        middle = self.value + square / (2 * self.of)
        spread = Z_95 * math.sqrt(
            self.value * (1 - self.value) / self.of + square / (4 * self.of * self.of)
        )
        whole = 1 + square / self.of
        # Where none or all were met, an end is exact and rounding must not move it.
        low = (middle - spread) / whole if self.count else 0.0
        high = (middle + spread) / whole if self.count < self.of else 1.0
        return low, high


class RuleKind(StrEnum):
    """What a house rule asks of an answer. Each can be decided by looking at the letters."""

    CONTAINS = "contains"
    AVOIDS = "avoids"
    BEGINS = "begins"
    ENDS = "ends"
    WORDS = "words"


class HouseRule(msgspec.Struct, frozen=True):
    """A rule of the person's own; `value` is words, or a number of them for `WORDS`."""

    kind: RuleKind
    value: str

    def kept_by(self, answer: str) -> bool:
        """Whether an answer keeps it."""
        said, wanted = answer.strip().casefold(), self.value.strip().casefold()
        match self.kind:
            case RuleKind.CONTAINS:
                return wanted in said
            case RuleKind.AVOIDS:
                return wanted not in said
            case RuleKind.BEGINS:
                return said.startswith(wanted)
            case RuleKind.ENDS:
                return said.endswith(wanted)
            case RuleKind.WORDS:
                return len(said.split()) <= int(wanted)

    @property
    def is_sound(self) -> bool:
        """Whether it asks for something."""
        value = self.value.strip()
        if self.kind is RuleKind.WORDS:
            return value.isdecimal() and len(value) < 6 and int(value) > 0
        return bool(value)
