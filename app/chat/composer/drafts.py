"""What stands in the composer: a chat's draft, an earlier question being changed, a text set aside."""

from PySide6.QtCore import QObject, Signal, Slot

from app.chat.composer.composer import Composer
from app.chat.composer.context_meter import ContextMeter
from app.chat.running.controller import ChatController
from runner.store import Store
from runner.store.values import ChatId, Turn

Key = tuple[bool, ChatId | None]
"""A chat as drafts know it: whether it is temporary, and its number."""


class Drafts(QObject):
    """Sends what is typed, and sees that each chat finds its own draft again.

    Owned by: ChatPage. Thread: GUI.
    """

    editing_changed = Signal(bool)
    """Whether an earlier question is being changed."""

    def __init__(
        self,
        store: Store,
        controller: ChatController,
        composer: Composer,
        meter: ContextMeter,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._controller = controller
        self._composer = composer
        self._meter = meter
        self._editing: Turn | None = None
        self._set_aside = ""
        composer.sent.connect(self._on_sent)
        composer.draft_changed.connect(self._on_changed)

    @property
    def is_editing(self) -> bool:
        """Whether an earlier question is being changed."""
        return self._editing is not None

    def leave(self) -> None:
        """Keeps what is typed where it was typed: another chat comes."""
        self._composer.keep_draft()
        self.end_editing()

    def chat_shown(self, before: Key) -> None:
        """Shows the draft of the chat that is shown now, and leaves the last one's where it was.

        What is typed in a new chat goes along to the first chat that is opened; what is typed in
        a temporary chat goes nowhere, least of all into a chat that is stored.
        """
        chat = self._controller.chat
        was_temporary, was_stored = before[0], before[1] is not None
        if was_temporary and not chat.is_temporary:
            self._composer.clear()
        if chat.tree is None or chat.is_temporary:
            return
        if was_stored or not self._composer.text:
            self._composer.set_text(chat.tree.chat.draft)

    def leave_what_is_gone(self) -> None:
        """Makes what is typed a new question where the one being changed was deleted."""
        tree = self._controller.chat.tree
        if self._editing is not None and tree is not None and self._editing.id not in tree.by_id:
            self.end_editing()

    def ask_instead(self, question: str) -> None:
        """Asks a question of the start page; what was typed before stays."""
        self._set_aside = self._composer.text
        self._composer.setFocus()  # the button that was pressed goes with its page
        self._controller.ask(question, self._composer.attachments)

    def question_taken(self) -> None:
        """Empties the box: the question is on the disk."""
        if self._editing is not None or self._controller.live is None:
            self.end_editing()
        self._composer.clear()
        self._meter.forget_draft()
        if self._set_aside:
            self._composer.set_text(self._set_aside)
            self._set_aside = ""

    @Slot(object)
    def begin_editing(self, turn: Turn) -> None:
        """Puts an earlier question into the box."""
        self._editing = turn
        self.editing_changed.emit(True)
        self._composer.set_text(turn.question)
        self._composer.setFocus()

    def end_editing(self) -> None:
        """What is in the box is a new question again."""
        self._editing = None
        self.editing_changed.emit(False)

    @Slot()
    def cancel_editing(self) -> None:
        """Leaves the earlier question as it was."""
        self.end_editing()
        self._composer.clear()

    @Slot(str)
    def _on_sent(self, text: str) -> None:
        self._set_aside = ""
        if (turn := self._editing) is not None:
            self._controller.edit(turn, text)
        else:
            self._controller.ask(text, self._composer.attachments)

    @Slot(str)
    def _on_changed(self, text: str) -> None:
        if text:
            self._controller.count_text(text, self._meter.take_draft)
        else:
            self._meter.take_draft(0)
        chat = self._controller.chat
        if chat.chat_id is not None and self._editing is None and not chat.is_temporary:
            kept = self._store.chats.set_draft(chat.chat_id, text)
            self._controller.after(kept, lambda _: None)
