"""Draws a Markdown text that may still be growing; as high as its text, and without a scroll bar."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Protocol

from PySide6.QtCore import QMimeData, QRectF, QSize, QSizeF, Qt, QUrl, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QImage,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextLayout,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QToolButton, QWidget

from app.markdown.blocks import Block, weight
from app.markdown.drawing import LINE_SEPARATOR, CodeBox, Drawing
from app.markdown.stream import MarkdownStream
from app.theme.looks import Look, set_look
from app.theme.theme import Theme

_COPY_BUTTONS = 40
"""Code blocks in one text that get a button; a text with thousands would drown in widgets."""


@dataclass(frozen=True, slots=True)
class ColourRange:
    """A stretch of a code block's text in the colour of a role of the theme."""

    start: int
    length: int
    role: str


class Growing(Protocol):
    """A text as a view wants it: blocks for good, and those that may still change."""

    @property
    def settled(self) -> list[Block]:
        """Blocks that stay as they are."""

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will come."""

    def tail(self) -> list[Block]:
        """Blocks that may still change."""


class MarkdownView(QTextBrowser):
    """A text's blocks, drawn once each.

    It follows no link and loads nothing by itself: a pressed link is a signal, and whatever Qt
    asks for is answered with an empty picture, so that it does not go looking for a file.

    Owned by: a turn, or an inspector tab. Thread: GUI.
    """

    link_pressed = Signal(str)
    """The address exactly as the text has it."""

    height_changed = Signal()

    code_settled = Signal(int, str, str)
    """A code block is complete: its number in this text, its language, its text."""

    code_copied = Signal()

    focused = Signal()
    """The keyboard, or a screen reader, has come to it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, small: bool = False) -> None:
        super().__init__(parent)
        self._theme = theme
        self._stream: Growing | None = None
        self._drawn = 0
        self._buttons: list[QToolButton] = []
        self._colours: dict[int, Sequence[ColourRange]] = {}
        self._announced = 0
        self._height = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QTextEdit { background: transparent; border: 0; padding: 0; }")
        self.viewport().setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setAcceptDrops(False)
        self._drawing = Drawing(self.document(), theme, small=small)
        self.anchorClicked.connect(self._on_anchor)
        self.document().documentLayout().documentSizeChanged.connect(self._on_size)
        theme.changed.connect(self._on_theme)

    # ---- what is shown -----------------------------------------------------------------------

    def show_stream(self, stream: Growing) -> None:
        """Draws `stream` from its beginning; call `refresh` when it has grown."""
        self._stream = stream
        self._start_again()
        self.refresh()

    def show_text(self, text: str) -> None:
        """Draws a short text that is all here."""
        stream = MarkdownStream()
        stream.feed(text)
        stream.finish()
        self.show_stream(stream)

    def refresh(self, most: int = 1_000_000) -> bool:
        """Draws what is new, blocks of about `most` characters; says whether that was all."""
        if self._stream is None:
            return True
        new: list[Block] = []
        while most > 0 and self._drawn < len(self._stream.settled):
            new.append(self._stream.settled[self._drawn])
            most -= weight(new[-1])
            self._drawn += 1
        complete = self._drawn == len(self._stream.settled)
        self._drawing.draw(new, self._stream.tail() if complete else ())
        self._announce()
        self._place_buttons()
        return complete

    def set_colours(self, number: int, colours: Sequence[ColourRange]) -> None:
        """Colours code block `number`; ranges count from the start of its whole text."""
        self._colours[number] = colours
        if number < self._announced:
            self._colour(self._drawing.marks.boxes[number], colours)

    def height_at(self, width: int) -> int:
        """Lays the text out at `width` and returns its height."""
        if self.document().textWidth() != width:
            # Never for nothing: Qt then lays the whole text out anew, however little has come.
            self.document().setTextWidth(width)
        return ceil(self.document().size().height()) + self._drawing.room_below

    def code_text(self, number: int) -> str:
        """Returns the text of a code block as the answer has it."""
        blocks = self._blocks(self._drawing.marks.boxes[number])
        return "\n".join(block.text() for block in blocks).replace(LINE_SEPARATOR, "\n")

    # ---- code boxes --------------------------------------------------------------------------

    def _announce(self) -> None:
        """Tells of code blocks that are complete, and colours those whose colours are known."""
        boxes, end = self._drawing.marks.boxes, self.document().blockCount() - 1
        finished = self._stream is not None and self._stream.is_finished
        while self._announced < self._drawing.settled_boxes:
            box = boxes[self._announced]
            if box.last == end and not finished:
                return
            number, self._announced = self._announced, self._announced + 1
            if number in self._colours:
                self._colour(box, self._colours[number])
            else:
                self.code_settled.emit(number, box.language, self.code_text(number))

    def _colour(self, box: CodeBox, colours: Sequence[ColourRange]) -> None:
        start = 0
        for block in self._blocks(box):
            end = start + block.length()
            ranges = []
            for part in colours:
                if part.start < end and part.start + part.length > start:
                    here = QTextLayout.FormatRange()
                    first = max(part.start, start)
                    here.start = first - start
                    here.length = min(part.start + part.length, end) - first
                    here.format.setForeground(self._theme.colour(part.role))
                    ranges.append(here)
            block.layout().setFormats(ranges)
            start = end
        self.viewport().update()

    def _blocks(self, box: CodeBox) -> Iterator[QTextBlock]:
        block = self.document().findBlockByNumber(box.first)
        while block.isValid() and block.blockNumber() <= box.last:
            yield block
            block = block.next()

    def _place_buttons(self) -> None:
        boxes = self._drawing.marks.boxes[:_COPY_BUTTONS]
        while len(self._buttons) > len(boxes):
            button = self._buttons.pop()
            button.hide()
            button.deleteLater()
        while len(self._buttons) < len(boxes):
            self._buttons.append(self._make_button(len(self._buttons)))
        px = self._theme.px
        for button, box in zip(self._buttons, boxes, strict=True):
            rect, size = self._box_rect(box), button.sizeHint()
            left = int(rect.right()) - size.width() - px("space_half")
            top = int(rect.top()) + (px("space_4") - size.height()) // 2
            button.setGeometry(left, top, size.width(), size.height())

    def _make_button(self, number: int) -> QToolButton:
        button = QToolButton(self.viewport())
        button.setText(self.tr("Copy"))
        button.setAccessibleName(self.tr("Copy code block {}").format(number + 1))
        button.setCursor(Qt.CursorShape.ArrowCursor)
        set_look(button, Look.QUIET)
        button.clicked.connect(self._on_copy)
        button.show()
        return button

    def _on_copy(self) -> None:
        for number, button in enumerate(self._buttons):
            if button is self.sender():
                QGuiApplication.clipboard().setText(self.code_text(number))
                self.code_copied.emit()

    def _box_rect(self, box: CodeBox) -> QRectF:
        document, px = self.document(), self._theme.px
        first = document.findBlockByNumber(box.first)
        top = _text_rect(first).top() - px("space_4")
        bottom = _text_rect(document.findBlockByNumber(box.last)).bottom() + px("space_2")
        left = first.blockFormat().leftMargin() - px("space_2")
        return QRectF(left, top, document.textWidth() - left, bottom - top)

    # ---- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints boxes, bars and lines behind the text."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        clip, marks = QRectF(event.rect()), self._drawing.marks
        for box in marks.boxes:
            rect = self._box_rect(box)
            if rect.intersects(clip):
                self._paint_box(painter, rect, box.language)
        painter.setPen(Qt.PenStyle.NoPen)
        for number, quotes in marks.bars:
            rect = _text_rect(self.document().findBlockByNumber(number))
            if rect.intersects(clip):
                self._paint_bars(painter, rect, quotes)
        for number in marks.rules:
            rect = _text_rect(self.document().findBlockByNumber(number))
            line = QRectF(0, rect.center().y(), self.document().textWidth(), 1)
            painter.fillRect(line, self._theme.colour("line"))
        painter.end()
        super().paintEvent(event)

    def _paint_box(self, painter: QPainter, rect: QRectF, language: str) -> None:
        px = self._theme.px
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("code"))
        painter.drawRoundedRect(rect, px("radius"), px("radius"))
        painter.setFont(self._theme.font("text_small"))
        painter.setPen(self._theme.colour("faint"))
        label = QRectF(rect.left() + px("space_2"), rect.top(), rect.width() / 2, px("space_4"))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(label, side, language or self.tr("text"))

    def _paint_bars(self, painter: QPainter, rect: QRectF, quotes: int) -> None:
        px = self._theme.px
        for depth in range(quotes):
            bar = QRectF(depth * px("space_2"), rect.top(), px("stroke"), rect.height())
            painter.fillRect(
                bar.adjusted(0, -px("space_half"), 0, px("space_half")), self._theme.colour("edge")
            )

    # ---- what Qt asks ------------------------------------------------------------------------

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Answers with an empty picture: without one, Qt would look for files of that name."""
        image = QImage(1, 1, QImage.Format.Format_ARGB32)
        image.fill(0)
        return image

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802 - Qt's name
        """Copies text only; the rich text of Qt would carry our colours into other programs."""
        data = QMimeData()
        text = self.textCursor().selectedText()
        data.setText(text.replace(LINE_SEPARATOR, "\n").replace("\u2029", "\n"))
        return data

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tells that somebody has come, before a screen reader is told."""
        self.focused.emit()
        super().focusInEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leaves scrolling to the transcript."""
        event.ignore()

    def sizeHint(self) -> QSize:
        """As high as the text at the present width."""
        return QSize(self.width(), self._height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Moves the buttons with their boxes."""
        super().resizeEvent(event)
        self._place_buttons()

    # ---- slots -------------------------------------------------------------------------------

    def _start_again(self) -> None:
        self._drawn = self._announced = 0
        self._drawing.clear()

    @Slot(QUrl)
    def _on_anchor(self, url: QUrl) -> None:
        number = url.fragment()
        if number.isdigit() and int(number) < len(self._drawing.targets):
            self.link_pressed.emit(self._drawing.targets[int(number)])

    @Slot(QSizeF)
    def _on_size(self, size: QSizeF) -> None:
        height = ceil(size.height())
        if height != self._height:
            self._height = height
            self.height_changed.emit()

    @Slot()
    def _on_theme(self) -> None:
        if self._stream is not None:
            self.show_stream(self._stream)


def _text_rect(block: QTextBlock) -> QRectF:
    layout = block.layout()
    return layout.boundingRect().translated(layout.position())
