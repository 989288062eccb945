"""A label that shortens its text with an ellipsis where there is no room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from app.widgets.plain_tip import plain_tip


class ElidingLabel(QFrame):
    """One line of text that never asks for more width than it is given.

    The whole text is its tooltip while it is shortened, and always its accessible name.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(parent)
        self._text = ""
        self._mode = mode
        self._tip = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def text(self) -> str:
        """Returns the whole text."""
        return self._text

    def setText(self, text: str) -> None:
        """Shows `text`; line ends become spaces."""
        self._text = " ".join(text.split())
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self._retell()
        self.update()

    def set_tip(self, tip: str) -> None:
        """Sets the tooltip that is shown while the text fits, and below it while it does not."""
        self._tip = tip
        self._retell()

    def is_shortened(self) -> bool:
        """Whether less than the whole text is seen."""
        return self.fontMetrics().horizontalAdvance(self._text) > self.contentsRect().width()

    def sizeHint(self) -> QSize:
        """As wide as the whole text, in the face that the style sheet gives it."""
        self.ensurePolished()
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._text) + 1, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """As wide as a few letters."""
        self.ensurePolished()
        metrics = QFontMetrics(self.font())
        least = min(metrics.horizontalAdvance(self._text), metrics.horizontalAdvance("Mmm…"))
        return QSize(least, metrics.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Gives the whole text as a tooltip when it no longer fits."""
        super().resizeEvent(event)
        self._retell()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws what fits, in the colour that the style sheet gives to a label."""
        super().paintEvent(event)
        painter = QPainter(self)
        rect = self.contentsRect()
        shown = self.fontMetrics().elidedText(self._text, self._mode, rect.width())
        side = (
            Qt.AlignmentFlag.AlignRight
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            else Qt.AlignmentFlag.AlignLeft
        )
        painter.setPen(self.palette().windowText().color())
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _retell(self) -> None:
        whole = self._text if self.is_shortened() else ""
        self.setToolTip(plain_tip("\n".join(part for part in (whole, self._tip) if part)))
