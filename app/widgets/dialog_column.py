"""How a dialog of this app is laid out: a heading, what it is about, a line of buttons."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.theme.looks import Look, set_look
from app.theme.theme import Theme

FRAME = QSize(16, 48)
"""Left free for the frame, whose size nobody knows before it is there: with less of it the buttons
of a tall dialog lie below the edge of a projector."""


def size_on_screen(dialog: QDialog, width: int, height: int) -> None:
    """Gives a dialog this size, or what its screen has room for."""
    room = dialog.screen().availableGeometry().size() - FRAME
    dialog.resize(QSize(width, height).boundedTo(room))


class WholeDialog(QDialog):
    """A dialog that is as tall as its words need at its width, which Qt leaves to whoever resizes it."""

    def showEvent(self, event: QShowEvent) -> None:
        """Makes room for lines that would be cut."""
        super().showEvent(event)
        layout = self.layout()
        needed = layout.totalHeightForWidth(self.width()) if layout is not None else 0
        if needed > self.height():
            size_on_screen(self, self.width(), needed)


def dialog_column(dialog: QDialog, theme: Theme, heading: str) -> QVBoxLayout:
    """Returns the column of a dialog, with its heading in it."""
    title = QLabel(heading)
    set_look(title, Look.HEADING)
    title.setWordWrap(True)
    title.setTextFormat(Qt.TextFormat.PlainText)
    column = QVBoxLayout(dialog)
    edge = theme.px("space_3")
    column.setContentsMargins(edge, edge, edge, theme.px("space_2"))
    column.setSpacing(theme.px("space_2"))
    column.addWidget(title)
    return column


def button_line(does: Sequence[QPushButton], leaves: QPushButton) -> QHBoxLayout:
    """Returns the buttons that do something, and at the other end the one that leaves."""
    line = QHBoxLayout()
    for button in does:
        line.addWidget(button)
    line.addStretch(1)
    line.addWidget(leaves)
    return line
