"""The triangle: a corner each for code, data and weights, drawn as far as each is shown open."""

import math

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.theme import Theme
from app.words.openness import openness_words
from inspector.frameworks.verdict import Verdict


class TriangleBadge(QWidget):
    """Draws a badge's corners; the share of a corner is its met lines of all its lines.

    Thread: GUI.
    """

    def __init__(self, theme: Theme, verdict: Verdict, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._corners = verdict.decided
        words = openness_words()
        self.setAccessibleName(
            ", ".join(f"{one.label}: {words.answer[one.answer.value]}" for one in self._corners)
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """A square with room for the words at its corners."""
        side = self._theme.px("space_6") * 3
        return QSize(side * 2, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the outline, and the shares inside it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() * 0.56)
        radius = self.height() * 0.36
        outline = QPolygonF([self._corner(middle, radius, n) for n in range(len(self._corners))])
        painter.setPen(QPen(self._theme.colour("edge"), 1))
        painter.drawPolygon(outline)
        accent = self._theme.colour("open")
        painter.setPen(QPen(accent, 2))
        accent.setAlphaF(0.3)
        painter.setBrush(accent)
        shares = [
            self._corner(middle, radius * _share(one.value), n)
            for n, one in enumerate(self._corners)
        ]
        painter.drawPolygon(QPolygonF(shares))
        painter.setPen(self._theme.colour("text"))
        painter.setFont(self._theme.font("text_small"))
        for number, one in enumerate(self._corners):
            at = self._corner(middle, radius * 1.28, number)
            text = f"{one.label} {one.value}"
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.drawText(
                QPointF(at.x() - width / 2, at.y() + painter.fontMetrics().ascent() / 2), text
            )

    def _corner(self, middle: QPointF, radius: float, number: int) -> QPointF:
        angle = -math.pi / 2 + 2 * math.pi * number / len(self._corners)
        return QPointF(middle.x() + radius * math.cos(angle), middle.y() + radius * math.sin(angle))


def _share(value: str) -> float:
    """Returns the share that `2/3` stands for; a point in the middle where nothing is met."""
    met, _, every = value.partition("/")
    return max(0.03, int(met) / int(every)) if every.isdecimal() and int(every) else 0.03
