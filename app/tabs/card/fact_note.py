"""What a pressed fact says: its value, and where it was read."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.words.card import CardFact


class FactNote(QFrame):
    """A small pane below the words; it goes with Esc, or when something else gets the keyboard.

    Thread: GUI.
    """

    def __init__(self, theme: Theme, fact: CardFact, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._page = theme, parent
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_look(self, Look.FLOATING)
        self.setAccessibleName(f"{fact.label}: {fact.value}")
        self.setAccessibleDescription(fact.source)
        column = QVBoxLayout(self)
        edge = theme.px("space_2")
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(theme.px("space_half"))
        self.lines: list[QLabel] = []
        for text, look in (
            (fact.label, Look.HEADING),
            (fact.value, None),
            (fact.source, Look.SMALL),
        ):
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            if look is not None:
                set_look(label, look)
            column.addWidget(label)
            self.lines.append(label)

    def show_below(self, top: int) -> None:
        """Shows itself at a height of its parent, as wide as there is room, and takes the keyboard."""
        parent = self._page
        edge = self._theme.px("space_2")
        width = min(self._theme.px("space_6") * 8, parent.width() - 2 * edge)
        height = self.heightForWidth(width)
        self.setGeometry(edge, min(top, max(0, parent.height() - height - edge)), width, height)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def event(self, event: QEvent) -> bool:
        """Takes Esc before the window does, where it would stop an answer."""
        is_ours = (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        )
        if is_ours:
            event.accept()
        return is_ours or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Goes with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Goes when something else is used."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self.close()


def below_words(view: QWidget, page: QWidget, top: int, line_height: int) -> int:
    """Returns where a note stands on a page, below the line at `top` of a view."""
    return view.mapTo(page, QPoint(0, top)).y() + line_height
