"""Streamed text on a terminal: wrapped at words, whatever the pieces were."""

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.columns import print_groups
from app.cli.screen import Screen
from app.cli.wrap import WordWrap, columns, hung


def wrapped(text: str, width: int, cuts: list[int]) -> str:
    """Returns the text wrapped, having come in pieces."""
    wrap = WordWrap(width)
    places = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    pieces = [text[start:end] for start, end in pairwise(places)]
    return "".join(map(wrap.add, pieces)) + wrap.rest()


def test_words_stay_whole() -> None:
    assert wrapped("the quick brown fox", 10, []) == "the quick\nbrown fox"


def test_indented_code_and_long_words_keep_their_shape() -> None:
    code = "def f():\n    return 1\n"
    assert wrapped(code, 40, []) == code
    assert wrapped("x" * 30, 10, []) == "x" * 30


@pytest.mark.parametrize("width", range(28, 44))
def test_a_number_stays_with_its_unit(width: int) -> None:
    told = hung("  The model needs 4.3\xa0GB and there are 3.1\xa0GB", width).replace("\n  ", "|")
    assert "4.3\xa0GB" in told
    assert "3.1\xa0GB" in told


def test_wide_signs_take_two_columns() -> None:
    assert columns("日本") == 4
    assert wrapped("日本 日本 日本", 9, []) == "日本 日本\n日本"


words = st.text(alphabet="ab 日\n\t", max_size=60)


@given(words, st.integers(1, 20), st.lists(st.integers(0, 60), max_size=8))
def test_pieces_do_not_matter_and_no_word_is_lost(text: str, width: int, cuts: list[int]) -> None:
    whole = wrapped(text, width, [])
    assert wrapped(text, width, cuts) == whole
    assert whole.split() == text.split()


@given(st.lists(st.text("ab", min_size=1, max_size=8), max_size=20), st.integers(8, 30))
def test_no_line_is_longer_than_the_terminal(said: list[str], width: int) -> None:
    lines = wrapped(" ".join(said), width, []).split("\n")
    assert all(len(line) <= width for line in lines)


class Terminal(io.StringIO):
    """What a person watches."""

    def isatty(self) -> bool:
        return True


def test_a_line_goes_on_below_its_own_text() -> None:
    assert hung("  one two three", 9) == "  one two\n  three"
    assert hung("  label  one two three four", 34, 9) == "  label  one two three four"
    said = hung("  label  one two three four five six", 34, 9)
    assert said == "  label  one two three four five\n         six"
    assert hung(f"a {'x' * 50} b", 20) == f"a\n{'x' * 50}\nb", "a long word is not cut"


@given(st.text(alphabet="ab 日", max_size=80), st.integers(1, 60), st.none() | st.integers(0, 70))
def test_no_word_is_lost_however_a_line_is_hung(text: str, width: int, hang: int | None) -> None:
    assert hung(text, width, hang).split() == text.split()


def test_groups_fit_a_terminal_and_stay_as_they_are_in_a_file(monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    notes = {"Safeguards": [("", "word " * 30)]}
    rows = {"Rows": [("A label that is much longer than a third of it", "value " * 20)]}
    seen, kept = Terminal(), io.StringIO()
    for out in (seen, kept):
        print_groups({**notes, **rows}, Screen(out, io.StringIO()))
    assert all(columns(line) <= 60 for line in seen.getvalue().split("\n"))
    assert "\n  A label that is much longer than a third of it\n    value" in seen.getvalue()
    assert kept.getvalue().count("\n") == 5
