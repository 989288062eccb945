"""How an end is told: at once, and by its code alone when an old answer is shown."""

import signal

import pytest

from app.words.endings import ending_error
from app.words.wording import words
from runner.protocol.common import Ended, EndKind


@pytest.mark.parametrize("kind", list(EndKind))
def test_an_old_answer_says_the_same_without_gaps(kind) -> None:
    code = ending_error(Ended(kind=kind, number=9)).code
    said = words(code)
    assert "…" not in said.title + said.meaning + said.remedy


def test_the_number_and_the_last_lines_are_in_the_details() -> None:
    error = ending_error(Ended(kind=EndKind.SIGNAL, number=signal.SIGKILL, tail="last words\n"))
    assert error.code == "ended.signal"
    assert error.detail == "signal 9\nlast words"
    assert ending_error(Ended(kind=EndKind.EXIT, number=3)).detail == "exit status 3"


def test_a_file_that_shrinks_while_it_is_open_is_named_as_the_cause() -> None:
    error = ending_error(Ended(kind=EndKind.SIGNAL, number=signal.SIGBUS))
    assert error.code == "ended.file_changed"
    assert "file" in words(error.code).title
