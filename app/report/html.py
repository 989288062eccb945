"""The few pieces that a page is made of. Everything from outside goes through `safe`."""

from collections.abc import Iterable, Sequence
from html import escape

from inspector.untrusted import legible

Cells = Sequence[str]
_NARROW = "\N{NO-BREAK SPACE}"


def safe(untrusted: str) -> str:
    """Returns a text fit for HTML: no sign acts, and none that turns the direction is unseen."""
    # A space that doesn't break is ours in every number, and hides nothing.
    pieces = untrusted.split(_NARROW)
    return escape(_NARROW.join(map(legible, pieces)), quote=True)


def paragraph(text: str, look: str = "") -> str:
    """Returns a paragraph; empty where there is no text."""
    name = f' class="{look}"' if look else ""
    return f"<p{name}>{safe(text)}</p>" if text else ""


def rows(every: Iterable[tuple[str, str, str]]) -> str:
    """Returns a table of labels and values, each with its source below."""
    lines = [
        f'<tr><th scope="row">{safe(label)}</th><td>{safe(value)}{source(where)}</td></tr>'
        for label, value, where in every
    ]
    return f"<table><tbody>{''.join(lines)}</tbody></table>" if lines else ""


def grid(
    heads: Cells, every: Iterable[Cells], ids: Sequence[str] = (), *, look: str = "grid"
) -> str:
    """Returns a table with headings; the cells are HTML already. Empty without rows.

    Each cell knows its heading, which stands above it where columns don't fit.

    Args:
        heads: the headings, a column each.
        every: the rows.
        ids: of the rows, for links to them.
        look: the table's class; `grid first` gives most room to the first column.
    """
    lines = [
        "".join(
            f'<td data-head="{safe(head)}">{cell}</td>'
            for head, cell in zip(heads, line, strict=True)
        )
        for line in every
    ]
    if not lines:
        return ""
    names = [f' id="{safe(one)}"' for one in ids] or [""] * len(lines)
    body = "".join(f"<tr{name}>{line}</tr>" for name, line in zip(names, lines, strict=True))
    head = "".join(f'<th scope="col">{safe(one)}</th>' for one in heads)
    return f'<table class="{look}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def source(where: str) -> str:
    """Returns where something came from, small, below it."""
    return f'<span class="source">{safe(where)}</span>' if where else ""


def section(key: str, title: str, *body: str) -> str:
    """Returns a section with its heading; empty where it has no body."""
    inside = "".join(body)
    return f'<section id="{key}"><h2>{safe(title)}</h2>{inside}</section>' if inside else ""


def fold(title: str, body: str, *, is_open: bool = False, is_long: bool = False) -> str:
    """Returns what opens when it is asked for; it needs no script. What is long stays folded on paper."""
    state = (' class="long"' if is_long else "") + (" open" if is_open else "")
    return f"<details{state}><summary>{safe(title)}</summary>{body}</details>" if body else ""


def bullets(lines: Iterable[str]) -> str:
    """Returns a list of texts."""
    every = "".join(f"<li>{safe(line)}</li>" for line in lines)
    return f"<ul>{every}</ul>" if every else ""
