"""How much of the context this chat and what is being typed take, below the composer."""

from PySide6.QtCore import QObject, Slot

from app.chat.composer.composer import Composer
from app.chat.running.controller import ChatController
from runner.protocol.engine import Reading

STEP = 16
"""Tokens between two looks while an answer arrives: painting costs, too."""


class ContextMeter(QObject):
    """Adds up what the engine has counted, and has the composer show it.

    Owned by: ChatPage. Thread: GUI.
    """

    def __init__(self, controller: ChatController, composer: Composer, parent: QObject) -> None:
        super().__init__(parent)
        self._controller = controller
        self._composer = composer
        self._used = 0
        self._draft = 0
        self._prompt = 0
        self._reading: Reading | None = None
        controller.context_counted.connect(self._on_counted)
        controller.reading.connect(self._on_reading)
        controller.live_grew.connect(self._on_grew)
        controller.live_ended.connect(self._on_ended)
        composer.attachments_changed.connect(self.show)

    @property
    def used(self) -> int:
        """Tokens of the chat on show."""
        return self._used

    def chat_shown(self) -> None:
        """Takes what the last answer of the branch on show left, unless one is arriving."""
        if self._controller.live_here is None:
            path = self._controller.chat.path
            self._used = path[-1].counts.context_used if path else 0

    def take_draft(self, tokens: int) -> None:
        """Takes what the draft was counted to have."""
        self._draft = tokens
        self.show()

    def forget_draft(self) -> None:
        """The draft was sent."""
        self._draft = 0

    @Slot()
    def show(self) -> None:
        """Shows it, or how far the prompt's evaluation has come."""
        context = self._controller.context
        if not context:
            self._composer.show_meter("", "", full=False)
            return
        if (reading := self._reading) is not None and reading.total > reading.done:
            said = self.tr("reading {:,} of {:,} tokens").format(reading.done, reading.total)
            tip = self.tr("The prompt is being evaluated.")
            self._composer.show_meter(said, tip, full=False)
            return
        files = sum(file.tokens for file in self._composer.attachments)
        used = self._used + self._draft + files
        tip = self.tr(
            "Tokens of this chat and of what you are typing, of the context in force. Counted by the engine."
        )
        self._composer.show_meter(
            self.tr("{:,} of {:,} tokens").format(used, context),
            tip,
            full=used > context * 0.95,
            brief=self.tr("{:,} of {:,}").format(used, context),
        )

    @Slot(int)
    def _on_counted(self, used: int) -> None:
        self._used = used
        self.show()

    @Slot(object)
    def _on_reading(self, reading: Reading) -> None:
        self._reading = reading
        self._prompt = reading.total
        self.show()

    @Slot()
    def _on_grew(self) -> None:
        self._reading = None
        if (live := self._controller.live_here) is not None:
            used = self._prompt + len(live.tokens)
            if abs(used - self._used) >= STEP:
                self._used = used
                self.show()

    @Slot()
    def _on_ended(self) -> None:
        self._reading = None
