"""Draws a claim in the list: its number, what it is, the verdict in a word, and what was found."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.tabs.card.claims.looks import verdict_role, verdict_sign
from app.tabs.card.claims.model import Role
from app.theme.theme import Theme
from app.words.claims import claim_words
from inspector.claims.values import Claim

Index = QModelIndex | QPersistentModelIndex

_START = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading


class ClaimDelegate(QStyledItemDelegate):
    """Two lines a claim; the verdict has a sign and a word, so colour says nothing alone."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines with room around them."""
        px = self._theme.px
        lines = [
            QFontMetrics(self._theme.font(size)).lineSpacing()
            for size in ("text_body", "text_small")
        ]
        return QSize(120, sum(lines) + px("space_2"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws a row."""
        claim: Claim = index.data(Role.CLAIM)
        told, verdict = claim_words(claim), str(index.data(Role.WORD))
        theme, px = self._theme, self._theme.px
        rect = option.rect.adjusted(0, 1, 0, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option, rect)
        inner = rect.adjusted(px("space_1"), px("space_half"), -px("space_1"), -px("space_half"))
        number = str(index.data(Role.NUMBER))
        small = QFontMetrics(theme.font("text_small"))
        column = small.horizontalAdvance("00") + px("space_1")
        first = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        second = QRect(inner.left(), first.bottom(), inner.width(), inner.bottom() - first.bottom())
        mirrored = option.direction is Qt.LayoutDirection.RightToLeft
        word = min(
            small.horizontalAdvance(verdict) + small.height() + px("space_1"),
            inner.width() // 2,
        )

        def placed(area: QRect, start: int, width: int) -> QRect:
            left = area.right() - start - width + 1 if mirrored else area.left() + start
            return QRect(left, area.top(), width, area.height())

        self._text(painter, placed(first, 0, column), number, "faint", "text_small")
        title = placed(first, column, inner.width() - column - word - px("space_1"))
        self._text(painter, title, told.title, "text", "text_body", strong=True)
        self._verdict(painter, placed(first, inner.width() - word, word), claim, verdict)
        sentence = placed(second, column, inner.width() - column)
        self._text(painter, sentence, told.sentence, "soft", "text_small")
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(rect, self._theme.px("radius"), self._theme.px("radius"))
        if selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self._theme.colour("focus"))
            painter.drawRoundedRect(rect, self._theme.px("radius"), self._theme.px("radius"))

    def _verdict(self, painter: QPainter, rect: QRect, claim: Claim, word: str) -> None:
        """Draws the sign, and the word after it."""
        role = verdict_role(claim.verdict)
        size = QFontMetrics(self._theme.font("text_small")).height()
        mirrored = rect.isValid() and painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = rect.right() - size if mirrored else rect.left()
        sign = QRect(left, rect.top() + (rect.height() - size) // 2, size, size)
        self._theme.icon(verdict_sign(claim.verdict), role).paint(painter, sign)
        rest = rect.adjusted(0, 0, -size, 0) if mirrored else rect.adjusted(size, 0, 0, 0)
        self._text(painter, rest.adjusted(2, 0, -2, 0), word, role, "text_small")

    def _text(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        role: str,
        size: str,
        *,
        strong: bool = False,
    ) -> None:
        font = self._theme.font(size, strong=strong)
        painter.setFont(font)
        painter.setPen(self._theme.colour(role))
        shown = QFontMetrics(font).elidedText(text[:400], Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _START, shown)
