"""What an empty page shows: one sentence and one button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme


class EmptyState(QWidget):
    """A sentence in the middle, and the one thing to do about it."""

    pressed = Signal()

    def __init__(
        self, theme: Theme, sentence: str, button: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._sentence = QLabel(sentence)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)  # it may name a file
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_look(self._sentence, Look.FAINT)
        # Its parent first: shown without one it would be a window for a moment.
        self._button = QPushButton(button, self)
        self._button.setVisible(bool(button))
        self._button.clicked.connect(self.pressed)
        layout = QVBoxLayout(self)
        margin = theme.px("space_3")
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(theme.px("space_2"))
        layout.addStretch(2)
        layout.addWidget(self._sentence)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def take_keyboard(self) -> None:
        """Puts the keyboard at its button."""
        self._button.setFocus()

    def say(self, sentence: str, button: str = "") -> None:
        """Changes the sentence and the button; without a text there is no button."""
        self._sentence.setText(sentence)
        self._button.setText(button)
        self._button.setVisible(bool(button))
