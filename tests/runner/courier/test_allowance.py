"""What a kill may cost is kept to by what is allowed to wait, for files of every size."""

import pytest

from runner.protocol.allowance import LEAST_WINDOW, MOST_WINDOW, allowance
from runner.protocol.courier import MOST_CONNECTIONS


@pytest.mark.parametrize("size", [1, 10**6, 98 * 10**6, 134 * 10**6, 10**9, 7 * 10**10])
@pytest.mark.parametrize("most", [1, 2, MOST_CONNECTIONS])
def test_a_kill_costs_a_twentieth_and_8_mb_at_most(size: int, most: int) -> None:
    given = allowance(size, most)
    assert given.cost <= 0.05 * size + 8_000_000
    assert 1 <= given.connections <= most
    assert LEAST_WINDOW <= given.window <= MOST_WINDOW


def test_a_large_file_gets_all_that_was_asked_for() -> None:
    given = allowance(10**9, MOST_CONNECTIONS)
    assert (given.connections, given.window) == (MOST_CONNECTIONS, MOST_WINDOW)
