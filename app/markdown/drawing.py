"""Blocks → a `QTextDocument`, through cursors and formats; no HTML and no Markdown reaches Qt.

Everything is a flat row of text blocks, tables excepted, so that adding at the end never touches
what stands before. What surrounds a block (the box of code, the bar of a quote, a line across) is
painted by the view, from the list of marks that is kept here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QFont,
    QFontMetricsF,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLength,
    QTextTableFormat,
)

from app.markdown.blocks import (
    Block,
    Code,
    Formula,
    Heading,
    Paragraph,
    Place,
    Rule,
    Span,
    Spans,
    Style,
    Table,
)
from app.theme.theme import Theme
from app.widgets.plain_tip import plain_tip
from app.words.translation import translate

LINE_SEPARATOR = "\u2028"
"""Ends a line without ending Qt's text block."""


@dataclass(slots=True)
class CodeBox:
    """A code block: the numbers of the first and last text block that it consists of."""

    first: int
    last: int
    language: str
    settled_last: int = -1


@dataclass(slots=True)
class Marks:
    """What is painted around text blocks, by their numbers, in the order of the text."""

    boxes: list[CodeBox] = field(default_factory=list)
    bars: list[tuple[int, int]] = field(default_factory=list)
    """Text block and how many quotes it is in."""
    rules: list[int] = field(default_factory=list)


