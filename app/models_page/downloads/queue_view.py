"""The downloads on screen: how far each is, what holds it up, and what can be done."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models_page.downloads.downloads import Downloads
from app.models_page.downloads.fetch_card import FetchCard
from app.theme.theme import Theme
from app.widgets.empty_state import EmptyState
from app.widgets.scrolled import scrolled
from runner.fetch.queue import FetchProgress
from runner.store.fetches import FetchId


class QueueView(QWidget):
    """Every download of the list. Owned by: the Models page. Thread: GUI."""

    load_wanted = Signal(object)
    page_wanted = Signal(str)
    find_wanted = Signal()
    files_wanted = Signal(str)
    """What this repository holds now is to be seen."""
    token_wanted = Signal(object)
    """A token is to be asked for: what is called once there is one."""

    def __init__(self, theme: Theme, downloads: Downloads, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._downloads = downloads
        self.cards: dict[FetchId, FetchCard] = {}
        self.empty = EmptyState(
            theme,
            self.tr(
                "Nothing is on its way. What you download is listed here until it has arrived."
            ),
            self.tr("Find a model"),
        )
        self.empty.pressed.connect(self.find_wanted)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px("space_1"))
        self._column.addStretch(1)
        self._scroll = scrolled(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.empty)
        whole.addWidget(self._scroll, 1)
        downloads.changed.connect(self._on_changed)
        downloads.dropped.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows the list as it is."""
        listed = {one.fetch.id: one for one in self._downloads.every()}
        had_keyboard = False
        for number in [number for number in self.cards if number not in listed]:
            card = self.cards.pop(number)
            had_keyboard |= card.has_keyboard()
            card.hide()
            card.deleteLater()
        for progress in listed.values():
            self._on_changed(progress)
        self._show_empty()
        if had_keyboard:
            # Else it would be in the top bar next.
            rest = list(self.cards.values())
            if rest:
                rest[-1].take_keyboard()
            else:
                self.empty.take_keyboard()

    def _on_changed(self, progress: FetchProgress) -> None:
        number = progress.fetch.id
        card = self.cards.get(number)
        if card is None:
            if all(one.fetch.id != number for one in self._downloads.every()):
                return
            card = self._make(number)
        card.show_progress(progress, goes_on=self._downloads.goes_on)
        self._show_empty()

    def _make(self, number: FetchId) -> FetchCard:
        card = FetchCard(self._theme)
        self.cards[number] = card
        # The newest stands first: it is what a person has just asked for.
        self._column.insertWidget(0, card)
        card.paused.connect(partial(self._downloads.pause, number))
        card.cancelled.connect(partial(self._downloads.give_up, number))
        card.resumed.connect(partial(self._on_resumed, number))
        card.opened.connect(partial(self._on_opened, number))
        card.page_wanted.connect(self.page_wanted)
        card.files_wanted.connect(self.files_wanted)
        card.token_wanted.connect(partial(self._on_token, number))
        return card

    def _find(self, number: FetchId) -> FetchProgress | None:
        return next((one for one in self._downloads.every() if one.fetch.id == number), None)

    def _on_resumed(self, number: FetchId) -> None:
        progress = self._find(number)
        if progress is not None:
            self._downloads.resume(progress)

    def _on_token(self, number: FetchId) -> None:
        self.token_wanted.emit(partial(self._on_resumed, number))

    def _on_opened(self, number: FetchId) -> None:
        progress = self._find(number)
        if progress is not None:
            self.load_wanted.emit(progress.fetch)

    def _show_empty(self) -> None:
        self.empty.setVisible(not self.cards)
        self._scroll.setVisible(bool(self.cards))
