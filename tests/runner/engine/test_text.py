"""Text from tokens: whole characters, stop texts wherever they lie."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.engine.llama.text import TextAssembler


def assemble(pieces: list[bytes], stops: list[str]) -> tuple[list[str], str]:
    text = TextAssembler(stops)
    shown = []
    for piece in pieces:
        shown.append(text.add(piece))
        if text.stop_text:
            break
    shown.append(text.finish())
    return shown, text.stop_text


def test_characters_wait_until_they_are_whole():
    shown, _ = assemble([b"a\xf0\x9f", b"\x91\x8b", b"b"], [])
    assert shown == ["a", "👋", "b", ""]


def test_a_broken_character_is_replaced():
    shown, _ = assemble([b"a\xff", b"b\xe2\x82"], [])
    assert "".join(shown) == "a\ufffdb\ufffd"


def test_a_stop_text_is_never_shown_not_even_its_beginning():
    shown, stop = assemble([b"one <", b"|en", b"d|> two"], ["<|end|>"])
    assert shown[:3] == ["one ", "", ""]
    assert "".join(shown) == "one "
    assert stop == "<|end|>"


def test_what_only_looked_like_a_stop_text_is_shown():
    shown, stop = assemble([b"a <", b"|e", b"x"], ["<|end|>"])
    assert "".join(shown) == "a <|ex"
    assert stop == ""


def test_what_was_kept_back_is_shown_at_the_end():
    shown, stop = assemble([b"a <|en"], ["<|end|>"])
    assert "".join(shown) == "a <|en"
    assert stop == ""


@pytest.mark.parametrize("stops", [["b", "ab"], ["ab", "b"]])
def test_of_two_that_end_together_the_longer_decides(stops):
    shown, stop = assemble([b"xabz"], stops)
    assert ("".join(shown), stop) == ("x", "ab")


@given(
    st.text(alphabet="ab€👋"), st.lists(st.text(alphabet="ab€", min_size=1), max_size=3), st.data()
)
def test_however_it_is_cut_the_text_is_the_same(whole, stops, data):
    raw = whole.encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=5)))
    edges = [0, *cuts, len(raw)]
    pieces = [raw[start:end] for start, end in itertools.pairwise(edges)]
    shown, stop = assemble(pieces, stops)
    places = [(whole.find(each) + len(each), whole.find(each)) for each in stops if each in whole]
    expected = whole[: min(places)[1]] if places else whole
    assert "".join(shown) == expected
    assert bool(stop) == bool(places)
