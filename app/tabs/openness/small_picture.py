"""The fingerprint as a small picture for the rows of a list: made once for each, then only copied."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from app.theme.theme import Theme
from inspector.findings.fingerprint import Look, compact, looks, tiles_of
from inspector.findings.stack import stack

DOTS = 7
"""Dots of a small shape each way; a tile has one more, for the gap."""

PLAIN_AT = 12
"""Pixels of a tile from which the tab's own shapes are drawn instead of dots."""

MOST_KEPT = 512

SET = "#"
"""A dot that is drawn, in the lines of a small shape."""


class SmallPictures:
    """Draws kept fingerprints in the theme's colours.

    Owned by: who paints rows. Thread: GUI.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._made: dict[tuple[str, float, bool], QPixmap] = {}
        self._shapes: dict[tuple[str, int], QPixmap] = {}

    def restyle(self) -> None:
        """Forgets what was drawn: colours or sizes have changed."""
        self._made.clear()
        self._shapes.clear()

    @property
    def size(self) -> QSize:
        """How large a picture is; as large as a list's row allows, and larger with its text."""
        step, plan = self._step, compact()
        return QSize(plan.columns * step, plan.rows * step)

    def pixmap(self, letters: str, ratio: float, *, mirrored: bool) -> QPixmap:
        """Returns the picture of a fingerprint's letters."""
        key = (letters, ratio, mirrored)
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= MOST_KEPT:
                self._made.clear()
            made = self._made[key] = self._drawn(letters, ratio, mirrored=mirrored)
        return made

    @property
    def _step(self) -> int:
        return self._theme.px("space_1")

    def _drawn(self, letters: str, ratio: float, *, mirrored: bool) -> QPixmap:
        plan = compact()
        # In pixels of the screen: dots that fall between two of them would be a grey blur.
        step = round(self._step * ratio)
        picture = _clear(plan.columns * step, plan.rows * step)
        painter = QPainter(picture)
        tiles, ours = tiles_of(letters), stack().ours
        faint = self._theme.colour("faint")
        for place in plan.places:
            if place.part in tiles:
                column = plan.columns - 1 - place.column if mirrored else place.column
                shape = self._shape(looks()[tiles[place.part]], step)
                painter.drawPixmap(column * step, place.row * step, shape)
                if place.part in ours:
                    dot = max(1, step // (DOTS + 1))
                    bottom = (place.row + 1) * step - dot
                    painter.fillRect(column * step, bottom, DOTS * step // (DOTS + 1), dot, faint)
        painter.end()
        picture.setDevicePixelRatio(ratio)
        return picture

    def _shape(self, look: Look, step: int) -> QPixmap:
        """Returns the shape of one tile; there are six, and they are drawn once."""
        key = (look.letter, step)
        made = self._shapes.get(key)
        if made is None:
            made = self._shapes[key] = self._dots(look, step)
        return made

    def _dots(self, look: Look, step: int) -> QPixmap:
        dot = step // (DOTS + 1)
        if step >= PLAIN_AT or not dot:
            side = step - max(1, dot)
            return self._theme.icon(look.icon, look.role).pixmap(QSize(side, side), 1.0)
        shape = _clear(step, step)
        painter = QPainter(shape)
        colour = self._theme.colour(look.role)
        for row, dots in enumerate(look.small):
            for column, sign in enumerate(dots):
                if sign == SET:
                    painter.fillRect(column * dot, row * dot, dot, dot, colour)
        painter.end()
        return shape


def _clear(width: int, height: int) -> QPixmap:
    pixmap = QPixmap(width, height)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap
