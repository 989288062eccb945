"""Draws the short list of the tab: two lines a row, the reason below whom it was with."""

import time

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.tabs.monitor.ledger.model import Column, Index, LedgerModel
from app.theme.theme import Theme
from app.words.ledger import LedgerRow, day, moment


class ShortRow(QStyledItemDelegate):
    """The time, whom and why, and how much flowed or what came of it."""

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
        upper, lower = _lines(model.row(index.row()), Column(index.column()))
        gap = self._theme.px("space_half")
        rect: QRect = option.rect.adjusted(gap, 0, -gap, 0)
        side = (
            Qt.AlignmentFlag.AlignTrailing
            if index.column() == Column.GOT
            else Qt.AlignmentFlag.AlignLeading
        )
        painter.save()
        half = rect.height() // 2
        for text, size, role, place in (
            (upper, "text_small", "text", rect.adjusted(0, gap, 0, -half)),
            (lower, "text_small", "faint", rect.adjusted(0, half, 0, -gap)),
        ):
            painter.setFont(self._theme.font(size))
            painter.setPen(self._theme.colour(role))
            words = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, place.width()
            )
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | side, words)
        painter.restore()


def _lines(row: LedgerRow, column: Column) -> tuple[str, str]:
    if column is Column.TIME:
        return row.at.partition(" ")[2], day(row.at, moment(round(time.time() * 1000)))
    if column is Column.TO:
        # What was refused moved no bytes, so its reason has the room of both.
        return row.to, f"{row.result} · {row.why}" if row.is_refused else row.why
    if row.is_refused:
        return "", ""
    return (f"↑ {row.sent}  ↓ {row.got}" if row.sent else ""), row.result
