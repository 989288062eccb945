"""A bar that shows how much of a model is stored as which tensor type."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.theme import Theme
from app.words.summary import types_in_words
from inspector.summary import TypeShare

_STRENGTHS = (1.0, 0.62, 0.4, 0.26, 0.16)
"""How strong the accent is for the largest share, the next, …; the words beside name them all."""


class MixBar(QWidget):
    """Shares of bytes side by side, the largest first."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._types: tuple[TypeShare, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_types(self, types: tuple[TypeShare, ...]) -> None:
        """Shows this mix."""
        self._types = types
        self.setVisible(bool(types))
        self.setAccessibleName(types_in_words(types))
        self.setToolTip("\n".join(map(_share_words, types)))
        self.update()

    def sizeHint(self) -> QSize:
        """As high as a line of text is tall at its waist."""
        return QSize(120, self._theme.px("space_1"))

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(1, self._theme.px("space_1"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the shares with a thin gap between them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self.height() / 2
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), radius, radius)
        painter.setClipPath(outline)
        painter.fillRect(self.rect(), self._theme.colour("sunken"))
        whole = sum(share.bytes for share in self._types) or 1
        gap = self._theme.px("hair")
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        at = 0.0
        for number, share in enumerate(self._types):
            width = self.width() * share.bytes / whole
            colour = self._theme.colour("accent")
            colour.setAlphaF(_STRENGTHS[min(number, len(_STRENGTHS) - 1)])
            left = self.width() - at - width if is_mirrored else at
            painter.fillRect(QRectF(left, 0, max(0.0, width - gap), self.height()), colour)
            at += width


def _share_words(share: TypeShare) -> str:
    """Returns one type's part in one line."""
    return (
        f"{share.type}: {share.tensors:,} tensors, {share.elements:,} numbers, "
        f"{share.bytes:,} bytes, {share.bits_per_weight:g} bits each"
    )
