"""What a table says above its columns."""

from collections.abc import Sequence

from PySide6.QtCore import Qt


def heading(titles: Sequence[str], section: int, orientation: Qt.Orientation, role: int) -> object:
    """Returns what Qt asks a table for above a column: words alone, and nothing beside rows."""
    if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
        return titles[section]
    return None
