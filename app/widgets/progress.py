"""Progress of a wait: nothing for the first 200 ms, then a bar, after 2 s the time left.

Where nobody can tell how long it takes, it says after a while how long it has been.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from app.theme.looks import Look, set_look
from app.words.translation import translate

SHOWN_AFTER_MS = 200
TIME_AFTER_S = 2.0
SO_FAR_AFTER_S = 5.0
SECOND_MS = 1000
STEPS = 1000


class DelayedProgress(QWidget):
    """A thin bar that appears when a wait turns out to be one, with a way to stop it.

    Args:
        can_stop: whether `stop_wanted` means anything here; without it there is no button.
        clock: seconds; a test gives its own.
    """

    stop_wanted = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        can_stop: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._can_stop = can_stop
        self._began = 0.0
        self._what = ""
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)  # it names files
        set_look(self._words, Look.SMALL)
        self._button = QPushButton(self.tr("Stop"))
        self._button.setVisible(False)
        set_look(self._button, Look.QUIET)
        self._button.clicked.connect(self.stop_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._bar, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words)
        row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_AFTER_MS)
        self._timer.timeout.connect(self.show)
        self._seconds = QTimer(self)
        self._seconds.setInterval(SECOND_MS)
        self._seconds.timeout.connect(self._say_how_long)
        self.hide()

    def begin(self, what: str) -> None:
        """Starts waiting for `what`; the bar runs to and fro until there is a measure."""
        self._began = self._clock()
        self._what = what
        self.setAccessibleName(what)
        self._bar.setRange(0, 0)
        self._words.setText(what)
        self._button.setVisible(self._can_stop)
        self._timer.start()
        self._seconds.start()

    def report(self, done: float, total: float) -> None:
        """Says how far it has come; a total of 0 means that nobody knows."""
        if total <= 0:
            return
        self._seconds.stop()
        share = min(1.0, done / total)
        self._bar.setRange(0, STEPS)
        self._bar.setValue(round(share * STEPS))
        passed = self._clock() - self._began
        if passed >= TIME_AFTER_S and share > 0:
            self._words.setText(time_left(passed * (1 - share) / share))

    def end(self) -> None:
        """It is over, however it ended."""
        self._timer.stop()
        self._seconds.stop()
        self.hide()

    def said(self) -> str:
        """Returns what it says."""
        return self._words.text()

    def _say_how_long(self) -> None:
        """Says how long it has been: the window is alive, and somebody else is slow."""
        passed = self._clock() - self._began
        if passed >= SO_FAR_AFTER_S:
            words = self.tr("{what} {count} s so far")
            self._words.setText(words.format(what=self._what, count=int(passed)))


def time_left(seconds: float) -> str:
    """Returns how long is left, no more exactly than it can be known."""
    if seconds < 5:
        return translate("Progress", "a few seconds left")
    if seconds < 90:
        return translate("Progress", "about {count} s left").format(count=5 * round(seconds / 5))
    return translate("Progress", "about {count} min left").format(count=round(seconds / 60))
