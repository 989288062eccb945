"""Tables that cards write in HTML, as publishers' own cards do: cells, spans, lines, and hostile ones."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inspector.cards.read import CELLS, card_from_bytes
from inspector.cards.values import Card

# The shape of a publisher's evaluation table, in words of our own: a category reaches over its tests.
RESULTS = """---
license: mit
---
# A model

## Evaluation

<table>
  <tr>
   <td><strong>Category</strong>
   </td>
   <td><strong>Benchmark</strong>
   </td>
   <td># Shots</td>
   <td>Ours &amp; theirs</td>
  </tr>
  <tr>
   <td rowspan="2">General
   </td>
   <td>MMLU
   </td>
   <td>5</td>
   <td><b>66.7</b>
   </td>
  </tr>
  <tr>
   <td>ARC</td>
   <td>25</td>
   <td>79.7</td>
  </tr>
</table>
"""


def read(text: str) -> Card:
    return card_from_bytes(text.encode("utf-8", "surrogatepass"), "README.md")


def test_cells_spans_and_lines_are_read() -> None:
    (table,) = read(RESULTS).tables
    assert table.header == ("Category", "Benchmark", "# Shots", "Ours & theirs")
    assert table.rows == (("General", "MMLU", "5", "66.7"), ("General", "ARC", "25", "79.7"))
    assert (table.line, table.section) == (8, "Evaluation")
    lines = RESULTS.split("\n")
    assert [lines[table.line_of(row) - 1] for row in (0, 1)] == ["  <tr>", "  <tr>"]


TWO_ROWS = (
    "<table><tr><{0} rowspan=2>Test</{0}><{0} colspan=2>Ours</{0}><{0} rowspan='2'>Theirs</{0}></tr>\n"
    "<tr><{0}>1B</{0}><{0}>3B</{0}></tr>\n"
    "<tr><td>MMLU</td><td>49.3</td><td>63.4</td><td>60.1</td></tr></table>"
)


@pytest.mark.parametrize("text", [TWO_ROWS.format("th"), TWO_ROWS.format("td")])
def test_a_head_of_two_rows_names_each_column_by_both(text: str) -> None:
    (table,) = read(f"# A\n\n## Evaluation\n\n{text}\n").tables
    assert table.header == ("Test", "Ours · 1B", "Ours · 3B", "Theirs")
    assert table.rows == (("MMLU", "49.3", "63.4", "60.1"),)
    assert (table.rows_total, table.line_of(0)) == (1, 7)


def test_a_head_written_as_such_may_have_empty_corners() -> None:
    text = (
        "<table><thead><tr><th></th><th colspan=2>Ours</th></tr><tr><th>Test</th><th>1B</th><th>3B</th></tr></thead>"
        "<tbody><tr><td>MMLU</td><td>49.3</td><td>63.4</td></tr></tbody></table>"
    )
    (table,) = read(f"# A\n\n{text}\n").tables
    assert table.header == ("Test", "Ours · 1B", "Ours · 3B")
    assert [(one.of, one.value) for one in read(f"# A\n\n## Evaluation\n\n{text}").figures] == [
        ("Ours · 1B", "49.3"),
        ("Ours · 3B", "63.4"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<tr><th>Test</th><th>1B</th></tr><tr><th>English</th><th></th></tr><tr><td>MMLU</td><td>49.3</td></tr>",
        "<tr><th colspan=2>Ours</th></tr><tr><td>MMLU</td><td>49.3</td></tr><tr><td>ARC</td><td>3.1</td></tr>",
        "<tr><th>A</th><th>B</th></tr><tr><th>C</th><th>D</th></tr>",
    ],
)
def test_a_heading_within_a_table_stays_a_row(text: str) -> None:
    (table,) = read(f"# A\n\n<table>{text}</table>\n").tables
    assert len(table.rows) == text.count("<tr>") - 1


def test_its_figures_are_told_by_their_tests() -> None:
    told = [(one.what, one.of, one.value, one.line) for one in read(RESULTS).figures]
    assert told == [("MMLU", "Ours & theirs", "66.7", 17), ("ARC", "Ours & theirs", "79.7", 26)]


@pytest.mark.parametrize(
    "text",
    [
        "```\n<table><tr><td>a<td>1<tr><td>b<td>2</table>\n```\n",
        "<table><tr><td><img src='a'></td></tr></table>",
        "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>",
        "<table>" * 500,
        "<table><tr><td>a<td>1<tr><td>b<td>2",
        "</table></tr></td>",
    ],
    ids=["code", "one cell", "one column", "opened only", "never closed", "closed only"],
)
def test_what_is_no_table_of_anything_is_none(text: str) -> None:
    assert read(text).tables == ()


def test_a_table_in_a_cell_is_that_cells_words() -> None:
    inner = "<table><tr><td>in</td><td>1</td></tr><tr><td>y</td><td>2</td></tr></table>"
    (table,) = read(
        f"<table><tr><td>a</td><td>{inner}</td></tr><tr><td>b</td><td>3</td></tr></table>"
    ).tables
    assert table.header == ("a", "in 1 y 2")
    assert table.rows == (("b", "3"),)


def test_columns_that_a_head_spans_have_its_name() -> None:
    (table,) = read(
        "<table><tr><th>Test</th><th colspan=2>Ours</th></tr>"
        "<tr><td>MMLU</td><td>1</td><td>2</td></tr></table>"
    ).tables
    assert table.header == ("Test", "Ours", "Ours")
    assert table.rows == (("MMLU", "1", "2"),)


@pytest.mark.parametrize(
    "text",
    [
        "<table>" + "<tr><td rowspan=999 colspan=999>x</td></tr>" * 3_000 + "</table>",
        "<table>" + "<tr>" + "<td>x</td>" * 20_000 + "</tr></table>",
        "<table><tr><td" + " a" * 100_000 + ">",
        "<table><tr><td>" + "&lt;" * 60_000 + "</table>",
        "<table><tr><td>a</td><td>b</td></tr></table>" * 5_000,
    ],
    ids=["spans", "columns", "attributes", "entities", "many"],
)
def test_hostile_tables_take_bounded_time_and_room(text: str) -> None:
    began = time.process_time()
    card = read(text)
    assert time.process_time() - began < 1.0
    assert sum(len(row) for table in card.tables for row in table.rows) <= CELLS


@settings(max_examples=60, deadline=2_000)
@given(st.lists(st.sampled_from(["<table>", "</table>", "<tr>", "</tr>", "<td rowspan=2>", "<th>", "</td>", "a", "1", "\n", "<td colspan=3>", "```\n"]), max_size=60))  # fmt: skip
@example(["<table>", "<td colspan=3>", "</tr>", "<td rowspan=2>", "</table>"])
def test_any_order_of_tags_is_read(parts: list[str]) -> None:
    begun = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr>"
    text = begun + "".join(parts) + "</table>" * (len(parts) + 1)
    tables = read(text).tables
    assert tables
    for table in tables:
        assert all(
            1 <= table.line_of(row) <= text.count("\n") + 1 for row in range(len(table.rows))
        )
