"""Long lines, broken before anything lays them out: Qt takes seconds for one of a megabyte."""

LINE_CHARS = 6_000
"""A line longer than this is broken, at a space where there is one in its second half."""


def broken(line: str) -> list[str]:
    """Returns `line` in parts of at most `LINE_CHARS`, cut at spaces where that is possible."""
    parts = []
    while len(line) > LINE_CHARS:
        cut = line.rfind(" ", LINE_CHARS // 2, LINE_CHARS)
        cut = LINE_CHARS if cut < 0 else cut + 1
        parts.append(line[:cut])
        line = line[cut:]
    return [*parts, line]
