"""Labels and values in two aligned columns, in groups with a heading."""

from collections.abc import Mapping, Sequence

from app.cli.screen import Screen

_EDGE, _GAP = 2, 2
_INSET = 4


def print_groups(groups: Mapping[str, Sequence[tuple[str, str]]], screen: Screen) -> None:
    """Prints the groups; labels of all groups share one width.

    A group without any label stands at the edge. Where labels would take more than a third of a terminal,
    each has a line of its own, and its value stands below it.
    """
    width = max((len(label) for rows in groups.values() for label, _ in rows), default=0)
    is_narrow = bool(screen.width) and width > screen.width // 3
    for number, (heading, rows) in enumerate(groups.items()):
        if number:
            screen.line()
        screen.line(heading)
        has_labels = any(label for label, _ in rows)
        for label, untrusted_value in rows:
            if is_narrow and label:
                screen.line(f"{'':{_EDGE}}{label}")
                _print_value(untrusted_value, screen, _INSET)
            elif has_labels and not is_narrow:
                _print_value(untrusted_value, screen, _EDGE + width + _GAP, f"{label:<{width}}")
            else:
                _print_value(untrusted_value, screen, _INSET if has_labels else _EDGE)


def _print_value(untrusted_value: str, screen: Screen, indent: int, label: str = "") -> None:
    first, *rest = untrusted_value.split("\n")
    before = f"{'':{_EDGE}}{label}{'':{_GAP}}" if label else " " * indent
    screen.line(f"{before}{first}", hang=indent + _depth(first))
    for line in rest:
        screen.line(f"{'':{indent}}{line}", hang=indent + _depth(line))


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
