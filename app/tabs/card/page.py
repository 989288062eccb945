"""One card on its page: what stands above it folded, its text, its margin; it scrolls for itself."""

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QVBoxLayout, QWidget

from app.reader.card import CardSheet
from app.tabs.card.fact_note import FactNote, below_words
from app.tabs.card.folds import facts_fold, fields_fold, hidden_fold, slots_fold
from app.tabs.card.sheet_area import SheetArea
from app.tabs.licence.statements import wrapping
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.collapsible import CollapsibleSection
from app.words.card import CardFact, card_facts, warnings
from inspector.cards.values import Section

MOST_HEADINGS = 150

_LINE = 1.6
"""How many heights of its letters a line of the text has, and a little more."""


class CardPage(QScrollArea):
    """Shows a card that the reader has read.

    Thread: GUI.
    """

    link_pressed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sheet: CardSheet | None = None
        self._note: FactNote | None = None
        self._wanted: tuple[int, str] | None = None
        self._is_going = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # One that comes and goes changes the width, and a long text is laid out anew for it.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        content = QWidget()
        self._column = QVBoxLayout(content)
        edge = theme.px("space_2")
        self._column.setContentsMargins(edge, theme.px("space_1"), edge, edge)
        self._column.setSpacing(theme.px("space_half"))
        self._above = QVBoxLayout()
        self._above.setSpacing(theme.px("space_half"))
        self.area = SheetArea(theme)
        self._column.addLayout(self._above)
        self._column.addWidget(self.area)
        self._column.addStretch(1)
        # A long word above the text must not make it wider than what is seen.
        content.setMinimumWidth(1)
        self._content = content
        self.setWidget(content)
        content.setAutoFillBackground(False)
        self.area.view.link_pressed.connect(self._on_link)
        self.area.view.fact_pressed.connect(self._on_fact)
        self.area.view.drawn.connect(self._on_drawn)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        # A part that is seen for the first time has no height yet in which to go anywhere.
        self.verticalScrollBar().rangeChanged.connect(self._go)
        for key, step in (("PgUp", -1), ("PgDown", 1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self._page(step))

    @property
    def sheet(self) -> CardSheet | None:
        """The card that is shown."""
        return self._sheet

    @property
    def note(self) -> FactNote | None:
        """The fact that was pressed last."""
        return self._note

    def show_sheet(self, sheet: CardSheet) -> None:
        """Shows a card from its beginning."""
        self._sheet, self._wanted = sheet, None
        while (item := self._above.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for sentence in warnings(sheet):
            line = wrapping(sentence)
            set_look(line, Look.SMALL)
            self._above.addWidget(line)
        facts = card_facts(sheet.card)
        for fold in (
            slots_fold(self._theme, sheet, self.go_to),
            fields_fold(self._theme, sheet),
            facts_fold(self._theme, facts, self.go_to),
            hidden_fold(self._theme, sheet),
        ):
            if fold is not None:
                self._above.addWidget(fold)
        self.area.show_sheet(sheet, facts)
        self.verticalScrollBar().setValue(0)

    def folds(self) -> list[CollapsibleSection]:
        """Returns the folded parts above the text."""
        return self.findChildren(CollapsibleSection)

    def headings(self) -> list[Section]:
        """Returns the outline: the card's headings, no more than a menu can hold."""
        if self._sheet is None:
            return []
        return [one for one in self._sheet.card.sections if one.level][:MOST_HEADINGS]

    def fill_outline(self, menu: QMenu) -> None:
        """Writes the outline into a menu."""
        menu.clear()
        headings = self.headings()
        top = min((one.level for one in headings), default=1)
        for section in headings:
            words = section.heading[:80].replace("&", "&&")
            action = menu.addAction("\N{EM SPACE}" * min(4, section.level - top) + words)
            line = section.line
            action.triggered.connect(lambda _=False, line=line: self.go_to(line))

    def go_to(self, line: int, quote: str = "") -> None:
        """Scrolls to a line of the file, and stays with it while the text is drawn and laid out."""
        self._wanted = (line, quote)
        if self.area.view.is_drawn:
            self._go()

    @Slot()
    def _go(self) -> None:
        if self._wanted is None:
            return
        line, quote = self._wanted
        top = self.area.view.top_of(line, quote)
        if top is not None:
            self.area.view.highlight(line, quote)
            self.scroll_to(top)

    def reveal(self, top: int) -> None:
        """Scrolls to a place of the text, unless it is seen already."""
        self._wanted = None
        whole = self.area.mapTo(self._content, QPoint(0, top)).y()
        first = self.verticalScrollBar().value()
        if not first <= whole <= first + self.viewport().height() - self._theme.px("space_4"):
            self.scroll_to(top)

    def scroll_to(self, top: int) -> None:
        """Scrolls until a place of the text is near the upper edge."""
        # A fold that has just opened has not been laid out; the place would be an old one.
        self._column.activate()
        whole = self.area.mapTo(self._content, QPoint(0, top)).y()
        self._is_going = True
        self.verticalScrollBar().setValue(whole - self._theme.px("space_4"))
        self._is_going = False

    def _on_drawn(self) -> None:
        self._column.activate()
        self._go()

    def _page(self, step: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + step * bar.pageStep())

    def _on_link(self, untrusted_address: str) -> None:
        if not untrusted_address.startswith("#"):
            self.link_pressed.emit(untrusted_address)
            return
        wanted = _anchor(untrusted_address[1:])
        for section in self.headings():
            if _anchor(section.heading) == wanted:
                self.go_to(section.line)
                return

    def _on_fact(self, fact: CardFact) -> None:
        view = self.area.view
        top = view.top_of(fact.line, fact.quote) or 0
        self._note = FactNote(self._theme, fact, self)
        self._note.destroyed.connect(self._on_note_gone)
        line_height = round(view.fontMetrics().lineSpacing() * _LINE)
        self._note.show_below(below_words(view, self, top, line_height))

    def _on_scrolled(self) -> None:
        if not self._is_going:
            self._wanted = None  # a person went elsewhere
        if self._note is not None:
            self._note.close()

    def _on_note_gone(self) -> None:
        self._note = None


def _anchor(heading: str) -> str:
    """Returns a heading as the Hub's page names it in addresses."""
    kept = "".join(c for c in heading.lower() if c.isalnum() or c in " -_")
    return kept.strip().replace(" ", "-").strip("-")
