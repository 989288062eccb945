"""The row below an answer: copy, regenerate, versions, edit, continue, delete, what made it."""

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCursor, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from app.chat.turns.turn_items import AFTER_THE_ANSWER, Ask, TurnItem, TurnRequest
from app.chat.turns.turn_words import deletion
from app.theme.looks import Look, set_look
from app.theme.theme import Theme

FOLDING = (Ask.COPY_TEXT, Ask.INFO, Ask.EDIT, Ask.CONTINUE, Ask.AGAIN, Ask.COPY_MARKDOWN)
"""What goes into the menu where the row is narrow, first to last."""


class TurnActions(QWidget):
    """What can be asked of one turn; each button says which on its signal.

    The row keeps to one line, so that nothing moves when it is shown: what has no room with its
    whole word is in a menu at its end, and so is what takes something away.
    """

    asked = Signal(TurnRequest)
    left = Signal()
    """The menu is closed; the row may no longer be needed."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._item: TurnItem | None = None
        self._folded: set[Ask] = set()
        self._can_delete = True
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.px("space_half"))
        self._buttons: dict[Ask, QToolButton] = {}
        self._add(Ask.COPY_MARKDOWN, self.tr("Copy"), self.tr("Copy the answer as Markdown"))
        self._buttons[Ask.COPY_MARKDOWN].setProperty("at_edge", True)
        self._add(
            Ask.COPY_TEXT,
            self.tr("Copy as text"),
            self.tr("Copy the answer without Markdown signs"),
        )
        self._add(Ask.AGAIN, self.tr("Regenerate"), self.tr("Answer again; this answer is kept"))
        self._add(
            Ask.CONTINUE, self.tr("Continue"), self.tr("Let the model go on with this answer")
        )
        self._add(
            Ask.EDIT,
            self.tr("Edit question"),
            self.tr("Ask this again in other words; this branch is kept"),
        )
        self._add(Ask.INFO, self.tr("Info"), self.tr("What this answer was made with"))
        self.more = self._make_more()
        self._versions = self._stepper(Ask.PREVIOUS_VERSION, Ask.NEXT_VERSION, self.tr("answer"))
        self._edits = self._stepper(Ask.PREVIOUS_EDIT, Ask.NEXT_EDIT, self.tr("question"))
        self._row.addStretch(1)

    def show_item(self, item: TurnItem) -> None:
        """Brings buttons and counts up to date."""
        self._item = item
        place = item.place
        versions, edits = self.tr("Answer {} of {}"), self.tr("Question {} of {}")
        self._tell(self._versions, place.version, place.versions, versions, "{}/{}")
        # Two pairs of arrows with bare numbers would not say which of them is which.
        self._tell(self._edits, place.edit, place.edits, edits, self.tr("question {}/{}"))
        self._buttons[Ask.PREVIOUS_VERSION].setEnabled(place.version > 1)
        self._buttons[Ask.NEXT_VERSION].setEnabled(place.version < place.versions)
        self._buttons[Ask.PREVIOUS_EDIT].setEnabled(place.edit > 1)
        self._buttons[Ask.NEXT_EDIT].setEnabled(place.edit < place.edits)
        self._fit()

    def allow_deleting(self, allowed: bool) -> None:
        """Says whether a turn of this chat may be deleted now."""
        self._can_delete = allowed

    @property
    def lead(self) -> int:
        """How far right of its edge the first word begins: Qt adds a space on each side of it."""
        return self._buttons[Ask.COPY_MARKDOWN].fontMetrics().horizontalAdvance(" ")

    def button(self, ask: Ask) -> QToolButton:
        """Returns the button for `ask`."""
        return self._buttons[ask]

    def is_kept(self, turn: QWidget) -> bool:
        """Says whether the keyboard or the pointer still needs this row."""
        focused = QApplication.focusWidget()
        return (
            turn.underMouse()
            or turn.hasFocus()
            or self._menu.isVisible()
            or (focused is not None and self.isAncestorOf(focused))
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Looks again which words there is room for."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Looks again when the words have become larger or smaller."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """Puts into the menu what the row would have to cut; of the rest each word is whole."""
        if self._item is None:
            return
        folded: set[Ask] = set()
        for ask in FOLDING:
            if self._needed(folded) <= self.width():
                break
            folded.add(ask)
        for ask in FOLDING:
            self._buttons[ask].setVisible(ask not in folded)
            # Gone they would leave their place to others, which a second click would press.
            self._buttons[ask].setEnabled(not (self._item.is_live and ask in AFTER_THE_ANSWER))
        self._folded = folded

    def _needed(self, left_out: set[Ask]) -> int:
        """Returns the width of the row without some of its words."""
        parts: list[QWidget] = [self._buttons[ask] for ask in FOLDING if ask not in left_out]
        parts += [self.more]
        parts += [one for one in (self._versions, self._edits) if not one.isHidden()]
        for part in parts:
            part.ensurePolished()
        return sum(part.sizeHint().width() + self._row.spacing() for part in parts)

    def _make_more(self) -> QToolButton:
        more = QToolButton()
        more.setText(self.tr("More"))
        more.setToolTip(self.tr("What else can be done with this answer"))
        more.setAccessibleName(self.tr("More for this answer"))
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        set_look(more, Look.QUIET)
        self._menu = QMenu(more)
        self._menu.setAccessibleName(more.accessibleName())
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill_menu)
        # Queued: the menu still counts as seen while it tells of its end.
        self._menu.aboutToHide.connect(self._on_menu_closed, Qt.ConnectionType.QueuedConnection)
        more.setMenu(self._menu)
        self._row.addWidget(more)
        return more

    def _on_menu_closed(self) -> None:
        # Qt tells nobody that the pointer left while a menu was open: the button would stay lit.
        for one in (self.more, self.parentWidget()):
            if one is not None and not one.rect().contains(one.mapFromGlobal(QCursor.pos())):
                one.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
                one.update()
        self.left.emit()

    def _fill_menu(self) -> None:
        self._menu.clear()
        for ask, button in self._buttons.items():
            if ask in self._folded:
                action = self._menu.addAction(button.text(), button.click)
                action.setToolTip(button.toolTip())
                action.setEnabled(button.isEnabled())
        if self._item is not None:
            self._menu.addSeparator()
            request = TurnRequest(Ask.DELETE, self._item.turn.id)
            words = deletion(self._item)
            delete = self._menu.addAction(words.offer, partial(self.asked.emit, request))
            delete.setToolTip(words.stays)
            delete.setEnabled(self._can_delete)

    def _tell(self, stepper: QWidget, number: int, count: int, name: str, shown: str) -> None:
        stepper.setVisible(count > 1)
        label = stepper.findChild(QLabel)
        if label is not None:
            label.setText(shown.format(number, count))
            label.setAccessibleName(name.format(number, count))
            label.setToolTip(name.format(number, count))

    def _add(self, ask: Ask, text: str, tip: str) -> None:
        self._row.addWidget(self._button(ask, text, tip))

    def _button(self, ask: Ask, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text if len(text) > 1 else tip)
        button.setProperty("ask", ask.value)
        set_look(button, Look.QUIET)
        button.clicked.connect(self._on_clicked)
        self._buttons[ask] = button
        return button

    def _stepper(self, back: Ask, forth: Ask, what: str) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(self._theme.px("space_1"), 0, 0, 0)
        row.setSpacing(0)
        label = QLabel()
        set_look(label, Look.FAINT)
        row.addWidget(self._button(back, "‹", self.tr("Previous {}").format(what)))
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self._button(forth, "›", self.tr("Next {}").format(what)))
        self._row.addWidget(holder)
        return holder

    def _on_clicked(self) -> None:
        if self._item is not None:
            ask = Ask(self.sender().property("ask"))
            self.asked.emit(TurnRequest(ask, self._item.turn.id))
