"""A card's text, drawn in slices, that knows which line of the file stands where."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QWidget

from app.markdown.view import MarkdownView
from app.reader.card import CardSheet
from app.tabs.card.blocks import SheetStream, widths_of_tables
from app.theme.theme import Theme
from app.words.card import CardFact

SLICE = 5_000
"""About how many characters are drawn before the window gets its turn again."""

_SEARCHED = 60_000

LARGE = 60_000
"""A text of more characters is not laid out anew at once where its width changes, but in slices."""

_COLUMN = 2
"""The largest spaces that a column of a table needs."""

_NARROWER = 0.9

_SETTLE_MS = 150
_MOST_EMPTIES = 60


@dataclass(frozen=True, slots=True)
class Marked:
    """Where a fact stands in the drawn text."""

    start: int
    end: int
    fact: CardFact


class CardView(MarkdownView):
    """Draws a card; facts have a dotted line and can be pressed.

    Owned by: the card's page. Thread: GUI.
    """

    drawn = Signal()
    """All of the text is there."""

    fact_pressed = Signal(object)
    """A `CardFact` was pressed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent, small=True)
        self._lines: list[int] = []
        self._ends: list[int] = []
        self._empties: list[int] = []
        self._facts: Sequence[CardFact] = ()
        self._marked: list[Marked] = []
        self._highlight: tuple[int, int] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._draw_more)
        self._sheet: CardSheet | None = None
        self._columns = 0
        self._resized = QTimer(self)
        self._resized.setSingleShot(True)
        self._resized.setInterval(_SETTLE_MS)
        self._resized.timeout.connect(self._on_resized)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    def show_sheet(self, sheet: CardSheet, facts: Sequence[CardFact]) -> None:
        """Draws a card from its beginning."""
        self._sheet, self._facts, self._highlight = sheet, facts, None
        self._columns = self._columns_that_fit()
        self._arrange(sheet)

    @property
    def is_large(self) -> bool:
        """Whether laying all of the text out at once would take too long."""
        return self._sheet is not None and len(self._sheet.text) > LARGE

    def clear_text(self) -> None:
        """Empties the drawn text, so that another width costs nothing; `draw_again` brings it back."""
        self._marked = []
        self.setExtraSelections([])
        self._start_again()
        # Not drawn from now on, whoever asks before it is begun again.
        self._timer.start()

    def draw_again(self) -> None:
        """Draws the card from its beginning, as it has to be in another width or theme."""
        if self._sheet is not None:
            self._highlight = None
            self._columns = self._columns_that_fit()
            self._arrange(self._sheet)

    @property
    def is_drawn(self) -> bool:
        """Whether all of the text is there."""
        return not self._timer.isActive()

    @property
    def marked(self) -> Sequence[Marked]:
        """The facts that were found in the text."""
        return self._marked

    # ---- lines and places --------------------------------------------------------------------

    def top_of(self, line: int, quote: str = "") -> int | None:
        """Returns how far down a line of the file stands; None where nothing of it is drawn."""
        found = self._place_of(line, quote)
        if found is None:
            return None
        cursor = QTextCursor(self.document())
        cursor.setPosition(found[0])
        return self.cursorRect(cursor).top()

    def highlight(self, line: int, quote: str = "") -> None:
        """Puts a ground behind a line's words, until another one is asked for."""
        self._highlight = self._place_of(line, quote)
        self._select()

    def selected_lines(self) -> tuple[str, int, int]:
        """Returns the selected words and the first and last line of the file they are from."""
        cursor = self.textCursor()
        words = cursor.selectedText().replace("\u2029", " ").replace("\u2028", " ")
        words = "".join(c for c in words if not 0xFDD0 <= ord(c) <= 0xFDEF).strip()
        if not words:
            return "", 0, 0
        first = self._block_at(cursor.selectionStart())
        last = self._block_at(max(cursor.selectionStart(), cursor.selectionEnd() - 1))
        if first is None or last is None:
            return "", 0, 0
        return words, self._lines[first], max(self._lines[first], self._ends[last] - 1)

    def _place_of(self, line: int, quote: str) -> tuple[int, int] | None:
        at = bisect_right(self._lines, line) - 1
        if at < 0 or at >= len(self._drawing.starts):
            return None
        # Several blocks can be of one line: the parts of a list item, for example.
        while at > 0 and self._lines[at - 1] == self._lines[at]:
            at -= 1
        start, end = self._positions(at)
        if quote and (found := self._found(quote, start, end, self._raw())):
            return found
        return start, max(start, end - 1)

    def _positions(self, at: int) -> tuple[int, int]:
        """Returns the first and last position of a block in Qt's text."""
        document, starts = self.document(), self._drawing.starts
        start = document.findBlockByNumber(starts[at]).position()
        if at + 1 < len(starts):
            return start, document.findBlockByNumber(starts[at + 1]).position()
        return start, document.characterCount() - 1

    def _raw(self) -> bytes:
        """Returns Qt's text with two bytes a position.

        A selection would not do: one that begins within a table is widened to the whole of it.
        """
        return self.document().toRawText().encode("utf-16-le", "surrogatepass")

    def _found(self, quote: str, start: int, end: int, raw: bytes) -> tuple[int, int] | None:
        """Returns where words stand between two positions of Qt's text."""
        text = raw[2 * start : 2 * min(end, start + _SEARCHED)].decode("utf-16-le", "replace")
        at = text.find(quote)
        while at >= 0:
            after = at + len(quote)
            whole = not (text[at - 1 : at].isalnum() and quote[0].isalnum()) and not (
                text[after : after + 1].isalnum() and quote[-1].isalnum()
            )
            if whole:
                first = start + _units(text[:at])
                return first, first + _units(quote)
            at = text.find(quote, at + 1)
        return None

    def _block_at(self, position: int) -> int | None:
        number = self.document().findBlock(position).blockNumber()
        at = bisect_right(self._drawing.starts, number) - 1
        return at if 0 <= at < len(self._lines) else None

    # ---- drawing -----------------------------------------------------------------------------

    def _arrange(self, sheet: CardSheet) -> None:
        """Draws a card with as many columns in its tables as have room."""
        self._drawing.column = self.viewport().width()
        stream = SheetStream(sheet, self._columns)
        self._lines = [part.line for part in stream.blocks]
        self._ends = [part.end for part in stream.blocks]
        self._empties = [at for at, part in enumerate(stream.blocks) if part.is_empty]
        self._stream = stream
        self._begin()

    def _columns_that_fit(self) -> int:
        return max(2, self.width() // (_COLUMN * self._theme.px("space_6")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Looks, once the width has come to rest, whether other tables have room."""
        super().resizeEvent(event)
        self._resized.start()

    def _on_resized(self) -> None:
        before, self._columns = self._columns, self._columns_that_fit()
        tables = widths_of_tables(self._sheet) if self._sheet is not None else frozenset()
        few, many = sorted((before, self._columns))
        # A share of the width that was enough for every word breaks them where that is less.
        is_narrower = self.viewport().width() < _NARROWER * self._drawing.column
        if any(few < columns <= many or is_narrower for columns in tables):
            self.draw_again()

    def _begin(self) -> None:
        self._marked = []
        self.setExtraSelections([])
        self._start_again()
        self._timer.start()

    def _draw_more(self) -> None:
        if not self.refresh(SLICE):
            return
        self._timer.stop()
        self._mark()
        self.drawn.emit()

    def _mark(self) -> None:
        """Looks for each fact's words in the text."""
        latest: dict[int, int] = {}
        raw = self._raw()
        for fact in self._facts:
            at = bisect_right(self._lines, fact.line) - 1
            if not fact.quote or at < 0 or at >= len(self._drawing.starts):
                continue
            while at > 0 and self._lines[at - 1] == self._lines[at]:
                at -= 1
            start, end = self._positions(at)
            found = self._found(fact.quote, max(start, latest.get(at, 0)), end, raw)
            if found is not None:
                latest[at] = found[1]
                self._marked.append(Marked(*found, fact))
        self._select()

    def _select(self) -> None:
        """Gives facts their dotted line, placeholders their colour, and a chosen place its ground."""
        dotted = QTextCharFormat()
        dotted.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        dotted.setUnderlineColor(self._theme.colour("accent"))
        empty = QTextCharFormat()
        empty.setForeground(self._theme.colour("faint"))
        ground = QTextCharFormat()
        ground.setBackground(self._theme.colour("selection"))
        places = [(*self._positions(at), empty) for at in self._empties[:_MOST_EMPTIES]]
        places += [(one.start, one.end, dotted) for one in self._marked]
        if self._highlight:
            places.append((*self._highlight, ground))
        selections = []
        for start, end, form in places:
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            selection.cursor, selection.format = cursor, form
            selections.append(selection)
        self.setExtraSelections(selections)

    def _on_theme(self) -> None:
        self.draw_again()

    # ---- pressing ----------------------------------------------------------------------------

    def fact_at(self, position: int) -> CardFact | None:
        """Returns the fact whose words stand at a position of the text."""
        return next((one.fact for one in self._marked if one.start <= position < one.end), None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tells which fact was pressed."""
        super().mouseReleaseEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton or self.textCursor().hasSelection():
            return
        position = self.cursorForPosition(event.position().toPoint()).position()
        if self.anchorAt(event.position().toPoint()):
            return
        if (fact := self.fact_at(position)) is not None:
            self.fact_pressed.emit(fact)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Shows by the pointer that a fact can be pressed."""
        super().mouseMoveEvent(event)
        point = event.position().toPoint()
        if self.anchorAt(point):
            return
        over = self.fact_at(self.cursorForPosition(point).position()) is not None
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)


def _units(text: str) -> int:
    """Returns how many of Qt's positions a text takes."""
    return len(text) + sum(c > "\uffff" for c in text)
