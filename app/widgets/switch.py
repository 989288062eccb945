"""A switch with two positions, drawn in the theme's colours, and what it stands at in words."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.theme.theme import Theme


class Switch(QAbstractButton):
    """A track with a knob, and words beside it; the position shows without its colour too."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """As wide as the track and the words."""
        px = self._theme.px
        metrics = QFontMetrics(self._theme.font("text_small"))
        words = metrics.horizontalAdvance(self.text())
        width = self._track() + px("space_1") + words + 2 * px("space_1")
        return QSize(width, px("icon") + px("space_1"))

    def minimumSizeHint(self) -> QSize:
        """Half a word would be a wrong one."""
        return self.sizeHint()

    def setText(self, text: str) -> None:
        """Says what it stands at."""
        if text != self.text():
            super().setText(text)
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws track, knob, words and the ring of the keyboard."""
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            self._draw_ground(painter)
        height = px("space_2") - px("hair")
        track = QRectF(px("space_1"), (self.height() - height) / 2, self._track(), height)
        on = self.isChecked()
        right_to_left = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if right_to_left:
            track.moveRight(self.width() - px("space_1"))
        edge = theme.colour("accent" if on else "edge")
        painter.setPen(QPen(edge, px("hair")))
        painter.setBrush(edge if on else QColor(Qt.GlobalColor.transparent))
        painter.drawRoundedRect(track, height / 2, height / 2)
        side = height - 2 * px("stroke")
        knob = QRectF(0, track.top() + px("stroke"), side, side)
        gap = px("stroke")
        if on is not right_to_left:
            knob.moveRight(track.right() - gap)
        else:
            knob.moveLeft(track.left() + gap)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("on_accent" if on else "edge"))
        painter.drawEllipse(knob)
        painter.setPen(theme.colour("soft"))
        painter.setFont(theme.font("text_small"))
        words = QRectF(self.rect())
        if right_to_left:
            words.setRight(track.left() - px("space_1"))
        else:
            words.setLeft(track.right() + px("space_1"))
        painter.drawText(
            words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, self.text()
        )

    def _draw_ground(self, painter: QPainter) -> None:
        theme, px = self._theme, self._theme.px
        focused = self.hasFocus()
        painter.setPen(
            QPen(theme.colour("focus"), px("hair")) if focused else QPen(Qt.PenStyle.NoPen)
        )
        painter.setBrush(theme.colour("hover") if self.underMouse() else QColor(0, 0, 0, 0))
        half = px("hair") / 2
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(half, half, -half, -half), px("radius"), px("radius")
        )

    def _track(self) -> int:
        return self._theme.px("space_3") + self._theme.px("space_half")
