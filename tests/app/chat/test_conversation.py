"""What of a chat is left out where it no longer fits."""

import time

from hypothesis import given
from hypothesis import strategies as st

from app.chat.running.conversation import plan, room_for_answer, turns_to_leave_out
from runner.store.values import ChatId, QuestionId, Turn, TurnId


def turns(lengths: list[tuple[int, int]]) -> tuple[Turn, ...]:
    return tuple(
        Turn(
            id=TurnId(at),
            chat_id=ChatId(1),
            parent_id=None,
            question_id=QuestionId(at),
            question="é" * question,
            answer="a" * answer,
        )
        for at, (question, answer) in enumerate(lengths)
    )


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 200)), max_size=12),
    st.integers(1, 900),
    st.integers(8, 800),
)
def test_as_few_as_possible_are_left_out(
    lengths: list[tuple[int, int]], tokens: int, context: int
) -> None:
    path = turns(lengths)
    found = turns_to_leave_out("be brief", path, "why", tokens=tokens, left_out=0, context=context)
    a_token = max(0.5, plan("be brief", path, "why").bytes / tokens)
    goal = (context - room_for_answer(context)) * 0.95
    fits = [
        count
        for count in range(1, len(path) + 1)
        if plan("be brief", path, "why", count).bytes / a_token <= goal
    ]
    assert found == (fits[0] if fits else None)


def test_a_long_chat_does_not_hold_the_window_up() -> None:
    """It took a second for 2,000 turns, which grew with the square of their number."""
    path = turns([(40, 400)] * 4000)
    begun = time.process_time()
    found = turns_to_leave_out("", path, "why", tokens=500_000, left_out=0, context=4096)
    assert found is not None
    assert found > 3900
    assert time.process_time() - begun < 0.5
