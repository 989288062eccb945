"""The way back to the end of a chat, for whoever has scrolled up in it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from app.theme.theme import Theme


class ToEnd(QToolButton):
    """A button over the foot of the turns, there while the end is out of sight.

    Owned by: TranscriptView. Thread: GUI.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setText(self.tr("To the end"))
        self.setAccessibleName(self.tr("To the end of the chat"))
        self.setIcon(theme.icon("chevron-down"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.hide()

    def show_over(self, port: QWidget, *, wanted: bool) -> None:
        """Stands at the foot of `port` while it is wanted."""
        self.setVisible(wanted)
        if not wanted:
            return
        size = self.sizeHint().boundedTo(QSize(port.width(), port.height()))
        foot = port.geometry()
        left = foot.x() + (foot.width() - size.width()) // 2
        top = foot.bottom() - size.height() - self._theme.px("space_1")
        self.setGeometry(left, top, size.width(), size.height())
        self.raise_()
