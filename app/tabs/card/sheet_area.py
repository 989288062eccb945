"""The card's text with a margin for flags, as high as the text."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from app.reader.card import CardSheet
from app.tabs.card.text_view import CardView
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.words.card import CardFact, card_texts

MOST_FLAGS = 200
_SETTLE_MS = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginFlag:
    """A number in the margin.

    Attributes:
        key: names what it leads to.
        line: of the file, from 1.
        quote: the words that it is about, where they are known; else the line is enough.
        said: what it says to a pointer or a screen reader.
        role: the theme's colour; the number and `said` say the same without it.
    """

    number: int
    key: str
    line: int
    quote: str
    said: str
    role: str


class FlagButton(QAbstractButton):
    """A small number that can be pressed.

    Thread: GUI.
    """

    def __init__(self, theme: Theme, flag: MarginFlag, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self.flag = theme, flag
        self.setText(str(flag.number))
        self.setToolTip(flag.said)
        self.setAccessibleName(flag.said)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setCheckable(True)
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """As wide as two digits."""
        return QSize(self._theme.px("space_3"), self._theme.px("space_2") + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the number in a frame of the verdict's colour; filled while it is chosen."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.colour(self.flag.role)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(self._theme.colour("focus") if self.hasFocus() else colour)
        painter.setBrush(colour if self.isChecked() else self._theme.colour("raised"))
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        painter.setFont(self._theme.font("text_small"))
        painter.setPen(self._theme.colour("raised") if self.isChecked() else colour)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.text())


class SheetArea(QWidget):
    """Text and margin. Its height follows its width.

    Thread: GUI.
    """

    flag_pressed = Signal(str)
    claim_wanted = Signal(str, int, int)
    """Selected words, and the first and last line of the file that they are from."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._flags: list[FlagButton] = []
        self._can_add = False
        self._has_margin = False
        self._is_arranging = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SETTLE_MS)
        self._later.timeout.connect(self._draw_again)
        self.view = CardView(theme, self)
        self.view.height_changed.connect(self._arrange)
        self.view.drawn.connect(self._place_flags)
        self.view.selectionChanged.connect(self._on_selected)
        said = card_texts().said
        self._add = QPushButton(said["add_claim"], self)
        self._add.setToolTip(said["add_claim_tip"])
        self._add.setAccessibleDescription(said["add_claim_tip"])
        set_look(self._add, Look.PRIMARY)
        self._add.hide()
        self._add.clicked.connect(self._on_add)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._height = 1
        theme.changed.connect(self._arrange)

    def show_sheet(self, sheet: CardSheet, facts: Sequence[CardFact]) -> None:
        """Shows a card; its flags come later, if at all."""
        self.set_flags(())
        self.view.show_sheet(sheet, facts)
        self._arrange()

    def set_has_margin(self, has_margin: bool) -> None:
        """Says whether flags may come; a margin that came later would lay the whole text out anew."""
        if has_margin != self._has_margin:
            self._has_margin = has_margin
            self._arrange()

    def set_can_add(self, can_add: bool) -> None:
        """Says whether selected words can become a claim."""
        self._can_add = can_add
        self._on_selected()

    @property
    def flags(self) -> Sequence[FlagButton]:
        """The flags, in their order."""
        return self._flags

    @property
    def add_button(self) -> QPushButton:
        """Turns the selected words into a claim; only seen beside them."""
        return self._add

    def set_flags(self, flags: Sequence[MarginFlag]) -> None:
        """Puts these flags into the margin."""
        for button in self._flags:
            button.hide()
            button.deleteLater()
        self._flags = []
        for flag in sorted(flags, key=lambda one: (one.line, one.number))[:MOST_FLAGS]:
            button = FlagButton(self._theme, flag, self)
            button.clicked.connect(self._on_flag)
            button.hide()
            self._flags.append(button)
        self._arrange()
        if self.view.is_drawn:
            self._place_flags()

    def choose_flag(self, key: str) -> int | None:
        """Fills the flags of a claim; returns how far down the first one is."""
        first: int | None = None
        for button in self._flags:
            is_it = button.flag.key == key
            button.setChecked(is_it)
            if is_it and first is None:
                first = button.y()
                self.view.highlight(button.flag.line, button.flag.quote)
        return first

    def sizeHint(self) -> QSize:
        """As high as the text at the present width."""
        return QSize(self.width(), self._height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lays the text out anew."""
        super().resizeEvent(event)
        self._arrange()

    # ---- places ------------------------------------------------------------------------------

    def _margin(self) -> int:
        return self._theme.px("space_4") if self._has_margin else 0

    def _arrange(self) -> None:
        if self._is_arranging:
            # Laying text out changes its height, which asks for another arrangement.
            return
        width = max(1, self.width() - self._margin())
        if self.view.is_large and self.view.is_drawn and width != self.view.width():
            self._later.start()
            return
        self._is_arranging = True
        height = self.view.height_at(width)
        self._place_view(width, height)
        self._is_arranging = False
        if self.view.is_drawn:
            self._place_flags()

    def _draw_again(self) -> None:
        """Takes a long text's new width: it is emptied first, and drawn in slices."""
        self.view.clear_text()
        self._arrange()
        self.view.draw_again()

    def _place_view(self, width: int, height: int) -> None:
        left = 0 if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else self._margin()
        self.view.setGeometry(left, 0, width, height)
        if height != self._height:
            self._height = height
            self.updateGeometry()

    def _place_flags(self) -> None:
        left = 0
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            left = self.width() - self._theme.px("space_3")
        free = 0
        for button in self._flags:
            top = self.view.top_of(button.flag.line, button.flag.quote)
            button.setVisible(top is not None)
            if top is not None:
                # Flags of one line stand below one another: a margin has no room beside.
                free = max(free, top)
                button.move(left, free)
                free += button.height() + 1
        self._on_selected()

    # ---- slots -------------------------------------------------------------------------------

    def _on_flag(self) -> None:
        button = self.sender()
        if isinstance(button, FlagButton):
            self.flag_pressed.emit(button.flag.key)

    def _on_selected(self) -> None:
        words, _, _ = self.view.selected_lines() if self._can_add else ("", 0, 0)
        self._add.setVisible(bool(words))
        if words:
            cursor = self.view.textCursor()
            cursor.setPosition(cursor.selectionEnd())
            below = self.view.mapTo(self, self.view.cursorRect(cursor).bottomLeft())
            self._add.adjustSize()
            left = min(below.x(), self.width() - self._add.width())
            top = min(below.y() + 4, max(0, self.height() - self._add.height()))
            self._add.move(QPoint(max(0, left), top))
            self._add.raise_()

    def _on_add(self) -> None:
        words, first, last = self.view.selected_lines()
        if words:
            self.claim_wanted.emit(words, first, last)
        cursor = self.view.textCursor()
        cursor.clearSelection()
        self.view.setTextCursor(cursor)
