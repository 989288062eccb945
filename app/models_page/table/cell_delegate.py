"""Draws the cells of the page's tables, a frame's worth at a time."""

import time
from typing import NamedTuple

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap, QRegion, QStaticText
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.models_page.table.rows import Cell, Index, RowsModel
from app.tabs.openness.small_picture import SmallPictures
from app.theme.theme import Theme

SELECTED = QStyle.StateFlag.State_Selected
ELIDE = Qt.TextElideMode.ElideRight
MIRRORED = Qt.LayoutDirection.RightToLeft

NEW_TEXTS_S = 0.004
"""How long one painting may prepare texts that were not drawn before; the rest comes with the next.

A quarter of a frame: what a key press waits for behind it stays far below one.
"""

LEAST_NEW = 12
"""Texts that each painting prepares whatever the time: on a machine that is never quick enough too,
the list is whole after some turns."""

MOST_TEXTS = 6_000
"""Prepared texts that are kept; beyond that they are prepared anew."""


class _Line(NamedTuple):
    """How a line is drawn."""

    font: QFont
    metrics: QFontMetrics
    is_small: bool


class _Text(NamedTuple):
    """A text as it fits its room, shaped once."""

    shaped: QStaticText
    width: int


class CellDelegate(QStyledItemDelegate):
    """Draws a cell: a sign, a line, and a paler line below.

    Everything it draws with is made once: the style sheet's own way takes a millisecond a cell,
    and shaping a text again for each painting more than all the rest.
    """

    def __init__(self, theme: Theme, rows: RowsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = rows
        self._signs: dict[tuple[str, str], QPixmap] = {}
        self._pictures = SmallPictures(theme)
        self._texts: dict[tuple[str, bool, int], _Text] = {}
        self._until, self._new = 0.0, 0
        self.pointed_at = -1  # a row, all of which is lit: rows are chosen whole
        self._late = QRegion()
        theme.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Takes colours, fonts and sizes from the theme again."""
        theme = self._theme
        self._signs.clear()
        self._pictures.restyle()
        self._texts.clear()
        self._colours: dict[str, QColor] = {
            role: theme.colour(role) for role in ("text", "faint", "accent_soft", "hover")
        }
        body, small = theme.font("text_body"), theme.font("text_small")
        self._body = _Line(body, QFontMetrics(body), is_small=False)
        self._small = _Line(small, QFontMetrics(small), is_small=True)
        self._edge, self._gap = theme.px("space_1"), theme.px("space_half")
        self._side, self._height = theme.px("icon_small"), theme.px("space_6")

    def begin(self) -> None:
        """A painting begins: what is new may take its time from here on."""
        self._late = QRegion()
        self._until, self._new = time.perf_counter() + NEW_TEXTS_S, 0

    def left_over(self) -> QRegion:
        """Returns what this painting had no time for."""
        return self._late

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines and air."""
        return QSize(0, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws the ground and the words."""
        state, rect = option.state, option.rect
        if state & SELECTED:
            painter.fillRect(rect, self._colours["accent_soft"])
        elif index.row() == self.pointed_at:
            painter.fillRect(rect, self._colours["hover"])
        if not self._rows.is_worked_out(index.row()) and self._is_late():
            self._late += rect
            return
        # Not through `index.data`: the way there and back through Qt costs more than the drawing.
        cell = self._rows.row(index.row()).cells[index.column()]
        left, right = rect.left() + self._edge, rect.right() - self._edge
        is_mirrored = option.direction is MIRRORED
        middle = rect.center().y()
        if cell.icon:
            place = right - self._side if is_mirrored else left
            painter.drawPixmap(place, middle - self._side // 2, self._sign(cell, option.widget))
            taken = self._side + self._edge
            left, right = (left, right - taken) if is_mirrored else (left + taken, right)
        if cell.picture:
            self._draw_picture(painter, option, cell.picture, left, right)
            return
        first = self._prepared(cell.text, self._body, right - left)
        second = self._prepared(cell.under, self._small, right - left) if cell.under else None
        if first is None or (cell.under and second is None):
            self._late += rect
            return
        metrics = self._body.metrics
        base = middle - self._gap
        if second is None:
            base = middle + (metrics.ascent() - metrics.descent()) // 2
        painter.setFont(self._body.font)
        painter.setPen(self._colours["faint" if cell.faint else "text"])
        place = right - first.width if is_mirrored else left
        painter.drawStaticText(QPointF(place, base - metrics.ascent()), first.shaped)
        if second is not None:
            painter.setFont(self._small.font)
            painter.setPen(self._colours["faint"])
            place = right - second.width if is_mirrored else left
            painter.drawStaticText(QPointF(place, middle + self._gap // 2), second.shaped)

    def _draw_picture(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        letters: str,
        left: int,
        right: int,
    ) -> None:
        is_mirrored = option.direction is MIRRORED
        ratio = option.widget.devicePixelRatioF()
        picture = self._pictures.pixmap(letters, ratio, mirrored=is_mirrored)
        size = self._pictures.size
        place = right - size.width() if is_mirrored else left
        painter.drawPixmap(place, option.rect.center().y() - size.height() // 2 + 1, picture)

    def _is_late(self) -> bool:
        return self._new >= LEAST_NEW and time.perf_counter() > self._until

    def _prepared(self, text: str, line: _Line, room: int) -> _Text | None:
        """Returns as much of a text as there is room for; None where it is new and time is over."""
        key = (text, line.is_small, room)
        known = self._texts.get(key)
        if known is not None:
            return known
        if self._is_late():
            return None
        if len(self._texts) >= MOST_TEXTS:
            self._texts.clear()
        self._new += 1
        width = line.metrics.horizontalAdvance(text)
        if width > room:
            text = line.metrics.elidedText(text, ELIDE, room)
            width = room
        shaped = QStaticText(text)
        # What came from elsewhere is never read as markup.
        shaped.setTextFormat(Qt.TextFormat.PlainText)
        shaped.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        shaped.prepare(font=line.font)
        known = self._texts[key] = _Text(shaped, width)
        return known

    def _sign(self, cell: Cell, widget: QWidget) -> QPixmap:
        sign = self._signs.get((cell.icon, cell.role))
        if sign is None:
            size = QSize(self._side, self._side)
            icon = self._theme.icon(cell.icon, cell.role)
            sign = self._signs[cell.icon, cell.role] = icon.pixmap(size, widget.devicePixelRatioF())
        return sign
