"""The fingerprint as a widget: walked by mouse and arrow keys, each tile opening its evidence."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.tabs.openness.tile_icons import TileIcons
from app.theme.theme import Theme
from app.words.openness import openness_words, said_of
from inspector.findings.fingerprint import Place, layout, looks
from inspector.findings.stack import stack
from inspector.findings.values import Availability, Tile
from inspector.frameworks.profile import Profile, Row

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


FIRST = "compressed-weights"
"""The tile that is chosen at first: the file that lies on this disk."""


class FingerprintView(QWidget):
    """Draws every part of the stack as a small tile; one of them is chosen.

    Thread: GUI.
    """

    chosen = Signal(str)
    """The id of the part whose tile was chosen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = TileIcons(theme)
        self._rows: dict[str, Row] = {}
        self._current = FIRST
        self._hovered = ""
        self._marked: frozenset[str] = frozenset()
        self._dims = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme_changed)

    # ---- what it shows --------------------------------------------------------------------------

    def show_profile(self, profile: Profile) -> None:
        """Shows the tiles of this profile; the chosen part stays chosen."""
        self._rows = {row.part: row for row in profile.rows}
        self._tell()
        self.update()

    def mark(self, parts: Iterable[str], *, dims: bool = True) -> None:
        """Rings the tiles of these parts, such as those that a framework reads.

        Args:
            parts: ids of parts or items.
            dims: draws the others paler.
        """
        self._dims = dims
        self._marked = frozenset(part.partition("/")[0] for part in parts)
        self.update()

    @property
    def current(self) -> str:
        """The id of the chosen part."""
        return self._current

    def choose(self, part: str) -> None:
        """Chooses a part's tile."""
        if part != self._current:
            self._current = part
            self.update()
        self._tell()
        self.chosen.emit(part)

    @property
    def marked(self) -> frozenset[str]:
        """The parts whose tiles are ringed."""
        return self._marked

    # ---- geometry -------------------------------------------------------------------------------

    @property
    def _side(self) -> int:
        return self._theme.px("space_3")

    @property
    def _step(self) -> int:
        return self._side + self._theme.px("space_half")

    def _labels_width(self) -> int:
        metrics = QFontMetrics(self._theme.font("text_small"))
        widest = max(metrics.horizontalAdvance(one.title) for one in layout().headings)
        return widest + self._theme.px("space_2")

    def _between(self, row: int) -> int:
        """Returns the gap above the attributes: the two kinds are drawn apart."""
        kinds = [one.kind for one in layout().headings]
        return self._theme.px("space_2") if kinds[row] == "attribute" else 0

    def rect_of(self, part: str) -> QRect:
        """Returns where a part's tile is drawn."""
        place = _place(part)
        left = self._labels_width() + place.column * self._step
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            left = self.width() - left - self._side
        return QRect(left, self._top(place.row), self._side, self._side)

    def _top(self, row: int) -> int:
        return row * self._step + self._between(row)

    def _at(self, point: QPointF) -> str:
        margin = self._theme.px("space_half") // 2
        for place in layout().places:
            around = self.rect_of(place.part).adjusted(-margin, -margin, margin, margin)
            if around.contains(point.toPoint()):
                return place.part
        return ""

    def sizeHint(self) -> QSize:
        """As large as all tiles with their headings."""
        plan = layout()
        height = self._top(plan.rows - 1) + self._step
        return QSize(self._labels_width() + plan.columns * self._step, height)

    def minimumSizeHint(self) -> QSize:
        """As high as it needs; the panel's width is given."""
        return QSize(1, self.sizeHint().height())

    # ---- drawing --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws headings, tiles, the ring of the chosen one and the marks of a framework."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font("text_small"))
        self._draw_headings(painter)
        for place in layout().places:
            self._draw_tile(painter, place)
        if self._current and self.hasFocus():
            self._ring(painter, self.rect_of(self._current), "focus", 2)

    def _draw_headings(self, painter: QPainter) -> None:
        painter.setPen(self._theme.colour("faint"))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        width = self._labels_width() - self._theme.px("space_1")
        for heading in layout().headings:
            left = self.width() - width if mirrored else 0
            box = QRect(left, self._top(heading.row), width, self._side)
            side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, heading.title)

    def _draw_tile(self, painter: QPainter, place: Place) -> None:
        box = self.rect_of(place.part)
        if place.part in (self._current, self._hovered):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(
                self._theme.colour("selection" if place.part == self._current else "hover")
            )
            radius = self._theme.px("space_half")
            painter.drawRoundedRect(QRectF(box).adjusted(-2, -2, 2, 2), radius, radius)
        row = self._rows.get(place.part)
        look = looks()[row.tile if row else Tile.UNKNOWN]
        dimmed = self._dims and bool(self._marked) and place.part not in self._marked
        painter.setOpacity(0.45 if dimmed else 1.0)
        inset = self._theme.px("stroke")
        self._icons.paint(painter, box.adjusted(inset, inset, -inset, -inset), look)
        painter.setOpacity(1.0)
        if place.part in stack().ours:
            # The same for every model, and no finding on this one.
            line = QRect(box.left() + 3 * inset, box.bottom() + 1, box.width() - 6 * inset, inset)
            painter.fillRect(line, self._theme.colour("faint"))
        if place.part in self._marked:
            self._ring(painter, box, "accent", 1)

    def _ring(self, painter: QPainter, box: QRect, role: str, width: int) -> None:
        painter.setPen(QPen(self._theme.colour(role), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = self._theme.px("space_half")
        painter.drawRoundedRect(QRectF(box).adjusted(-1.5, -1.5, 1.5, 1.5), radius, radius)

    # ---- walking --------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys go from tile to tile; Home and End to the first and the last."""
        places = layout().places
        key = Qt.Key(event.key())
        if key in _STEPS:
            across, down = _STEPS[key]
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                across = -across
            self.choose(_neighbour(_place(self._current), across, down).part)
        elif key is Qt.Key.Key_Home:
            self.choose(places[0].part)
        elif key is Qt.Key.Key_End:
            self.choose(places[-1].part)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Chooses the tile under the pointer."""
        if part := self._at(event.position()):
            self.choose(part)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Shows which tile would be chosen."""
        part = self._at(event.position())
        if part != self._hovered:
            self._hovered = part
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Forgets the pointer."""
        self._hovered = ""
        self.update()

    def event(self, event: QEvent) -> bool:
        """Shows the tooltip of the tile under the pointer."""
        if isinstance(event, QHelpEvent):
            part = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.tip(part) if part else "", self)
            return True
        return super().event(event)

    def told(self, part: str) -> str:
        """Returns a tile in words."""
        row = self._rows.get(part)
        words = openness_words()
        word = words.tile[(row.tile if row else Tile.UNKNOWN).value]
        whose = f" ({words.sentence['line_below']})" if part in stack().ours else ""
        return f"{_place(part).name}{whose}: {word}"

    def tip(self, part: str) -> str:
        """Returns a tile in words with what is held of it, or what would settle it."""
        row = self._rows.get(part)
        if row is None:
            return self.told(part)
        held = f"{said_of(row.finding)} · {openness_words().link[row.finding.link.value]}"
        unknown = row.finding.availability is Availability.UNKNOWN
        return "\n".join(filter(None, (self.told(part), "" if unknown else held, row.settles)))

    def _tell(self) -> None:
        """Tells a screen reader which tile is chosen, and what the whole picture says."""
        self.setAccessibleName(self.told(self._current))
        said = [
            f"{one.title}: "
            + ", ".join(self.told(p.part) for p in layout().places if p.group == one.group)
            for one in layout().headings
        ]
        self.setAccessibleDescription(". ".join(said))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))

    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()


def _place(part: str) -> Place:
    return next(place for place in layout().places if place.part == part)


def _neighbour(place: Place, across: int, down: int) -> Place:
    """Returns the next tile in a direction; at an edge it stays."""
    row = place.row + down
    candidates = [one for one in layout().places if one.row == row]
    if not candidates:
        return place
    column = min(max(place.column + across, 0), max(one.column for one in candidates))
    return next(one for one in candidates if one.column == column)
