"""A text of somebody else's, shown as it is: nothing in it acts, nothing is loaded for it."""

from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from app.theme.theme import Theme
from inspector.untrusted import legible

LONGEST = 200_000
"""Characters that are shown; the longest card that we know of has a fifth of this."""


class TextView(QPlainTextEdit):
    """Read-only words, selectable, with hidden signs made visible."""

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAccessibleName(title)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_text(self, untrusted: str) -> None:
        """Shows a text from its beginning."""
        self.setPlainText(legible(untrusted[:LONGEST]))

    def _restyle(self) -> None:
        self.setFont(self._theme.mono())
