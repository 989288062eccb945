"""What stands above a card: whose it is, as of when, and the ways to others and through it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from app.tabs.card.choice import CardChoice, as_menu
from app.tabs.licence.statements import wrapping
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.eliding_label import ElidingLabel
from app.words.card import card_texts


class CardHead(QWidget):
    """The buttons above a card, its origin and its hash.

    Owned by: CardTab. Thread: GUI.
    """

    outline_wanted = Signal(object)
    """Please fill this menu with the card's headings."""

    def __init__(self, theme: Theme, choice: CardChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._choice = theme, choice
        self.origin = ElidingLabel()
        self.digest = ElidingLabel(mode=Qt.TextElideMode.ElideMiddle)
        for label in (self.origin, self.digest):
            set_look(label, Look.SMALL)
        self.doubt = wrapping("")
        """Why this may be another model's card; hidden where nothing says so."""
        self._doubt_frame = QFrame()
        set_look(self._doubt_frame, Look.WARNING)
        QVBoxLayout(self._doubt_frame).addWidget(self.doubt)
        self._doubt_frame.hide()
        self._outline = QToolButton()
        self._outline.setText(card_texts().said["contents"])
        menu = QMenu(self._outline)
        menu.aboutToShow.connect(lambda: self.outline_wanted.emit(menu))
        as_menu(self._outline, menu)
        tools = QHBoxLayout()
        tools.setSpacing(theme.px("space_1"))
        for button in (choice.button, choice.base_button, self._outline):
            tools.addWidget(button)
        tools.addStretch(1)
        column = QVBoxLayout(self)
        edge = theme.px("space_2")
        column.setContentsMargins(edge, theme.px("space_1"), edge, 0)
        column.setSpacing(theme.px("space_half"))
        column.addLayout(tools)
        column.addWidget(self.origin)
        column.addWidget(self.digest)
        column.addWidget(self._doubt_frame)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_choice(self) -> None:
        """Shows what there is to say: nothing where there is neither a card nor another one."""
        has_card = self._choice.current is not None
        for part in (self._outline, self.origin, self.digest):
            part.setVisible(has_card)
        self.setVisible(has_card or self._choice.has_other)

    def show_card(self, origin: str, place: str, digest: str, *, has_outline: bool) -> None:
        """Shows whose card was read, where it lies, and its hash."""
        self.origin.setText(origin)
        self.origin.set_tip(place)
        self.digest.setText(digest)
        self._outline.setVisible(has_outline)

    def show_doubt(self, sentence: str) -> None:
        """Says why this may be another model's card; nothing where nothing says so."""
        self.doubt.setText(sentence)
        self._doubt_frame.setVisible(bool(sentence))

    def _restyle(self) -> None:
        icon = self._theme.icon("chevron-down")
        self._outline.setIcon(icon)
        self._choice.button.setIcon(icon)
