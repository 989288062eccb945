"""What stands where a file has no card: what that means, and what can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.tabs.licence.statements import wrapping
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.words.card import card_texts


class NoCard(QWidget):
    """Says that nothing is known, which is not that anything is closed.

    Thread: GUI.
    """

    open_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        said = card_texts().said
        column = QVBoxLayout(self)
        edge = theme.px("space_2")
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(theme.px("space_1"))
        title, remedy = wrapping(said["no_card"]), wrapping(said["no_card_remedy"])
        set_look(title, Look.HEADING)
        set_look(remedy, Look.FAINT)
        for part in (title, wrapping(said["no_card_meaning"]), remedy):
            column.addWidget(part)
        button = QPushButton(said["open_card"])
        button.clicked.connect(self.open_wanted)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
        column.addStretch(1)
