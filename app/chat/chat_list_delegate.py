"""Draws the rows of the chat list: headings, chats, and what a search found with its words marked."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.chat.chat_list_model import Role
from app.theme.theme import Theme
from runner.store.values import MARK_END, MARK_START

Index = QModelIndex | QPersistentModelIndex


class ChatListDelegate(QStyledItemDelegate):
    """Paints with the theme's colours; one line for a chat, two for something found."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One or two lines."""
        px = self._theme.px
        height = px("control") + px("space_half")
        if index.data(Role.SNIPPET):
            height += px("space_2") + px("space_half")
        return QSize(80, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws a row."""
        from PySide6.QtWidgets import QStyle  # late: its many enums take PySide five milliseconds

        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px, rect = self._theme.px, option.rect.adjusted(0, 1, 0, -1)
        state = option.state
        inner = rect.adjusted(px("space_1"), 0, -px("space_1"), 0)
        if index.data(Role.HEADING):
            self._line(
                painter,
                inner.adjusted(0, px("space_half"), 0, 0),
                str(index.data()),
                "faint",
                "text_small",
                strong=True,
            )
            painter.restore()
            return
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(rect, px("radius"), px("radius"))
        if state & QStyle.StateFlag.State_HasFocus and not selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self._theme.colour("focus"))
            painter.drawRoundedRect(rect, px("radius"), px("radius"))
        role = "accent" if selected else "text"
        snippet = str(index.data(Role.SNIPPET) or "")
        title = inner
        if snippet:
            title = QRect(
                inner.left(), inner.top() + px("space_half"), inner.width(), px("space_3")
            )
            below = QRect(inner.left(), title.bottom(), inner.width(), px("space_3"))
            self._snippet(painter, below, snippet)
        self._line(painter, title, str(index.data()), role, "text_body", strong=selected)
        painter.restore()

    def _line(
        self, painter: QPainter, rect: QRect, text: str, role: str, size: str, *, strong: bool
    ) -> None:
        font = self._theme.font(size, strong=strong)
        painter.setFont(font)
        painter.setPen(self._theme.colour(role))
        shown = QFontMetrics(font).elidedText(text[:300], Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, shown)

    def _snippet(self, painter: QPainter, rect: QRect, snippet: str) -> None:
        """Draws a snippet from left to right, what matched in bold, until there is no room."""
        left = rect.left()
        parts = snippet.replace(MARK_END, MARK_START).split(MARK_START)
        for at, part in enumerate(parts):
            is_match = at % 2 == 1
            font: QFont = self._theme.font("text_small", strong=is_match)
            metrics = QFontMetrics(font)
            room = rect.right() - left
            if room < metrics.averageCharWidth():
                return
            shown = metrics.elidedText(part[:200], Qt.TextElideMode.ElideRight, room)
            painter.setFont(font)
            painter.setPen(self._theme.colour("text" if is_match else "faint"))
            area = QRect(left, rect.top(), room, rect.height())
            painter.drawText(
                area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown
            )
            left += metrics.horizontalAdvance(shown)
