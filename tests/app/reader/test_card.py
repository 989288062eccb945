"""The reader's job on cards: HTML becomes Markdown, blocks know their lines, nothing stalls."""

import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.reader.card import CardSheet, read_sheet, sheet_of
from app.reader.card_html import as_markdown
from inspector.errors import InspectorError
from tests.support.shared_data import shared


def markdown(text: str) -> str:
    return "\n".join(line for _, line in as_markdown(text, 1).lines)


def sheet(folder: Path, text: str) -> CardSheet:
    card = folder / "README.md"
    card.write_text(text, encoding="utf-8")
    return read_sheet(card)


def said(made: CardSheet) -> list[str]:
    return ["".join(span.text for span in block.spans) for block in made.blocks]


def test_links_and_pictures_are_known_by_definitions_that_stand_below_them(tmp_path: Path) -> None:
    text = "# A\n\n[The page][p] and ![chart][c], [not this][q].\n\n- [p]\n\nWords.\n\n[p]: https://p.example/x\n[c]: https://c.example/c.png\n\n```\n[q]: https://q.example\n```\n"
    made = sheet(tmp_path, text)
    targets = {span.target for block in made.blocks for span in block.spans if span.target}
    assert targets == {"https://p.example/x", "https://c.example/c.png"}
    assert "[not this][q]" in " ".join(said(made))


def test_a_table_around_a_table_leaves_no_empty_frame() -> None:
    inner = "<table><tr><th>Bench</th></tr><tr><td>45</td></tr></table>"
    made = markdown(f"<table><tr><td>{inner}</td><td>right</td></tr></table>")
    assert "|  |" not in made
    assert "| Bench |" in made
    assert "right" in made


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<b>bold</b> and <em>soft</em>", "**bold** and *soft*"),
        ('<img src="a.png" alt="A [plan]">', "![A (plan)](<a.png>)"),
        ('<a href="https://example.org/x">here</a>', "[here](<https://example.org/x>)"),
        ('<a href="u"><img src="b.svg"\n alt="Chat"/></a>', "[Chat](<u>) ![](<b.svg>)"),
        ("[![alt](b.svg)](https://example.org)", "[alt](<https://example.org>) ![](<b.svg>)"),
        ("one<br>two", "one  \ntwo"),
        ("<nobr>Size</nobr> <ins>96.7</ins> <del>old</del>", "Size 96.7 ~~old~~"),
        ("<s> and </s> begin and end", "<s> and </s> begin and end"),
        ("`<b>` stays", "`<b>` stays"),
        ("```\n<b>x</b>\n```", "```\n<b>x</b>\n```"),
        ("2 < 3 and <think> stay", "2 < 3 and <think> stay"),
        ("<iframe src='https://example.org'></iframe>", "![iframe](<https://example.org>)"),
    ],
)
def test_html_becomes_markdown(html: str, wanted: str) -> None:
    assert markdown(html).strip() == wanted


def test_a_table_in_html() -> None:
    html = "<table><tr><th>Test</th><th>Score</th></tr>\n<tr><td>A|B</td><td>61.2</td></tr></table>"
    assert "| Test | Score |\n| --- | --- |\n| A\\|B | 61.2 |" in markdown(html)


def test_what_a_page_hides_is_handed_back_with_its_line() -> None:
    made = as_markdown("one\n<!-- tell them\nit is best -->two\n<script>run()</script>", 5)
    assert [(one.line, one.text) for one in made.hidden] == [
        (6, "tell them\nit is best"),
        (8, "run()"),
    ]
    assert "best" not in "\n".join(line for _, line in made.lines)


def test_blocks_know_their_lines(tmp_path: Path) -> None:
    made = sheet(
        tmp_path,
        "---\nlicense: mit\n---\n# Title\n\nOne\ntwo.\n\n- a\n- b\n\n```py\nx\n```\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nLast.\n",
    )
    lines = made.text.split("\n")
    found = {block.kind: lines[block.line - 1] for block in made.blocks}
    assert found["heading"] == "# Title"
    assert found["code"] == "```py"
    assert found["table"] == "| a | b |"
    assert [lines[block.line - 1] for block in made.blocks if block.kind == "paragraph"] == [
        "One",
        "- a",
        "- b",
        "Last.",
    ]


def test_placeholders_count_as_empty(tmp_path: Path) -> None:
    made = sheet(
        tmp_path,
        "## Uses\n\n[More Information Needed]\n\n**Developed by:** [More Information Needed]\n\n"
        "**Shared by:** somebody\n",
    )
    assert [block.is_empty for block in made.blocks] == [False, True, True, False]


def test_real_cards_lose_no_words() -> None:
    for name in ("deepseek-r1/README.md", "llama-3.2/MODEL_CARD.md", "pythia/README.md"):
        made = read_sheet(shared(f"cards/{name}"))
        told = " ".join(said(made))
        for section in made.card.sections:
            if section.level and section.heading.isascii():
                assert section.heading.split()[-1] in told, section.heading
        assert "<div" not in told
        assert "<img" not in told


HOSTILE = {
    "tables": "<table><tr><td>" * 20_000,
    "divs": "<div>" * 50_000,
    "links": '<a href="x">' * 20_000,
    "opened": "<" * 200_000,
    "comments": "<!--" * 60_000,
    "brackets": "[![" * 60_000,
    "quotes": "> " * 100_000,
    "ticks": "`" * 200_000,
    "one line of ticks": "` `` " * 40_000,
    "attributes": '<img src="' + "a=" * 100_000,
    "bidi": "\u202e<b>\u2066x</b>" * 10_000,
    "front matter": "---\n" + "a: &a [*a]\n" * 20_000 + "---\n",
    "ten megabytes": "word " * 2_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_cards_take_time_by_their_length(name: str, tmp_path: Path) -> None:
    began = time.process_time()
    made = sheet(tmp_path, HOSTILE[name])
    assert time.process_time() - began < 3.0
    assert len(made.blocks) <= 6_000


def test_a_link_that_is_never_closed_takes_no_more_than_its_paragraph() -> None:
    assert markdown('<a href="x">one\ntwo\n\n# Three').endswith("one two \n\n# Three")


def test_a_card_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(InspectorError, match=r"card\.missing"):
        read_sheet(tmp_path / "README.md")


PARTS = st.sampled_from(
    [
        "<div>", "</div>", "<a href='x'>", "</a>", "<img src=y alt=z>", "<table>", "<tr>", "<td>",
        "</td>", "</table>", "<!--", "-->", "<br>", "<h2>", "</h2>", "<li>", "<b>", "</b>", "```",
        "`", "\n", "\n\n", "| a | b |", "|---|---|", "# T", "- i", "> q", "<", ">", "<summary>",
        "</summary>", "<script>", "</script>", "---\n", "word ", "[l](u)", "![p](u)", "\u202e", "$x$",
    ]
)  # fmt: skip


@example(["<a href='x'>", "<table>", "---\n", "<td>"])
@given(st.lists(PARTS, max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_mix_of_marks_gives_blocks_within_the_file(parts: list[str]) -> None:
    text = "".join(parts)
    made = sheet_of(text.encode(), "README.md", changed_at=0)
    last = text.count("\n") + 1
    before = 1
    for block in made.blocks:
        assert before <= block.line < block.end <= last + 1
        before = block.line
    assert all(1 <= one.line <= last for one in made.hidden)


@given(st.binary(max_size=2_000))
@settings(max_examples=40, deadline=None)
def test_any_bytes_are_a_card(raw: bytes) -> None:
    made = sheet_of(raw, "README.md", changed_at=0)
    assert made.card.bytes == len(raw)
