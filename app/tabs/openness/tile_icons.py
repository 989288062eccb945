"""The shapes of tiles as icons, each made once: reading and drawing 46 files takes two frames."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QIcon, QPainter

from app.theme.theme import Theme
from inspector.findings.fingerprint import Look


class TileIcons:
    """Draws tiles in the theme's colours.

    Owned by: a picture. Thread: GUI.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._icons: dict[str, QIcon] = {}

    def paint(self, painter: QPainter, box: QRect, look: Look) -> None:
        """Draws one tile's shape; an icon keeps what it drew, and asks the theme for its colour."""
        icon = self._icons.get(look.letter)
        if icon is None:
            icon = self._icons[look.letter] = self._theme.icon(look.icon, look.role)
        icon.paint(painter, box)
