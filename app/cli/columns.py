"""Labels and values in two aligned columns, in groups with a heading."""

from collections.abc import Mapping, Sequence

from app.cli.screen import Screen


def print_groups(groups: Mapping[str, Sequence[tuple[str, str]]], screen: Screen) -> None:
    """Prints the groups; labels of all groups share one width."""
    width = max((len(label) for rows in groups.values() for label, _ in rows), default=0)
    for number, (heading, rows) in enumerate(groups.items()):
        if number:
            screen.line()
        screen.line(heading)
        for label, untrusted_value in rows:
            first, *rest = untrusted_value.split("\n")
            screen.line(f"  {label:<{width}}  {first}")
            for line in rest:
                screen.line(f"  {'':<{width}}  {line}")
