"""A text cut in any way must give the blocks of the text whole: nothing is ever drawn twice."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.markdown.blocks import Code, Heading, Paragraph, Place, Style, Table, plain
from app.markdown.stream import DRAWN_CHARS, MarkdownStream, blocks

RICH = """# A heading

Some *words* with `code` and [a link](https://example.org/a), $x^2$ and a price of $5.
Second line.
```python
def f(x):

    return x
```
1. one
   ```sh
   ls

   pwd
   ```
2. two
   - inner

   more of two
3. three

| a | b |
|---|:-:|
| 1 | 2 |
| 3 | 4 |
after the table

> quoted
> - item
still quoted

$$
\\frac{1}{2}
$$
Title
=====
- [ ] open
* other list

[ref]: https://example.org/ref
[ref] and the end"""

FRAGMENTS = st.sampled_from(
    ["# ", "- ", "1. ", "> ", "```", "```py\n", "~~~\n", "|", "|a|b|\n|-|-|\n", "$$", "\\[", "\\]",
     "**", "*", "`", "[a](b)", "![a](b)", "[r]: x\n", "---\n", "===\n", "\n", "\n\n", "  ", "    ",
     "word ", "\r\n", "\x00", "\u202e", "\ud800", "&#x202e;", "<b>", "x" * 50, "2. ", "\\", "\t"]
)  # fmt: skip


def fed(cuts: list[str]) -> list:
    stream = MarkdownStream()
    for cut in cuts:
        stream.feed(cut)
        stream.tail()
    stream.finish()
    return stream.settled


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_any_cut_gives_the_same_blocks(size: int) -> None:
    cuts = [RICH[at : at + size] for at in range(0, len(RICH), size)]
    assert fed(cuts) == blocks(RICH)


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(FRAGMENTS, max_size=40), st.integers(1, 9))
def test_any_text_gives_the_same_blocks_in_any_cut(fragments: list[str], size: int) -> None:
    text = "".join(fragments)
    assert fed([text[at : at + size] for at in range(0, len(text), size)]) == blocks(text)


def test_settled_blocks_do_not_change_while_the_text_grows() -> None:
    stream = MarkdownStream()
    seen: list = []
    for char in RICH:
        stream.feed(char)
        assert stream.settled[: len(seen)] == seen
        seen = list(stream.settled)


def test_the_tail_is_what_would_be_drawn_if_the_text_ended_here() -> None:
    stream = MarkdownStream()
    for at, char in enumerate(RICH, 1):
        stream.feed(char)
        if at % 13 == 0:
            assert [*stream.settled, *stream.tail()] == blocks(RICH[:at])


def test_what_ordinary_markdown_becomes() -> None:
    found = blocks(RICH)
    assert found[0] == Heading(found[0].spans, 1)
    assert (
        plain(found[1].spans)
        == "Some words with code and a link, x2 and a price of $5. Second line."
    )
    assert found[2] == Code("def f(x):\n\n    return x", "python")
    markers = [block.place.marker for block in found if isinstance(block, Paragraph)]
    assert [marker for marker in markers if marker] == ["1.", "2.", "◦", "3.", "•", "•", "•"]
    table = next(block for block in found if isinstance(block, Table))
    assert [plain(cell) for cell in table.rows[1]] == ["3", "4"]
    assert table.aligns == ("left", "center")
    assert found[-1].spans[0].target == "https://example.org/ref"


def test_a_numbered_list_counts_through_loose_items() -> None:
    found = blocks("1. a\n\n1. b\n\n1. c\n")
    assert [block.place.marker for block in found] == ["1.", "2.", "3."]


def test_long_code_comes_in_parts_and_loses_no_line() -> None:
    code = "\n".join(f"line {n}" for n in range(3000))
    found = blocks(f"```text\n{code}\n```\n")
    assert len(found) > 5
    assert [part.continued for part in found][:2] == [False, True]
    assert "\n".join(part.text for part in found) == code


def test_long_tables_come_in_parts_of_equal_columns_and_end_at_500_rows() -> None:
    rows = "\n".join(f"| {n} | text |" for n in range(700))
    found = blocks(f"| n | what |\n|---|---|\n{rows}\n")
    assert sum(len(part.rows) for part in found) == 500
    assert found[-1].omitted
    assert not found[0].omitted


def test_a_table_too_wide_says_so() -> None:
    found = blocks("|" + "a|" * 80 + "\n|" + "-|" * 80 + "\n|" + "b|" * 80 + "\n")
    assert len(found[0].header) == 50
    assert found[0].omitted


def test_pictures_are_words_and_an_address() -> None:
    span = blocks("![cat](file:///etc/passwd)")[0].spans[0]
    assert span.style is Style.IMAGE
    assert (span.text, span.target) == ("cat", "file:///etc/passwd")


def test_html_is_text() -> None:
    assert plain(blocks("<img src=x> <b>hi</b>")[0].spans) == "<img src=x> <b>hi</b>"


def test_what_deceives_becomes_visible_also_when_written_as_an_entity() -> None:
    assert (
        plain(blocks("a\u202eb\x00c&#x202e;d\ud800")[0].spans)
        == "a⟦U+202E⟧b⟦U+0000⟧c⟦U+202E⟧d\ufffd"
    )


def test_nesting_ends_at_eight_and_no_text_is_lost() -> None:
    found = blocks("> " * 500 + "deep")
    assert found[0].place.quotes == 8
    assert plain(found[0].spans).endswith("deep")
    stairs = "\n".join("  " * depth + "- step" for depth in range(60))
    assert len(blocks(stairs)) == 60
    assert max(block.place.indent for block in blocks(stairs)) == 8


def test_a_quote_in_a_list_in_a_quote() -> None:
    assert blocks("> - > x")[0].place == Place(quotes=2, indent=1, marker="•")


HOSTILE = {
    "no space": "a" * 1_000_000,
    "words": "word " * 200_000,
    "brackets": "[" * 300_000,
    "pictures": "![" * 150_000,
    "links": "[a](" * 80_000,
    "emphasis": "*a_" * 100_000,
    "stars": "**" * 150_000,
    "ticks": "`a``b" * 60_000,
    "quotes": ">" * 300_000,
    "lists": "- " * 150_000,
    "stairs": "".join("  " * (n % 400) + "- a\n" for n in range(2000)),
    "pipes": "|" * 300_000,
    "tables": "|a|\n|-|\n" * 40_000,
    "wide table": "|" + "a|" * 3000 + "\n|" + "-|" * 3000 + "\n" + ("|" + "b|" * 3000 + "\n") * 30,
    "maths": "$" * 300_000,
    "braces": "$" + "{" * 390 + "$ " + "$\\frac" * 50_000,
    "entities": "&#0;" * 70_000,
    "bidi": "\u202e\u202d" * 150_000,
    "surrogates": "\ud800" * 300_000,
    "nul": "\x00" * 300_000,
    "marks": "e" + "\u0301" * 300_000,
    "emoji": "👩‍👩‍👧" * 60_000,
    "fences": "```\n" * 80_000,
    "open fence": "```" + "x\n" * 200_000,
    "definitions": "".join(f"[{n}]: x\n\n" for n in range(30_000)),
    "newlines": "\n" * 300_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_slice_of_a_hostile_text_takes_long(name: str) -> None:
    """Answers are fed in slices of 4 KB between two paints; each must leave time for the window."""
    stream, text, longest = MarkdownStream(), HOSTILE[name], 0.0
    for at in range(0, 64 * 1024, 4096):
        start = time.thread_time()
        stream.feed(text[at : at + 4096])
        stream.tail()
        longest = max(longest, time.thread_time() - start)
    assert longest < 0.2


def test_what_is_too_long_is_left_out_and_counted() -> None:
    stream = MarkdownStream()
    stream.feed("word " * (DRAWN_CHARS // 5))
    stream.feed("x" * 1000)
    stream.finish()
    assert stream.omitted == 1000 - DRAWN_CHARS % 5
