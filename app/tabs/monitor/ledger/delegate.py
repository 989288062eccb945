"""Draws the short list of the tab: two lines a row, the reason below whom it was with."""

import time

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.tabs.monitor.ledger.model import Column, Index, LedgerModel
from app.theme.theme import Theme
from app.words.ledger import LedgerRow, day, moment


class ShortRow(QStyledItemDelegate):
    """The time; whom it was with, who asked and why; how much flowed or what came of it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines and air."""
        return QSize(0, self._theme.px("space_6"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws the ground as the style does, and the words in two sizes."""
        self.initStyleOption(option, index)
        option.text = ""
        option.state &= ~QStyle.StateFlag.State_HasFocus
        widget: QWidget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        model = index.model()
        assert isinstance(model, LedgerModel)  # noqa: S101 - it is made for this list alone
        column = Column(index.column())
        upper, lower = _lines(model.row(index.row()), column)
        gap = self._theme.px("space_half")
        rect: QRect = option.rect.adjusted(gap, 0, -gap, 0)
        half = rect.height() // 2
        above, below = rect.adjusted(0, gap, 0, -half), rect.adjusted(0, half, 0, -gap)
        painter.save()
        painter.setFont(self._theme.font("text_small"))
        for text, role, place in ((upper, "text", above), (lower, "faint", below)):
            painter.setPen(self._theme.colour(role))
            _draw(painter, place, text, is_last=column is Column.GOT)
        painter.setClipRect(option.rect)
        self._draw_reason(painter, below, widget, index)
        painter.restore()

    def _draw_reason(self, painter: QPainter, below: QRect, widget: QWidget, index: Index) -> None:
        """Draws this cell's part of who asked and why, which goes on as far as what came of it."""
        column = Column(index.column())
        if column is Column.TIME:
            return
        assert isinstance(widget, QAbstractItemView)  # noqa: S101 - what draws rows
        model = index.model()
        assert isinstance(model, LedgerModel)  # noqa: S101 - as above
        row = model.row(index.row())
        gap = self._theme.px("space_half")
        begin = widget.visualRect(model.index(index.row(), Column.TO)).left() + gap
        end = widget.visualRect(model.index(index.row(), Column.GOT)).right() - gap
        result = _lines(row, Column.GOT)[1]
        width = end - begin
        if result:
            width -= min(painter.fontMetrics().horizontalAdvance(result), width // 2) + 3 * gap
        _draw(painter, QRect(begin, below.top(), width, below.height()), reason(row))


def reason(row: LedgerRow) -> str:
    """Returns who asked and why, and first why it was refused."""
    return " · ".join(filter(None, (row.result if row.is_refused else "", row.who, row.why)))


def _draw(painter: QPainter, place: QRect, text: str, *, is_last: bool = False) -> None:
    side = Qt.AlignmentFlag.AlignTrailing if is_last else Qt.AlignmentFlag.AlignLeading
    words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | side, words)


def _lines(row: LedgerRow, column: Column) -> tuple[str, str]:
    if column is Column.TIME:
        return row.at.partition(" ")[2], day(row.at, moment(round(time.time() * 1000)))
    if column is Column.TO:
        return row.to, ""
    if row.is_refused:
        return "", ""
    return (f"↑ {row.sent}  ↓ {row.got}" if row.sent else ""), row.result
