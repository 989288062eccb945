"""Draws the rows of the chat list: headings, chats, and what a search found with its words marked."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.chat.chats.chat_list_model import Role
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
        plain = self._theme.font("text_small")
        bold = self._theme.font("text_small", strong=True)
        metrics = {False: QFontMetrics(plain), True: QFontMetrics(bold)}
        left = rect.left()
        for text, is_match in snippet_pieces(snippet, rect.width(), metrics[False], metrics[True]):
            painter.setFont(bold if is_match else plain)
            painter.setPen(self._theme.colour("text" if is_match else "faint"))
            area = QRect(left, rect.top(), rect.right() - left, rect.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
            left += metrics[is_match].horizontalAdvance(text)


def snippet_pieces(
    snippet: str, room: int, plain: QFontMetrics, bold: QFontMetrics
) -> list[tuple[str, bool]]:
    """Returns what of a snippet fits into a line of `room` pixels, and whether it matched.

    What stands before the first match gives way, so that the line never ends before it.
    """
    parts = [
        (part[:200] if at else part[-200:], at % 2 == 1)
        for at, part in enumerate(snippet.replace(MARK_END, MARK_START).split(MARK_START))
    ]
    if len(parts) > 1:
        for_match = min(bold.horizontalAdvance(parts[1][0]), room)
        before = min(room - for_match, max(room // 3, room - for_match - room // 3))
        parts[0] = (plain.elidedText(parts[0][0], Qt.TextElideMode.ElideLeft, before), False)
    pieces: list[tuple[str, bool]] = []
    for text, is_match in parts:
        metrics = bold if is_match else plain
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        if shown:
            pieces.append((shown, is_match))
        room -= metrics.horizontalAdvance(shown)
        if shown != text or room < metrics.averageCharWidth():
            break
    return pieces
