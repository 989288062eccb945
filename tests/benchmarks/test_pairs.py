"""The arithmetic of the figures: medians, intervals, and when a bar is met."""

import itertools

import pytest

from tests.benchmarks.pairs import Ratio, compare, interval


def test_the_ratio_is_the_median_of_the_pairs():
    ours = itertools.cycle([9.0, 10.0, 11.0])
    result = compare("x", lambda: next(ours), lambda: 10.0, bar=0.9, pairs=21)
    assert result.median == 1.0
    assert result.low <= 1.0 <= result.high
    assert result.pairs == 21


def test_each_pair_is_measured_in_the_other_order():
    order = []

    def ours() -> float:
        order.append("o")
        return 1.0

    def theirs() -> float:
        order.append("t")
        return 1.0

    compare("x", ours, theirs, pairs=4)
    assert "".join(order) == "ottootto"


def test_the_interval_holds_the_middle_and_widens_with_the_scatter():
    narrow = interval([1.0, 1.01, 0.99] * 7)
    wide = interval([0.5, 1.0, 1.5] * 7)
    assert narrow[0] <= 1.0 <= narrow[1]
    assert wide[1] - wide[0] > narrow[1] - narrow[0]


@pytest.mark.parametrize(
    ("low", "high", "bar", "at_most", "met"),
    [
        (0.96, 0.99, 0.97, False, True),
        (0.94, 0.99, 0.97, False, False),
        (0.05, 0.101, 0.1, True, True),
        (0.05, 0.11, 0.1, True, False),
    ],
)
def test_the_worse_end_decides_with_two_per_cent(low, high, bar, at_most, met):
    result = Ratio("x", (low + high) / 2, low, high, 1, 1, bar, at_most, 20, 0, 0, "s")
    assert result.met is met
    assert ("NOT MET" in str(result)) is not met
