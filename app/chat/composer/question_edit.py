"""The box that a question is typed into. It grows, and what would freeze it stays out of it."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QSize, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from app.markdown.long_lines import broken
from app.theme.theme import Theme

TYPED_CHARS = 64 * 1024
"""What the box itself holds; a longer paste becomes an attached text, which nothing has to lay out."""

LINES = 10
"""How far the box grows before it scrolls."""


class QuestionEdit(QPlainTextEdit):
    """The box. Enter sends, Shift+Enter begins a line, and a large paste stays out of it."""

    sent = Signal()
    escaped = Signal()
    pasted_long = Signal(str)
    files_dropped = Signal(list)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hint, self._is_composing = "", False
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QPlainTextEdit { background: transparent; border: 0; padding: 0; }")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def show_hint(self, hint: str) -> None:
        """Shows in the empty box what it is for; nothing while an input method composes words there."""
        self._hint = hint
        shown = "" if self._is_composing else hint
        if shown != self.placeholderText():
            self.setPlaceholderText(shown)
            if self.isVisible():
                # Qt paints a hint again only when it appears, not when its words change.
                self.viewport().update()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Takes the hint away from under words that are composed: for Qt the box is empty until then."""
        super().inputMethodEvent(event)
        self._is_composing = bool(event.preeditString())
        self.show_hint(self._hint)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Sends with Enter."""
        plain = not event.modifiers() & (
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
        )
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.sent.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        """Takes text; of a long one the window would stand still for minutes."""
        if source.hasUrls() and (paths := _paths(source)):
            self.files_dropped.emit(paths)
            return
        text = source.text().replace("\0", "\N{SYMBOL FOR NULL}")
        if len(text) + self.document().characterCount() > TYPED_CHARS:
            self.pasted_long.emit(text)
            return
        lines = [part for line in text.splitlines() for part in broken(line)]
        self.textCursor().insertText("\n".join(lines))
        self.ensureCursorVisible()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 - Qt's name
        """Text and files."""
        return source.hasText() or source.hasUrls()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Leaves files to the page, which knows models from texts."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Takes dropped text as if it were pasted."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dropEvent(event)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(400, self.height())

    @Slot()
    def _fit(self) -> None:
        line = self.fontMetrics().lineSpacing()
        lines = int(self.document().size().height())  # in lines, for a plain text document
        self.setFixedHeight(min(max(lines, 1), LINES) * line + 8)


def _paths(source: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
