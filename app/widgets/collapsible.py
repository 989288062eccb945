"""A section under a heading that opens and folds."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme


class _Head(QToolButton):
    """A button that breaks its title into lines, which Qt's own doesn't: one line could be too wide."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._room = "", 0
        # Else its own wish is the least that it may have.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_title(self, title: str) -> None:
        """Changes the title; `fit` breaks it."""
        self._title = title
        self.setAccessibleName(title)
        self.setText(title)

    def fit(self, width: int) -> None:
        """Breaks the title so that the button is no wider, where its words let it."""
        self._room = width
        room = width - self._beside()
        lines = [""]
        for word in self._title.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self._long(longer) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        if (text := "\n".join(lines)) != self.text():
            self.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Breaks the title anew in another font."""
        super().changeEvent(event)
        if self._room and event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.fit(self._room)

    def minimumSizeHint(self) -> QSize:
        """As wide as its longest word."""
        longest = max(map(self._long, self._title.split(" ")))
        return QSize(self._beside() + longest, super().minimumSizeHint().height())

    def _beside(self) -> int:
        """Returns what the button takes besides its words."""
        return self.sizeHint().width() - max(map(self._long, self.text().split("\n")))

    def _long(self, words: str) -> int:
        return self.fontMetrics().horizontalAdvance(words)


class CollapsibleSection(QWidget):
    """A heading with a chevron, and a body below it while open."""

    toggled = Signal(bool)

    def __init__(
        self, theme: Theme, title: str, body: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._body = body
        self._head = _Head()
        self._head.set_title(title)
        self._head.setCheckable(True)
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
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
        self._head.set_title(title)
        self._head.fit(self.width())

    def is_open(self) -> bool:
        """Whether the body is seen."""
        return self._head.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Opens or folds it."""
        self._head.setChecked(is_open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Breaks the heading anew."""
        super().resizeEvent(event)
        self._head.fit(self.width())

    def _on_toggled(self, is_open: bool) -> None:
        self._head.setIcon(self._theme.icon("chevron-down" if is_open else "chevron-right"))
        self._body.setVisible(is_open)
        self.toggled.emit(is_open)
