"""A section under a heading that opens and folds."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme


class CollapsibleSection(QWidget):
    """A heading with a chevron, and a body below it while open."""

    toggled = Signal(bool)

    def __init__(
        self, theme: Theme, title: str, body: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._body = body
        self._head = QToolButton()
        self._head.setText(title)
        self._head.setCheckable(True)
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._head.setAccessibleName(title)
        set_look(self._head, Look.FOLD)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px("space_half"))
        layout.addWidget(self._head, 0, Qt.AlignmentFlag.AlignLeading)
        layout.addWidget(body)
        self._head.toggled.connect(self._on_toggled)
        self._on_toggled(False)

    def set_title(self, title: str) -> None:
        """Changes the heading."""
        self._head.setText(title)
        self._head.setAccessibleName(title)

    def is_open(self) -> bool:
        """Whether the body is seen."""
        return self._head.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Opens or folds it."""
        self._head.setChecked(is_open)

    def _on_toggled(self, is_open: bool) -> None:
        self._head.setIcon(self._theme.icon("chevron-down" if is_open else "chevron-right"))
        self._body.setVisible(is_open)
        self.toggled.emit(is_open)
