"""A reason is remembered until its errand is over, and a little longer; not for ever."""

from runner.courier.reasons import MARGIN, UNKNOWN, Reasons
from runner.courier.with_gate import Reason


def asked(reasons: Reasons, times: int) -> list[int]:
    numbers = [reasons.number() for _ in range(times)]
    for number in numbers:
        reasons.keep(number, Reason(why=f"errand {number}"))
    return numbers


def test_all_that_wait_keep_theirs_and_late_lines_of_what_is_over_too() -> None:
    reasons = Reasons()
    numbers = asked(reasons, 4 * MARGIN)
    assert [reasons.of(number).why for number in numbers] == [f"errand {n}" for n in numbers]
    over = 2 * MARGIN
    reasons.over(over)
    assert {reasons.of(number) for number in numbers if number <= over - MARGIN} == {UNKNOWN}
    assert UNKNOWN not in {reasons.of(number) for number in numbers if number > over - MARGIN}


def test_what_was_given_up_is_not_remembered_for_ever() -> None:
    """Nobody hears of the end of an errand that was given up."""
    reasons = Reasons()
    given_up = asked(reasons, MARGIN)
    asked(reasons, MARGIN)
    reasons.all_over()
    assert {reasons.of(number) for number in given_up} == {UNKNOWN}
