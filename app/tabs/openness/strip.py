"""The fingerprint below a list: the rows' own picture, large enough to point at its tiles."""

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from app.context import AppContext
from app.dossier.openness import openness_asked
from app.model.ref import ModelRef
from app.tabs.openness.tile_icons import TileIcons
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.words.openness import machine_parts, openness_words, short_line
from inspector.findings import fingerprint
from inspector.findings.fingerprint import Place, compact
from inspector.findings.stack import stack
from inspector.findings.values import Tile
from inspector.frameworks.profile import Profile, findings_of
from runner.errors import RunnerError
from runner.reader_client import Ticket

DEADLINE_S = 20.0
MOST_KEPT = 64


class FingerprintStrip(QWidget):
    """What is open of the model that is chosen in a list: a line of words, and its tiles.

    Hidden until something is known.

    Thread: GUI.
    """

    was_read = Signal(object, object)
    """A file was read: its path, and its `Profile`."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._ref: ModelRef | None = None
        self._ticket: Ticket | None = None
        self._kept: dict[tuple[str, int], Profile] = {}
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self._words, Look.SMALL)
        self._tiles = _Tiles(context.theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(context.theme.px("space_half"))
        column.addWidget(self._words)
        column.addWidget(self._tiles)
        self.hide()

    def show_file(self, ref: ModelRef | None) -> None:
        """Shows this file from now on, or nothing."""
        if ref == self._ref:
            return
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
        self._ref = ref
        known = self._kept.get(_key(ref)) if ref else None
        self.setVisible(known is not None)
        if known is not None:
            self._draw(known)
        elif ref is not None:
            self._read(ref)

    def text(self) -> str:
        """Returns the line of words; empty while nothing is shown."""
        return "" if self.isHidden() else self._words.text()

    def _read(self, ref: ModelRef) -> None:
        try:
            asked, readable = openness_asked(self._context.store, ref.path, machine=machine_parts())
        except RunnerError as error:
            self._on_failed(error)
            return
        self._ticket = self._context.reader.ask(
            "openness",
            asked,
            Profile,
            lambda read: self._on_read(ref, read),
            self._on_failed,
            deadline_s=DEADLINE_S,
            readable=readable,
        )

    def _on_read(self, ref: ModelRef, read: Profile) -> None:
        if len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[_key(ref)] = read
        self.was_read.emit(ref.path, read)
        if ref == self._ref:
            self._ticket = None
            self._draw(read)

    def _on_failed(self, error: RunnerError) -> None:
        """The list says itself that the file can't be read; there is nothing to draw."""
        self._ticket = None

    def _draw(self, read: Profile) -> None:
        self._words.setText(short_line(read))
        self._tiles.show_profile(read)
        self.show()


class _Tiles(QWidget):
    """The tiles alone."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = TileIcons(theme)
        self._of: dict[str, Tile] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_profile(self, read: Profile) -> None:
        """Draws the tiles of this profile."""
        self._of = {row.part: row.tile for row in read.rows}
        self.setAccessibleName(short_line(read))
        self.setAccessibleDescription(fingerprint.words(findings_of(read)))
        self.update()

    def sizeHint(self) -> QSize:
        """As large as its rows."""
        plan = compact()
        return QSize(self._step * plan.columns, self._step * plan.rows)

    def minimumSizeHint(self) -> QSize:
        """Tiles get smaller where it is narrow."""
        return QSize(1, self._step * compact().rows)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws every tile."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place in compact().places:
            look = fingerprint.looks()[self._of.get(place.part, Tile.UNKNOWN)]
            box = self._rect(place)
            self._icons.paint(painter, box, look)
            if place.part in stack().ours:
                stroke = self._theme.px("stroke")
                line = QRect(box.left(), box.bottom() + 1, box.width(), stroke)
                painter.fillRect(line, self._theme.colour("faint"))

    def event(self, event: QEvent) -> bool:
        """Says what the tile under the pointer is."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._told(QPointF(event.pos())), self)
            return True
        return super().event(event)

    @property
    def _step(self) -> int:
        return self._theme.px("icon_small") + self._theme.px("space_half") // 2

    def _rect(self, place: Place) -> QRect:
        step = max(4, min(self._step, self.width() // compact().columns))
        side = min(self._theme.px("icon_small"), step - 1)
        left = place.column * step
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            left = self.width() - left - side
        return QRect(left, place.row * self._step, side, side)

    def _told(self, point: QPointF) -> str:
        for place in compact().places:
            if self._rect(place).contains(point.toPoint()):
                word = openness_words().tile[self._of.get(place.part, Tile.UNKNOWN).value]
                return f"{place.name}: {word}"
        return ""


def _key(ref: ModelRef) -> tuple[str, int]:
    return str(ref.path), ref.size_bytes
