"""What the status line and the top bar say, gathered from what processes have said."""

import os

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.context import AppContext, ContextShown
from app.window.memory import resident_bytes
from app.window.status_line import StatusLine
from app.window.words_of_states import connection_words
from app.words.quantities import bytes_in_words, count_in_words
from runner.porter.wire import Attempt, Facts, Looked
from runner.protocol.engine import Chunk, Done, Loaded, Reading, StateRestored, Unloaded
from runner.session import SessionState
from runner.store.ledger_lines import Line, Passing

MEMORY_EVERY_MS = 5000
STREAM_EVERY_MS = 250
"""How often the count of an answer on its way is drawn again; nobody reads it faster."""


class _Streaming(msgspec.Struct):
    """An answer on its way; counts are of what has arrived here."""

    run: int
    prompt_tokens: int = 0
    tokens: int = 0


class StatusFacts(QObject):
    """Hears events and fills the status line.

    Owned by: the main window. Thread: GUI.
    """

    proved = Signal(Facts)
    """The porter has read what is in force for the engine process."""

    def __init__(self, context: AppContext, line: StatusLine, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._line = line
        self._streaming = _Streaming(0)
        context.mailbox.arrived.connect(self._on_arrived)
        context.models.current_changed.connect(self._forget)
        context.models.state_changed.connect(self._on_state)
        self._timer = QTimer(self)
        self._timer.setInterval(MEMORY_EVERY_MS)
        self._timer.timeout.connect(self._weigh)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(STREAM_EVERY_MS)
        self._soon.timeout.connect(self._say_streaming)

    def _on_arrived(self, events: list[object]) -> None:
        """Folds a batch; what streams is drawn a little later, with what has come until then."""
        streamed = False
        for event in events:
            match event:
                case Loaded():
                    self._on_loaded(event)
                case Unloaded():
                    self._forget(None)
                case Reading():
                    self._streaming = _Streaming(event.run, event.total)
                    streamed = True
                case Chunk() if event.run == self._streaming.run:
                    self._streaming.tokens += len(event.tokens)
                    streamed = True
                case Done():
                    streamed = False
                    self._soon.stop()
                    self._context.porter.look()
                    self._on_done(event)
                case ContextShown() | StateRestored():
                    self._on_context(event)
                case Facts():
                    self._context.porter.look()
                    if self._is_of_the_chat(event):
                        self.proved.emit(event)
                case Attempt() | Looked() | Line() | Passing():
                    self._say_connections()
                case _:
                    pass
        if streamed and not self._soon.isActive():
            self._soon.start()

    def _is_of_the_chat(self, facts: Facts) -> bool:
        """Whether this is the model process that answers here; a bench may run another."""
        child = self._context.session.child
        return child is not None and child.facts is not None and child.facts.number == facts.number

    def _say_streaming(self) -> None:
        used = self._streaming.prompt_tokens + self._streaming.tokens
        self._say_context(used, self.tr("counted while the answer arrives"))

    def _on_loaded(self, loaded: Loaded) -> None:
        ref = self._context.models.current
        self._line.say("model", ref.name if ref else "", str(ref.path) if ref else "")
        text = self._offloaded(loaded) if loaded.layers_offloaded else ""
        self._line.say(
            "device",
            text or self._processor(loaded.threads),
            self.tr("Source: what the engine said when it loaded."),
        )
        self._say_context(0, self.tr("nothing evaluated yet"))
        self._weigh()
        self._timer.start()

    def _offloaded(self, loaded: Loaded) -> str:
        # Late: most starts have no device.
        from app.model.devices import is_tried

        names = [device.name for device in loaded.devices]
        words = self.tr("{device}, {on} of {all} layers").format(
            device=", ".join(names), on=loaded.layers_offloaded, all=loaded.layers
        )
        if all(is_tried(name) for name in names):
            return words
        return self.tr("{words} (not tried on this kind of device)").format(words=words)

    def _processor(self, threads: int) -> str:
        if threads == 1:
            return self.tr("CPU, 1 thread")
        return self.tr("CPU, {count} threads").format(count=threads)

    def _on_done(self, done: Done) -> None:
        if done.decode_tps > 0:
            self._line.say(
                "speed",
                self.tr("{speed:.0f} tokens/s").format(speed=done.decode_tps),
                self.tr(
                    "Source: measured by the engine over the {count} tokens of the last answer."
                ).format(count=done.tokens),
            )
        loaded = self._context.models.loaded
        if loaded is not None and not loaded.layers_offloaded:
            self._line.say(
                "device",
                self._processor(done.threads),
                self.tr("Source: what the engine said at the end of the last answer."),
            )
        self._say_context(done.context_used, self.tr("read from the engine's cache"))

    def _on_context(self, event: ContextShown | StateRestored) -> None:
        match event:
            case ContextShown():
                self._say_context(event.used, self.tr("as counted with the chat on show"))
            case StateRestored():
                self._say_context(event.tokens, self.tr("tokens restored from disk"))

    def _on_state(self, state: SessionState) -> None:
        if state in {SessionState.FAILED, SessionState.IDLE}:
            self._forget(None)

    def _forget(self, _: object) -> None:
        self._timer.stop()
        self._soon.stop()
        for key in ("model", "device", "context", "speed", "memory"):
            self._line.say(key, "", "")

    def _say_context(self, used: int, how: str) -> None:
        loaded = self._context.models.loaded
        if loaded is None:
            return
        self._line.say(
            "context",
            self.tr("Context {used} of {all}").format(
                used=count_in_words(used), all=count_in_words(loaded.context)
            ),
            self.tr("Source: {how}; the model was trained on {trained} tokens.").format(
                how=how, trained=count_in_words(loaded.context_trained)
            ),
        )

    def _say_connections(self) -> None:
        """Says what was counted last; Monitor reads the same record."""
        text, tip = connection_words(self._context.porter.snapshot(), self._context.traffic)
        self._line.say("connections", text, tip)

    def _weigh(self) -> None:
        """Reads how much memory the engine and this window have; cheap enough for a slow timer."""
        child = self._context.session.child
        if child is None or not child.pid:
            self._line.say("memory", "", "")
            return
        engine, window = resident_bytes(child.pid), resident_bytes(os.getpid())
        if not engine or not window:
            self._line.say("memory", "", "")
            return
        self._line.say(
            "memory",
            self.tr("Model {model}, window {window}").format(
                model=bytes_in_words(engine), window=bytes_in_words(window)
            ),
            self.tr("Source: resident memory of the two processes, as the system counts it."),
        )
