"""The button that has the model process try to phone home, and what became of each call."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.context import AppContext
from app.tabs.monitor.tries import join
from app.tabs.monitor.words import monitor_words, trial_headline, trial_rows
from app.theme.looks import Look, set_look
from app.widgets.fact_row import FactRows
from runner.errors import RunnerError
from runner.porter.wire import Attempt
from runner.protocol.engine import Tried, Try

LAST_WORD_MS = 300
"""How long the porter's word may come after the process's own before a call counts as untold."""

MOST_HEARD = 1000
"""So many attempts are kept for a trial, which has some fifteen."""


class Trial(QWidget):
    """Asks the model process to try every way out, and shows its answers beside the porter's.

    Owned by: the Monitor tab. Thread: GUI.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._attempts: list[Attempt] = []
        self._tries: list[Try] = []
        self._run = 0
        self._asked = -1
        self._tried = -1  # the process that the rows are of
        self._is_cut_off = False
        words = monitor_words().said
        self._button = QPushButton(words["try_button"])
        self._button.setToolTip(words["try_hint"])
        self._button.setAccessibleDescription(words["try_hint"])
        self._button.clicked.connect(self.begin)
        self._line = QLabel()
        self._line.setWordWrap(True)
        set_look(self._line, Look.FAINT)
        self._rows = FactRows(gap=context.theme.px("space_1"))
        self._rows.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LAST_WORD_MS)
        self._timer.timeout.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(context.theme.px("space_1"))
        column.addWidget(self._button)
        column.addWidget(self._line)
        column.addWidget(self._rows)
        context.mailbox.arrived.connect(self._on_arrived)
        context.models.state_changed.connect(self.refresh)
        self.refresh()

    @property
    def button(self) -> QPushButton:
        """Begins a trial."""
        return self._button

    @property
    def line(self) -> str:
        """What is said of the last trial."""
        return self._line.text()

    def shown(self) -> list[str]:
        """Returns each way out with what became of it."""
        return [
            label.accessibleName()
            for label in self._rows.findChildren(QLabel)
            if label.accessibleName()
        ]

    def begin(self) -> None:
        """Asks for a trial; nothing happens without a model process, or while one lasts.

        The button stays enabled meanwhile: a disabled one would give the keyboard to another.
        """
        if self._run:
            return
        try:
            self._run = self._context.session.try_out()
        except RunnerError:
            self.refresh()  # it has ended since the button was drawn
            return
        self._asked = self._number()
        self._attempts, self._tries = [], []
        self._is_cut_off = False
        self._rows.hide()
        self._line.setText(monitor_words().said["try_waiting"])

    def refresh(self, _: object = None) -> None:
        """Offers a trial while there is a process to make it."""
        can = self._context.session.loaded is not None
        # Whoever was to answer may be gone without a word, and another be there already.
        if self._run and not (can and self._number() == self._asked):
            self._run = 0
            self._timer.stop()
            self._is_cut_off = (
                True  # until the next trial: a load may last, and be followed by another
            )
        self._button.setEnabled(can)
        if self._tried not in {-1, self._number()}:
            # What another process was refused says nothing of this one.
            self._tried = -1
            self._rows.clear()
            self._rows.hide()
            self._line.clear()
        words = monitor_words().said
        if self._is_cut_off:
            self._line.setText(words["try_cut_off" if can else "try_cut_off_none"])
        elif not can:
            self._line.setText(words["try_none"])
        elif self._line.text() == words["try_none"]:
            self._line.clear()
        self._line.setVisible(bool(self._line.text()))

    def _on_arrived(self, events: list[object]) -> None:
        if not self._run:
            return
        for event in events:
            match event:
                case Attempt() if event.number == self._number():
                    # A process that tries without end and never answers is not waited for so.
                    if len(self._attempts) < MOST_HEARD:
                        self._attempts.append(event)
                case Tried() if event.run == self._run:
                    self._tries = event.tries
                    self._timer.start()
                case _:
                    pass

    def _number(self) -> int:
        """Returns the chat's model process; a bench may run another at the same time."""
        child = self._context.session.child
        return child.facts.number if child is not None and child.facts is not None else -1

    def _show(self) -> None:
        self._run = 0
        told = join(self._tries, self._attempts)
        self._line.setText(trial_headline(told, self._context.clock()))
        self._rows.clear()
        for row in trial_rows(told):
            self._rows.add(row.label, row.value, row.source)
        self._rows.show()
        self._tried = self._asked
        self.refresh()
