"""Maths that Unicode can say is said; the rest is left as its source."""

import pytest

from app.markdown.blocks import Code, Formula, Span, Style, plain
from app.markdown.maths import spans
from app.markdown.stream import blocks


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"\alpha + \beta", "α + β"),
        (r"\frac{1}{2}", "1⁄2"),
        (r"\frac{a+b}{c}", "(a + b) / c"),
        (r"\frac{x^2}{y_1}", "x² / y₁"),
        (r"\sqrt{x}", "√x"),
        (r"\sqrt[3]{x+1}", "∛(x + 1)"),
        (r"a \le b", "a ≤ b"),
        (r"\mathbb{R}", "ℝ"),
        (r"\vec{v}", "v\u20d7"),
        (r"\text{if } x", "if x"),
        (r"\left( x \right)", "(x)"),
        (r"\sin x", "sin\u2009x"),
        (r"90^\circ", "90°"),
    ],
)
def test_what_unicode_can_say(source: str, text: str) -> None:
    assert plain(spans(source) or ()) == text


def test_scripts_are_raised_and_lowered() -> None:
    assert spans("x_i^2") == (
        Span("x", Style.MATHS),
        Span("i", Style.MATHS | Style.LOWERED),
        Span("2", Style.MATHS | Style.RAISED),
    )


@pytest.mark.parametrize(
    "source",
    [r"\begin{matrix} a & b \end{matrix}", r"\unknown", "{a", "a}", "^", r"\frac{1}", "{" * 50,
     "x" * 5000, r"e^{e^{\alpha}}", r"\sqrt[", "&", "\\"],
)  # fmt: skip
def test_what_it_cannot_say_is_left(source: str) -> None:
    assert spans(source) is None


def test_lines_of_maths() -> None:
    assert isinstance(blocks("$$\nE = mc^2\n$$")[0], Formula)
    assert isinstance(blocks("\\[ x \\]")[0], Formula)
    assert blocks("$$\n\\begin{cases} a \\end{cases}\n$$") == [
        Code("\\begin{cases} a \\end{cases}", "latex")
    ]


def test_money_is_not_maths() -> None:
    assert plain(blocks("from $5 to $6, or $7 and $8")[0].spans) == "from $5 to $6, or $7 and $8"
