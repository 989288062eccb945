"""What is told of a tensor's numbers; free of numpy, so that whoever only shows it stays light."""

import msgspec


class Values(msgspec.Struct, frozen=True, kw_only=True):
    """What the numbers of a tensor are like.

    Attributes:
        elements: numbers of the tensor; `read` of them were looked at, in `rows_read` of `rows`.
        finite: how many of those are neither NaN nor infinite; the rest of the figures is of them.
        zeros: share of exact zeros.
        counts: the histogram, in equal bins from `low` to `high`.
        map_rows: height of the heat map, `map_columns` its width; 0 where there is none.
        map_top: mean of absolute values that the heat map's brightest sign stands for.
    """

    tensor: str
    type: str
    shape: tuple[int, ...]
    elements: int
    read: int
    rows: int
    rows_read: int
    finite: int
    nan: int
    infinite: int
    low: float
    high: float
    mean: float
    deviation: float
    zeros: float
    counts: tuple[int, ...]
    map_rows: int = 0
    map_columns: int = 0
    map_top: float = 0.0

    @property
    def is_sample(self) -> bool:
        """Whether only some of the numbers were looked at."""
        return self.read < self.elements
