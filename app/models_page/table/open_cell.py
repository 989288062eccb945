"""The cell with a model's fingerprint, for both lists: a picture, with its words for who hears it."""

from app.models_page.table.rows import Cell
from app.models_page.table.table import Column
from app.words.openness import group_lines, short_line_of
from app.words.translation import translate
from inspector.findings.fingerprint import tiles_of
from inspector.findings.stack import stack
from inspector.findings.values import Tile


def open_column(*, least: int) -> Column:
    """Returns the column; below `least` letters of width it gives way."""
    return Column(translate("OpenCell", "What is open"), 17, least=least)


def open_groups(letters: str | None) -> frozenset[str]:
    """Returns the groups of which something is open, as a fingerprint has it; none where unseen."""
    tiles = tiles_of(letters) if letters else {}
    return frozenset(part.group for part in stack().part if tiles.get(part.id) is Tile.OPEN)


def open_cell(letters: str | None, unseen: str) -> Cell:
    """Returns the cell of a fingerprint.

    Args:
        letters: of the fingerprint; None where nobody has looked, empty where it can't be read.
        unseen: what would settle it, where nobody has looked.
    """
    if letters is None:
        # Its own words, and no picture: not looked at isn't unknown, and neither is closed.
        return Cell(translate("OpenCell", "not looked at yet"), tip=unseen, faint=True)
    tiles = tiles_of(letters)
    if not tiles:
        return Cell(translate("OpenCell", "can't be read"), faint=True)
    tip = "\n".join((short_line_of(tiles), *group_lines(tiles)))
    return Cell(short_line_of(tiles), tip=tip, picture=letters)
