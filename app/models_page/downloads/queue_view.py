"""The downloads on screen: how far each is, what holds it up, and what can be done."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.models_page.downloads.downloads import Downloads
from app.models_page.hub.token_dialog import NEEDS_ONE
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.eliding_label import ElidingLabel
from app.widgets.empty_state import EmptyState
from app.widgets.scrolled import scrolled
from app.words.fetches import fetch_words
from inspector.untrusted import shown
from runner.fetch.queue import FetchProgress
from runner.store.fetches import UNFINISHED, FetchId, FetchState

STEPS = 1000


class FetchCard(QFrame):
    """One download."""

    paused = Signal()
    resumed = Signal()
    cancelled = Signal()
    opened = Signal()
    page_wanted = Signal(str)
    token_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, Look.CARD)
        self._address = ""
        self._name = ElidingLabel()
        self._from = ElidingLabel()
        set_look(self._from, Look.SMALL)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, STEPS)
        self.words = QLabel()
        set_look(self.words, Look.SMALL)
        self.trouble = QLabel()
        for label in (self.words, self.trouble):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.pause = QPushButton(self.tr("Pause"))
        self.resume = QPushButton(self.tr("Go on"))
        self.load = QPushButton(self.tr("Load and chat"))
        self.page = QPushButton(self.tr("Open its page on the Hub"))
        self.token = QPushButton(self.tr("Give a token…"))
        self.token.clicked.connect(self.token_wanted)
        self.cancel = QPushButton(self.tr("Give up"))
        self.cancel.setToolTip(self.tr("Takes it off this list and removes the part that came."))
        set_look(self.load, Look.PRIMARY)
        self.pause.clicked.connect(self.paused)
        self.resume.clicked.connect(self.resumed)
        self.load.clicked.connect(self.opened)
        self.cancel.clicked.connect(self.cancelled)
        self.page.clicked.connect(lambda: self.page_wanted.emit(self._address))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._name)
        names.addWidget(self._from)
        head = QHBoxLayout()
        head.addLayout(names, 1)
        for button in (self.load, self.pause, self.resume, self.cancel):
            head.addWidget(button)
        column = QVBoxLayout(self)
        edge = theme.px("space_2")
        column.setContentsMargins(edge, theme.px("space_1"), edge, theme.px("space_1"))
        column.setSpacing(theme.px("space_half"))
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self.words)
        column.addWidget(self.trouble)
        help_line = QHBoxLayout()
        help_line.addWidget(self.page)
        help_line.addWidget(self.token)
        help_line.addStretch(1)
        column.addLayout(help_line)

    def show_progress(self, progress: FetchProgress) -> None:
        """Shows where the download stands now."""
        fetch = progress.fetch
        self._address = str(fetch.error.context.get("page", ""))
        name = shown(fetch.files[0].path.rpartition("/")[2], 160)
        if len(fetch.files) > 1:
            name = self.tr("{name} and {count} more files").format(
                name=name, count=len(fetch.files) - 1
            )
        self._name.setText(name)
        self._from.setText(f"{shown(fetch.repository, 120)} · {fetch.commit[:12]}")
        said = fetch_words(progress)
        self.words.setText(said.state)
        self.trouble.setText(said.trouble)
        self.trouble.setVisible(bool(said.trouble))
        self._bar.setVisible(fetch.state is not FetchState.DONE)
        self._bar.setValue(round(STEPS * fetch.done / fetch.size) if fetch.size else 0)
        # Not at each step: a screen reader would say every one.
        self._bar.setAccessibleName(self.tr("Progress of {name}").format(name=name))
        self.setAccessibleName(f"{name}. {said.trouble or self.words.text()}")
        is_going = fetch.state in UNFINISHED
        waits = fetch.state is FetchState.WAITING or progress.retry_in_s is not None
        self.pause.setVisible(is_going)
        self.resume.setVisible((not is_going and fetch.state is not FetchState.DONE) or waits)
        self.resume.setText(
            self.tr("Try again") if fetch.state is FetchState.FAILED else self.tr("Go on")
        )
        self.load.setVisible(fetch.state is FetchState.DONE)
        self.page.setVisible(bool(self._address))
        self.token.setVisible(fetch.error.code in NEEDS_ONE)
        self.cancel.setText(
            self.tr("Off the list") if fetch.state is FetchState.DONE else self.tr("Give up")
        )


class QueueView(QWidget):
    """Every download of the list. Owned by: the Models page. Thread: GUI."""

    load_wanted = Signal(object)
    page_wanted = Signal(str)
    find_wanted = Signal()
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
        for number in [number for number in self.cards if number not in listed]:
            card = self.cards.pop(number)
            card.hide()
            card.deleteLater()
        for progress in listed.values():
            self._on_changed(progress)
        self._show_empty()

    def _on_changed(self, progress: FetchProgress) -> None:
        number = progress.fetch.id
        card = self.cards.get(number)
        if card is None:
            if all(one.fetch.id != number for one in self._downloads.every()):
                return
            card = self._make(number)
        card.show_progress(progress)
        self._show_empty()

    def _make(self, number: FetchId) -> FetchCard:
        card = FetchCard(self._theme)
        self.cards[number] = card
        # The newest stands first: it is what a person has just asked for.
        self._column.insertWidget(0, card)
        card.paused.connect(partial(self._downloads.pause, number))
        card.cancelled.connect(partial(self._downloads.cancel, number))
        card.resumed.connect(partial(self._on_resumed, number))
        card.opened.connect(partial(self._on_opened, number))
        card.page_wanted.connect(self.page_wanted)
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
