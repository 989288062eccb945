"""One download on screen: how far it is, what holds it up, and what can be done about it."""

from collections.abc import Sequence

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

from app.models_page.hub.token_dialog import MAY_HELP
from app.models_page.hub.token_words import keyring_words
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.eliding_label import ElidingLabel
from app.words.fetches import fetch_words
from inspector.untrusted import shown
from runner.fetch.queue import FetchProgress
from runner.store.fetches import UNFINISHED, FetchState

STEPS = 1000

LOOK_AGAIN = frozenset({"courier.no_such_file", "courier.too_long", "fetch.changed"})
"""What went wrong because the repository holds something else now than when it was listed."""


class FetchCard(QFrame):
    """One download."""

    paused = Signal()
    resumed = Signal()
    cancelled = Signal()
    opened = Signal()
    page_wanted = Signal(str)
    token_wanted = Signal()
    files_wanted = Signal(str)
    """What this repository holds now is to be seen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, Look.CARD)
        self._address = self._repository = ""
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
        self.files = QPushButton(self.tr("Look at its files"))
        self.files.clicked.connect(lambda: self.files_wanted.emit(self._repository))
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
        head.setSpacing(theme.px("space_1"))
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
        help_line.setSpacing(theme.px("space_1"))
        help_line.addWidget(self.page)
        help_line.addWidget(self.token)
        help_line.addWidget(self.files)
        help_line.addStretch(1)
        column.addLayout(help_line)

    def show_progress(self, progress: FetchProgress, *, goes_on: bool) -> None:
        """Shows where the download stands now.

        Args:
            progress: of the download.
            goes_on: the queue may run, so that who waits does so for their turn.
        """
        fetch = progress.fetch
        self._repository = fetch.repository
        self._address = str(fetch.error.context.get("page", ""))
        name = shown(fetch.files[0].path.rpartition("/")[2], 160)
        if len(fetch.files) > 1:
            name = self.tr("{name} and {count} more files").format(
                name=name, count=len(fetch.files) - 1
            )
        self._name.setText(name)
        self._from.setText(f"{shown(fetch.repository, 120)} · {fetch.commit[:12]}")
        said = fetch_words(progress, goes_on=goes_on)
        self.words.setText(said.state)
        self.trouble.setText(f"{said.trouble} {keyring_words(fetch.error.code)}".strip())
        self.trouble.setVisible(bool(said.trouble))
        self._bar.setVisible(fetch.state is not FetchState.DONE)
        self._bar.setValue(round(STEPS * fetch.done / fetch.size) if fetch.size else 0)
        # Not at each step: a screen reader would say every one.
        self._bar.setAccessibleName(self.tr("Progress of {name}").format(name=name))
        self.setAccessibleName(f"{name}. {said.trouble or self.words.text()}")
        self._offer(progress, goes_on)

    def _offer(self, progress: FetchProgress, goes_on: bool) -> None:
        """Offers what can be done now, and leaves the keyboard where it was of use."""
        fetch = progress.fetch
        had_keyboard = _has_keyboard(self._useful())
        is_going = fetch.state in UNFINISHED
        is_done = fetch.state is FetchState.DONE
        tries_again = progress.retry_in_s is not None
        is_held_up = fetch.state is FetchState.WAITING and not goes_on
        self.pause.setVisible(is_going)
        self.resume.setVisible(not (is_going or is_done) or tries_again or is_held_up)
        self.resume.setText(self._resume_words(fetch.state, tries_again))
        self.load.setVisible(is_done)
        self.page.setVisible(bool(self._address))
        self.token.setVisible(fetch.error.code in MAY_HELP)
        self.files.setVisible(fetch.error.code in LOOK_AGAIN)
        self.cancel.setText(self.tr("Off the list") if is_done else self.tr("Give up"))
        if had_keyboard and not _has_keyboard(self._useful()):
            # By itself it would go on to "Give up", which a second press would then do.
            self.take_keyboard()

    def take_keyboard(self) -> None:
        """Puts the keyboard where a person goes on with this download."""
        next(button for button in self._useful() if not button.isHidden()).setFocus()

    def has_keyboard(self) -> bool:
        """Whether the keyboard is at one of its buttons."""
        return self.isAncestorOf(self.window().focusWidget())

    def _useful(self) -> tuple[QPushButton, ...]:
        """Returns the buttons that take nothing away."""
        return (self.resume, self.pause, self.load, self.page, self.token, self.files)

    def _resume_words(self, state: FetchState, tries_again: bool) -> str:
        if tries_again:
            return self.tr("Try now")
        return self.tr("Try again") if state is FetchState.FAILED else self.tr("Go on")


def _has_keyboard(buttons: Sequence[QPushButton]) -> bool:
    """Whether one of them has the keyboard, or will have it once the window is in front again."""
    return any(
        button.window().focusWidget() is button and not button.isHidden() for button in buttons
    )
