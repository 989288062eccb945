"""The answer that arrives: written down every half second, and whole at its end."""

from concurrent.futures import Future

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.chat.running.later import Later
from app.chat.running.recipes import recipe_after
from app.chat.running.run import LiveRun
from runner.protocol.engine import Chunk, Done, StopReason
from runner.store.chats import Chats
from runner.store.values import Turn, TurnState

WRITE_MS = 500
"""How often an arriving answer is written down."""


class ArrivingAnswer(QObject):
    """At most one answer at a time, in the chat on show or another.

    Owned by: ChatController. Thread: GUI.
    """

    ended = Signal()
    """Nothing more comes; it is not on the disk yet."""
    kept = Signal(object, object)
    """It is on the disk whole: where, and the turn."""

    def __init__(self, later: Later, parent: QObject) -> None:
        super().__init__(parent)
        self._later = later
        self._run: LiveRun | None = None
        self._writing: Future[None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(WRITE_MS)
        self._timer.timeout.connect(self._write)

    @property
    def run(self) -> LiveRun | None:
        """What has arrived so far; None where nothing is awaited."""
        return self._run

    @property
    def number(self) -> int:
        """The run that is awaited; 0 for none."""
        return self._run.number if self._run else 0

    def begin(self, run: LiveRun) -> None:
        """Takes what `run` brings from now on."""
        self._run = run
        self._timer.start()

    def take(self, chunk: Chunk) -> bool:
        """Adds a piece, and says whether it was this answer's."""
        if self._run is None or chunk.run != self._run.number:
            return False
        self._run.take(chunk)
        return True

    def end(self, state: TurnState, reason: str, done: Done | None = None) -> None:
        """Writes it down whole; without `done`, with what is known anyway."""
        run, self._run = self._run, None
        self._timer.stop()
        if run is None:
            return
        run.text.finish()
        future = run.chats.finish(
            run.turn_id,
            run.text.answer_text,
            state,
            reason,
            thinking=run.text.thinking_text,
            recipe=recipe_after(run.recipe, done, run.text.thinking_marks),
            counts=run.counts(done),
            tokens=run.tokens,
        )
        chats = run.chats
        self._later.when(future, lambda turn: self._on_kept(chats, turn))
        self.ended.emit()

    def stop_here(self) -> None:
        """Writes down what has come, where somebody has turned to something else."""
        self.end(TurnState.STOPPED, StopReason.STOPPED)

    def _on_kept(self, chats: Chats, turn: Turn) -> None:
        self.kept.emit(chats, turn)

    @Slot()
    def _write(self) -> None:
        """Writes what has arrived, unless the last writing is still under way."""
        run = self._run
        if run is None or (self._writing is not None and not self._writing.done()):
            return
        text = run.text
        self._writing = run.chats.write_answer(run.turn_id, text.answer_text, text.thinking_text)
