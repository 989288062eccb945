"""Tables that a card writes in HTML, as publishers' own cards often do.

One pass over the tags, without a tree: a table within a table belongs to the outer cell's words, what is
never closed ends with the text, and every number that a card names is bounded.
"""

import html
import itertools
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from inspector.cards.values import Table
from inspector.untrusted import shortened

_TAG = re.compile(r"<(/?)(table|thead|tr|td|th)\b([^<>]{0,400})>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]{0,400}>")
_SPAN = re.compile(r"(?i)\b(row|col)span\s{0,3}=\s{0,3}[\"']?(\d{1,3})")
_NUMBER = re.compile(r"[\d.,]{1,12}\s?%?")
_SPACES = re.compile(r"\s+")
_LARGEST_SPAN = 60
_LARGEST_CELL = 400
_SHOWN = 120
_MOST_COLUMNS = 60
_MOST_HEADS = 3
_JOINT = " · "


@dataclass(slots=True)
class _Open:
    """A table that is being read."""

    start: int
    rows: list[tuple[str, ...]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    heads: int = 0
    """Rows at its top that are its head, as far as its tags say so."""

    first_spans: list[tuple[int, int]] = field(default_factory=list)
    """How far down and across the cells of the first row reach; an empty corner reaches as far as it likes."""

    in_head: bool = False
    only_heads: bool = True
    """Whether every cell of this row is one of a head."""

    row: list[str] | None = None
    row_start: int = 0
    cell_start: int = -1
    spans: tuple[int, int] = (1, 1)
    below: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Cells that reach into the next rows: by column, their words and how many rows more."""

    depth: int = 0

    def turn(self, name: str, at: int, *, closes: bool) -> None:
        """Begins or ends a row or the head."""
        self.end_row()
        if name == "thead":
            self.in_head = not closes
        elif not closes:
            self.begin_row(at)

    def begin_row(self, at: int) -> None:
        self.end_row()
        self.row, self.row_start = [], at
        self.only_heads = True
        self._fill()

    def begin_cell(self, at: int, line: int, attributes: str, *, is_head: bool) -> None:
        if self.row is None:
            self.begin_row(line)
        self.cell_start = at
        self.only_heads = self.only_heads and (is_head or self.in_head)
        found = {kind.lower(): int(count) for kind, count in _SPAN.findall(attributes)}
        down, across = (min(max(found.get(kind, 1), 1), _LARGEST_SPAN) for kind in ("row", "col"))
        self.spans = (down, across)

    def end_cell(self, words: str) -> None:
        self.cell_start = -1
        if self.row is None:
            return
        down, across = self.spans
        if not self.rows:
            self.first_spans.append((down if words else _MOST_HEADS, across))
        for step in range(across):
            if len(self.row) >= _MOST_COLUMNS:
                break
            if down > 1:
                self.below[len(self.row)] = (words, down - 1)
            # What spans columns heads each of them.
            heads = not self.rows or self.is_in_head
            self.row.append(words if step == 0 or heads else "")
            self._fill()

    @property
    def is_in_head(self) -> bool:
        """Whether the row that is read goes on with the head."""
        return self.only_heads and self.heads == len(self.rows) < _MOST_HEADS

    def end_row(self) -> None:
        if self.row:
            self.heads += self.is_in_head
            self.rows.append(tuple(self.row))
            self.starts.append(self.row_start)
        self.row = None

    def _fill(self) -> None:
        """Puts in what reaches down from a row above."""
        while self.row is not None and (held := self.below.get(len(self.row))) and held[1] > 0:
            self.below[len(self.row)] = (held[0], held[1] - 1)
            self.row.append(held[0])


def html_tables(
    body: str,
    first_line: int,
    section_at: Callable[[int], str],
    most_cells: int,
    is_code: Callable[[int], bool],
) -> Iterator[Table]:
    """Yields the tables of a card's body that are written in HTML.

    Args:
        body: the text below the front matter.
        first_line: how many lines of the file come before it.
        section_at: returns the heading that a line stands below.
        most_cells: how many cells are kept of all of them.
        is_code: whether a line of the body, from 0, stands in a block of code.
    """
    if "<table" not in body and "<TABLE" not in body:
        return
    ends = [found.start() for found in re.finditer("\n", body)]
    opened: _Open | None = None
    cells = 0
    for tag in _TAG.finditer(body):
        closes, name, attributes = tag.group(1) == "/", tag.group(2).lower(), tag.group(3)
        row = bisect_right(ends, tag.start())
        if opened is None:
            if name == "table" and not closes and not is_code(row):
                opened = _Open(row)
            continue
        if name == "table" and (opened.depth or not closes):
            opened.depth += -1 if closes else 1
            continue
        if opened.depth > 0:
            continue
        if opened.cell_start >= 0:
            opened.end_cell(_words(body[opened.cell_start : tag.start()]))
        if name == "table":
            opened.end_row()
            kept = list(_kept(opened, most_cells - cells))
            cells += sum(len(one) for one in kept)
            if table := _table(opened, kept, first_line, section_at):
                yield table
            opened = None
        elif name in {"thead", "tr"}:
            opened.turn(name, row, closes=closes)
        elif not closes:
            opened.begin_cell(tag.end(), row, attributes, is_head=name == "th")


def _kept(opened: _Open, room: int) -> Iterator[tuple[str, ...]]:
    for row in opened.rows:
        room -= len(row)
        if room < 0:
            return
        yield row


def _table(
    opened: _Open,
    rows: list[tuple[str, ...]],
    first_line: int,
    section_at: Callable[[int], str],
) -> Table | None:
    if len(rows) < 2 or len(rows[0]) < 2:
        # One row or one column is how pages place a picture, and no table of anything.
        return None
    line = first_line + opened.start + 1
    heads = _heads(opened, rows)
    return Table(
        line=line,
        header=_joined(rows[:heads]),
        rows=tuple(rows[heads:]),
        rows_total=len(opened.rows) - heads,
        section=section_at(line),
        lines=tuple(first_line + start + 1 for start in opened.starts[heads : len(rows)]),
    )


def _heads(opened: _Open, rows: list[tuple[str, ...]]) -> int:
    """Returns how many rows are the head: more than one where the first groups what the next names.

    A row of `th` below a head that groups nothing is a heading within the table, and stays a row.
    """
    first = rows[0]
    groups = any(one and one == other for one, other in itertools.pairwise(first))
    spans = opened.first_spans
    # Written with plain cells, too: what does not group reaches down beside what is grouped.
    reaches = (
        any(across > 1 for _, across in spans)
        and any(across == 1 for _, across in spans)
        and all(across > 1 or down > 1 for down, across in spans)
        and not any(map(_NUMBER.fullmatch, rows[1]))
    )
    told = max(opened.heads, 2 if reaches else 1)
    # A table that is nothing but heads has a head of one row.
    return told if groups and told < len(rows) else 1


def _joined(heads: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Returns one head: each column's words from top to bottom, what reaches over rows once."""
    columns = itertools.zip_longest(*heads, fillvalue="")
    return tuple(_JOINT.join(filter(None, dict.fromkeys(words)))[:_SHOWN] for words in columns)


def _words(text: str) -> str:
    plain = html.unescape(_ANY_TAG.sub(" ", text[:_LARGEST_CELL]))
    return shortened(_SPACES.sub(" ", plain.replace("*", "").replace("`", "")).strip(), _SHOWN)
