"""The two lines that are typed into beside the list of chats. Both take Escape before the window does."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from runner.store.values import ChatId


class LeftByEscape(QLineEdit):
    """A line that Escape leaves; the window would stop an answer with it."""

    left = Signal()

    def is_left(self) -> bool:
        """Says whether there is anything to leave; where not, Escape is the window's."""
        return True

    def event(self, event: QEvent) -> bool:
        """Keeps Escape from the window's shortcuts."""
        is_override = event.type() is QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and self._leaves(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Says that the line is left."""
        if self._leaves(event):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _leaves(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and self.is_left()


class SearchField(LeftByEscape):
    """Where words are typed that chats are searched for; arrow down goes to what is found."""

    down_pressed = Signal()

    def is_left(self) -> bool:
        """Says whether there are words to take away."""
        return bool(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Goes to what is found."""
        if event.key() == Qt.Key.Key_Down:
            self.down_pressed.emit()
        else:
            super().keyPressEvent(event)


class NameField(LeftByEscape):
    """Where a chat gets another name, over its row."""

    named = Signal(object, str)
    """A chat and its new name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._chat: ChatId | None = None
        self.setAccessibleName(self.tr("Name of the chat"))
        self.setMaxLength(200)
        self.hide()
        self.left.connect(self._give_up)
        self.editingFinished.connect(self._on_finished)

    def begin(self, chat_id: ChatId, title: str, over: QRect) -> None:
        """Asks for the name of a chat whose row is `over`."""
        self._chat = chat_id
        self.setText(title)
        self.setGeometry(over)
        self.show()
        self.selectAll()
        self.setFocus()

    @Slot()
    def _give_up(self) -> None:
        # To hide is to finish, for Qt.
        self._chat = None
        self.hide()

    @Slot()
    def _on_finished(self) -> None:
        chat_id, self._chat = self._chat, None
        self.hide()
        if chat_id is not None and (title := self.text().strip()):
            self.named.emit(chat_id, title)