class Drawing:
    """Writes blocks at the end of one document, and can take the last ones back.

    Owned by: a MarkdownView. Thread: GUI.

    Attributes:
        targets: the addresses of links, as written; a link's href is its place in this list.
        marks: what the view paints around the text.
        settled_boxes: how many of the code boxes can no longer change their beginning.
        starts: for each settled block, the number of the text block that it begins at.
        column: the width that tables have, in pixels; 0 is a narrow column of a chat.
    """

    def __init__(self, document: QTextDocument, theme: Theme, *, small: bool = False) -> None:
        self._document = document
        self._theme = theme
        self._size = "text_body" if small else "text_reading"
        self._role = "soft" if small else "text"
        self._settled_end = 0
        self._is_empty = True
        self._tail_empty = True
        self._settled_targets = 0
        self._settled_marks = (0, 0, 0)
        self.marks = Marks()
        self.targets: list[str] = []
        self.starts: list[int] = []
        self.column = 0
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        self._make_formats()

    def clear(self) -> None:
        """Empties the document and takes the theme's present look."""
        # First: an empty document has another height, and whoever hears of it asks for the marks.
        self.targets, self.starts, self.marks = [], [], Marks()
        self._settled_marks = (0, 0, 0)
        self._settled_end, self._settled_targets = 0, 0
        self._is_empty = self._tail_empty = True
        self._document.clear()
        self._make_formats()

    @property
    def settled_boxes(self) -> int:
        """How many of the code boxes are there for good."""
        return self._settled_marks[0]

    def draw(self, settled: Iterable[Block], tail: Iterable[Block]) -> None:
        """Adds settled blocks for good, and puts `tail` in the place of the last tail."""
        cursor = QTextCursor(self._document)
        cursor.beginEditBlock()
        self._take_tail_back(cursor)
        for block in settled:
            self.starts.append(0 if self._tail_empty else self._last() + 1)
            self._write(cursor, block)
        self._settled_end = self._end()
        self._settled_targets = len(self.targets)
        marks = self.marks
        self._settled_marks = (len(marks.boxes), len(marks.bars), len(marks.rules))
        if marks.boxes:
            marks.boxes[-1].settled_last = marks.boxes[-1].last
        self._is_empty = self._tail_empty
        for block in tail:
            self._write(cursor, block)
        cursor.endEditBlock()

    @property
    def room_below(self) -> int:
        """What a code box at the end needs below the last line: Qt drops that block's margin."""
        last = self._document.lastBlock().blockFormat().bottomMargin()
        return max(0, round(last) - self._theme.px("space_1"))

    # ---- where writing goes ------------------------------------------------------------------

    def _last(self) -> int:
        return self._document.blockCount() - 1

    def _end(self) -> int:
        return self._document.characterCount() - 1

    def _take_tail_back(self, cursor: QTextCursor) -> None:
        boxes, bars, rules = self._settled_marks
        del self.targets[self._settled_targets :]
        del self.marks.boxes[boxes:], self.marks.bars[bars:], self.marks.rules[rules:]
        if self.marks.boxes:
            self.marks.boxes[-1].last = self.marks.boxes[-1].settled_last
        self._tail_empty = self._is_empty
        if self._end() <= self._settled_end:
            return
        cursor.setPosition(self._settled_end)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        if self._is_empty:
            cursor.setBlockFormat(QTextBlockFormat())

    def _begin(self, cursor: QTextCursor, form: QTextBlockFormat) -> None:
        """Goes to a new text block of `form` at the end."""
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if self._tail_empty:
            # Qt drops the margin above the first block of a document; its frame's is kept.
            frame = self._document.rootFrame().frameFormat()
            if frame.topMargin() != form.topMargin():
                frame.setTopMargin(form.topMargin())
                self._document.rootFrame().setFrameFormat(frame)
            cursor.setBlockFormat(form)
            cursor.setBlockCharFormat(self._plain)
            self._tail_empty = False
        else:
            cursor.insertBlock(form, self._plain)

    def _write(self, cursor: QTextCursor, block: Block) -> None:
        self._write_block(cursor, block)
        if block.place.quotes:
            self.marks.bars.append((self._last(), block.place.quotes))

    def _write_block(self, cursor: QTextCursor, block: Block) -> None:
        match block:
            case Paragraph():
                form = self._block_format(block.place)
                self._begin(cursor, form)
                self._spans(cursor, self._with_marker(block.spans, block.place), block.place)
            case Heading():
                self._heading(cursor, block)
            case Code():
                self._code(cursor, block)
            case Formula():
                form = self._block_format(block.place)
                form.setLeftMargin(form.leftMargin() + self._theme.px("space_3"))
                self._begin(cursor, form)
                self._spans(cursor, block.spans, block.place)
            case Rule():
                form = self._block_format(block.place)
                self._begin(cursor, form)
                self.marks.rules.append(self._last())
            case Table():
                self._table(cursor, block)

    # ---- kinds of block ----------------------------------------------------------------------

    def _heading(self, cursor: QTextCursor, block: Heading) -> None:
        form = self._block_format(block.place)
        form.setTopMargin(self._theme.px("space_2"))
        form.setHeadingLevel(block.level)
        self._begin(cursor, form)
        size = {1: "text_title", 2: "text_title"}.get(block.level, self._size)
        font = self._theme.font(size, strong=True)
        if block.level == 2:
            font.setPixelSize(round(font.pixelSize() * 0.87))
        for span in self._with_marker(block.spans, block.place):
            char = self._char(span)
            char.setFont(font, QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesAll)
            cursor.insertText(_one_block(span.text), char)

    def _code(self, cursor: QTextCursor, block: Code) -> None:
        px = self._theme.px
        form = self._block_format(block.place)
        form.setLeftMargin(form.leftMargin() + px("space_2"))
        form.setRightMargin(px("space_2"))
        form.setTopMargin(0 if block.continued else px("space_1") + px("space_4"))
        form.setBottomMargin(px("space_2") + px("space_1"))
        form.setLineHeight(135, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if block.continued and not self._tail_empty:
            cursor.movePosition(QTextCursor.MoveOperation.End)
            before = cursor.blockFormat()
            before.setBottomMargin(0)
            cursor.setBlockFormat(before)
        self._begin(cursor, form)
        cursor.insertText(_one_block(block.text.expandtabs(4)), self._mono)
        boxes, last = self.marks.boxes, self._last()
        if block.continued and boxes:
            boxes[-1].last = last
        else:
            boxes.append(CodeBox(last, last, block.language))

    def _table(self, cursor: QTextCursor, block: Table) -> None:
        columns = len(block.aligns)
        rows = [block.header, *block.rows] if block.header else list(block.rows)
        if not rows or not columns:
            return
        if self._tail_empty:
            self._begin(cursor, self._thin)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        table = cursor.insertTable(len(rows), columns, self._table_format(block))
        for row, cells in enumerate(rows):
            for column, spans in enumerate(cells[:columns]):
                cell = table.cellAt(row, column)
                into = cell.firstCursorPosition()
                form = QTextBlockFormat()
                form.setAlignment(_ALIGN.get(block.aligns[column], _ALIGN["left"]))
                into.setBlockFormat(form)
                strong = bool(block.header) and row == 0
                for span in spans:
                    char = self._char(span)
                    if strong:
                        char.setFontWeight(QFont.Weight.DemiBold)
                    into.insertText(_one_block(span.text), char)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.setBlockFormat(self._thin)
        cursor.setBlockCharFormat(self._tiny)
        if block.omitted:
            self._begin(cursor, self._block_format(block.place))
            cursor.insertText(
                translate(
                    "Markdown", "The rest of this table is too large to draw; copies have it."
                ),
                self._faint,
            )

    def _table_format(self, block: Table) -> QTextTableFormat:
        form = QTextTableFormat()
        padding = self._theme.px("space_half") + 2
        letter = 1.15 * self._metrics.averageCharWidth()
        widths = [width * letter + 2 * padding + 2 for width in block.widths]
        total = sum(widths)
        column = self.column or _NARROW * self._theme.px("reading")
        share = min(100.0, max(20.0, 100 * total / column))
        form.setWidth(QTextLength(QTextLength.Type.PercentageLength, share))
        form.setColumnWidthConstraints(
            [
                QTextLength(QTextLength.Type.PercentageLength, 100 * width / total)
                for width in widths
            ]
        )
        form.setBorder(1)
        form.setBorderCollapse(True)
        form.setBorderStyle(QTextTableFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderBrush(QBrush(self._theme.colour("line")))
        form.setCellPadding(padding)
        form.setTopMargin(0 if block.continued else self._theme.px("space_half"))
        form.setLeftMargin(self._indent(block.place))
        return form

    # ---- text --------------------------------------------------------------------------------

    def _spans(self, cursor: QTextCursor, spans: Spans, place: Place) -> None:
        for span in spans:
            char = self._char(span)
            if place.quotes and not span.target:
                char.setForeground(self._theme.colour("soft"))
            cursor.insertText(_one_block(self._said(span)), char)

    def _said(self, span: Span) -> str:
        if span.style & Style.IMAGE:
            address = span.target if len(span.target) <= 120 else span.target[:119] + "…"
            words = "" if span.text == span.target else f"{span.text} · "
            return translate("Markdown", "[picture, not loaded: {}]").format(words + address)
        return span.text

    def _with_marker(self, spans: Spans, place: Place) -> Spans:
        return (Span(f"{place.marker}\u00a0\u00a0"), *spans) if place.marker else spans

    def _char(self, span: Span) -> QTextCharFormat:
        char = QTextCharFormat(self._mono_inline if span.style & Style.CODE else self._plain)
        if span.style & Style.STRONG:
            char.setFontWeight(QFont.Weight.DemiBold)
        if span.style & Style.EMPHASIS:
            char.setFontItalic(True)
        if span.style & Style.STRIKE:
            char.setFontStrikeOut(True)
        if span.style & Style.RAISED:
            char.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        if span.style & Style.LOWERED:
            char.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSubScript)
        if span.target:
            char.setAnchor(True)
            char.setAnchorHref(f"#{len(self.targets)}")
            char.setForeground(self._theme.colour("accent"))
            char.setFontUnderline(True)
            char.setToolTip(plain_tip(span.target[:300]))
            self.targets.append(span.target)
        return char

    def _indent(self, place: Place) -> float:
        px = self._theme.px
        return float(place.quotes * px("space_2") + place.indent * px("space_3"))

    def _block_format(self, place: Place) -> QTextBlockFormat:
        px = self._theme.px
        form = QTextBlockFormat()
        form.setLeftMargin(self._indent(place))
        form.setTopMargin(px("space_half") if place.indent else px("space_1"))
        form.setBottomMargin(px("space_half") if place.indent else px("space_1"))
        form.setLineHeight(148, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if place.marker:
            form.setTextIndent(-self._metrics.horizontalAdvance(f"{place.marker}\u00a0\u00a0"))
        return form

    def _make_formats(self) -> None:
        theme = self._theme
        every = QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesAll
        font = theme.font(self._size)
        self._document.setDefaultFont(font)
        self._metrics = QFontMetricsF(font)
        self._plain = QTextCharFormat()
        self._plain.setFont(font, every)
        self._plain.setForeground(theme.colour(self._role))
        self._faint = QTextCharFormat(self._plain)
        self._faint.setForeground(theme.colour("faint"))
        self._mono = QTextCharFormat()
        self._mono.setFont(theme.mono(), every)
        self._mono.setForeground(theme.colour("code_text"))
        self._mono_inline = QTextCharFormat(self._mono)
        self._mono_inline.setBackground(theme.colour("code"))
        self._thin = QTextBlockFormat()
        self._thin.setLineHeight(
            theme.px("space_half"), QTextBlockFormat.LineHeightTypes.FixedHeight.value
        )
        tiny = theme.font("text_small")
        tiny.setPixelSize(1)
        self._tiny = QTextCharFormat()
        self._tiny.setFont(tiny, every)


_NARROW = 0.75
"""Of the reading width: in a column as narrow as this a table still breaks no word it has room for."""

_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}


def _one_block(text: str) -> str:
    """Returns `text` with its line ends as Qt's line separators, so that it stays one block."""
    return text.replace("\n", LINE_SEPARATOR)
