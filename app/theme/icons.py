"""Icons that follow the theme: one SVG each, drawn in the colour of a role when it is painted."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources

if TYPE_CHECKING:
    from app.theme.theme import Theme

PLACEHOLDER = "#000000"
"""The one colour that the SVG files are drawn in."""


class RecolouringEngine(QIconEngine):
    """Draws one SVG in the colour that a role has at that moment.

    Args:
        theme: says the colours; a change of theme therefore needs no new icons.
        name: the file below resources/icons.
        roles: the role for each mode of the icon.
    """

    def __init__(self, theme: "Theme", name: str, roles: Mapping[QIcon.Mode, str]) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._roles = roles
        self._source = resources.text(f"icons/{name}.svg")
        self._images: dict[tuple[str, int, int], QImage] = {}

    def key(self) -> str:
        """Names the engine to Qt."""
        return "lightwell"

    def clone(self) -> QIconEngine:
        """Returns another engine for the same icon."""
        return RecolouringEngine(self._theme, self._name, self._roles)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draws the icon in the middle of `rect`, as large as it fits."""
        ratio = painter.device().devicePixelRatioF()
        side = min(rect.width(), rect.height())
        if side <= 0:
            return
        image = self._image(mode, round(side * ratio))
        target = QRectF(0, 0, side, side)
        target.moveCenter(QRectF(rect).center())
        painter.drawImage(target, image)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Returns the icon on a transparent ground."""
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(  # noqa: N802 - Qt's name
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """Returns the icon with `scale` pixels for each of `size`, as sharp as the screen can be."""
        size = QSize(round(size.width() * scale), round(size.height() * scale))
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def _image(self, mode: QIcon.Mode, side: int) -> QImage:
        role = self._roles.get(mode, self._roles[QIcon.Mode.Normal])
        colour = self._theme.tokens.colours[role]
        key = (colour, side, side)
        if key not in self._images:
            if len(self._images) > 8:
                self._images.clear()
            self._images[key] = draw_svg(self._source, colour, side)
        return self._images[key]


def draw_svg(source: str, colour: str, side: int) -> QImage:
    """Returns an SVG in one colour, `side` pixels wide and high."""
    renderer = QSvgRenderer(QByteArray(source.replace(PLACEHOLDER, colour).encode()))
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return image


def make_icon(theme: "Theme", name: str, role: str) -> QIcon:
    """Returns an icon that follows the theme; disabled it fades, and it stays as it is when selected."""
    roles = {QIcon.Mode.Normal: role, QIcon.Mode.Disabled: "disabled"}
    # A copy: the icon that an engine is put into is its parent to PySide, and where the collector met
    # both as garbage, it freed the engine first and the icon's end fell over it.
    return QIcon(QIcon(RecolouringEngine(theme, name, roles)))
