"""How today's card differs from the one that came with the file: lines that went, lines that came."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.reader.card_difference import CardDifference, Change
from app.tabs.licence.statements import wrapping
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.words.card import card_texts
from app.words.facts import when_words
from inspector.untrusted import shown
from runner.store.papers import Paper

_SIGNS = {Change.CAME: "+ ", Change.WENT: "− ", Change.STAYED: "  "}
_GROUNDS = {Change.CAME: "accent_soft", Change.WENT: "alert_soft"}


class DifferenceView(QWidget):
    """Each line with its sign; the colour says nothing that the sign doesn't.

    Thread: GUI.
    """

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = wrapping("")
        set_look(self._title, Look.HEADING)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        set_look(self._text, Look.MONO)
        back = QPushButton(card_texts().said["back"])
        set_look(back, Look.LINK)
        back.clicked.connect(self.closed)
        column = QVBoxLayout(self)
        edge = theme.px("space_2")
        column.setContentsMargins(edge, theme.px("space_1"), edge, edge)
        column.setSpacing(theme.px("space_1"))
        column.addWidget(self._title)
        column.addWidget(self._text, 1)
        column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeading)

    def show_difference(
        self, kept: Paper, found: CardDifference, asked: float, *, is_beside: bool = False
    ) -> None:
        """Shows how a card has changed since it was kept: the Hub's, or the one beside the file."""
        said = card_texts().said
        which = "beside" if is_beside else "today"
        form = said[f"{which}_differs" if found.lines else f"{which}_same"]
        self._title.setText(
            form.format(
                repository=shown(kept.repository),
                now=_when(asked),
                then=_when(kept.fetched),
                came=found.came,
                went=found.went,
            )
        )
        self._text.setVisible(bool(found.lines))
        self._text.setAccessibleName(self._title.text())
        self._text.clear()
        cursor = self._text.textCursor()
        cursor.beginEditBlock()
        for number, line in enumerate(found.lines):
            text = said["line"].format(line=line.text) if line.change is Change.GAP else line.text
            self._write(cursor, line.change, f"{_SIGNS.get(line.change, '')}{text}", number)
        if found.more:
            more = said["more_lines"].format(count=found.more)
            self._write(cursor, Change.GAP, more, 1)
        cursor.endEditBlock()
        self._text.moveCursor(QTextCursor.MoveOperation.Start)

    def texts(self) -> str:
        """Returns what is shown."""
        return f"{self._title.text()}\n{self._text.toPlainText()}"

    def _write(self, cursor: QTextCursor, change: Change, text: str, number: int) -> None:
        ground, letters = QTextBlockFormat(), QTextCharFormat()
        if change in _GROUNDS:
            ground.setBackground(self._theme.colour(_GROUNDS[change]))
        if change is Change.GAP:
            letters.setForeground(self._theme.colour("faint"))
        if number:
            cursor.insertBlock(ground, letters)
        else:
            cursor.setBlockFormat(ground)
        cursor.insertText(text, letters)


def _when(seconds: float) -> str:
    return when_words(datetime.fromtimestamp(seconds, UTC))
