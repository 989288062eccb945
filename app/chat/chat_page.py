"""The Chat page: list, transcript and composer, joined by the controller."""

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.chat.chat_layout import ChatLayout
from app.chat.chats.chats_desk import ChatsDesk
from app.chat.composer.context_meter import ContextMeter
from app.chat.composer.drafts import Drafts
from app.chat.composer.options_desk import OptionsDesk
from app.chat.page_words import hint_words
from app.chat.probe_desk import ProbeDesk
from app.chat.running.controller import ChatController
from app.chat.running.kept_state import KeptStateDesk
from app.chat.running.wishes import Step, TooLong
from app.chat.turns.turn_items import TurnItem
from app.chat.turns.turns_desk import TurnsDesk
from app.context import AppContext, ContextShown
from app.markdown.neutral import visible
from app.window.room import Room
from runner.errors import RunnerError
from runner.reader_client import ReaderClient
from runner.session import SessionState
from runner.store.chats import Chats
from runner.store.values import Chat, ChatId, Turn, TurnId

if TYPE_CHECKING:
    from app.chat.composer.context_choice import ContextChoice
    from app.chat.files_in_out import FilesInOut
    from app.chat.turns.transcript import TranscriptView

GGUF = ".gguf"


class ChatPage(ChatLayout):
    """Puts the parts together, and turns what a person does into words for the controller.

    Owned by: MainWindow. Thread: GUI.
    """

    key = "chat"
    icon = "chat"

    models_wanted = Signal()
    """Somebody wants another model than those that are here."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.title = self.tr("Chat")
        self._room = Room.WIDE
        self._failures: set[str] = set()
        self._shown: tuple[bool, ChatId | None] = (False, None)
        self.controller = ChatController(
            context.store,
            context.session,
            context.mailbox,
            context.settings,
            context.models.current_with_digest,
            self,
        )
        self.states = KeptStateDesk(
            context.store,
            context.session,
            context.mailbox,
            self.controller,
            lambda: bool(self.composer.text),
            self,
        )
        self.meter = ContextMeter(self.controller, self.composer, self)
        self.chats = ChatsDesk(context, self.controller, self.list, self)
        self.turns = TurnsDesk(context, self.controller, self)
        self.drafts = Drafts(context.store, self.controller, self.composer, self.meter, self)
        self.options = OptionsDesk(context, self.controller, self.composer, self)
        # A reader of its own: the inspector's may be hashing a large file for minutes.
        self._reader = ReaderClient(context.porter, context.mailbox.post)
        self._connect()
        self.probes = ProbeDesk(context, self.controller, self._set_draft_aside, self)
        context.store.when_replaced(lambda: context.mailbox.post(self._on_store_replaced))
        self.chats.show()
        self._on_chat_changed()

    # ---- making ------------------------------------------------------------------------------

    def _connect(self) -> None:
        controller, composer, chats = self.controller, self.composer, self.list
        controller.chat.changed.connect(self._on_chat_changed)
        controller.turn_changed.connect(self._on_turn_changed)
        controller.live_grew.connect(self._on_grew)
        controller.live_ended.connect(self._on_live_ended)
        controller.step_changed.connect(self._on_step)
        controller.question_taken.connect(self._on_question_taken)
        controller.too_long.connect(self._on_too_long)
        controller.failed.connect(self._on_failed)
        self.chats.failed.connect(self._on_failed)
        self.turns.edit_wanted.connect(self.drafts.begin_editing)
        self.turns.came_back.connect(self._on_turn_back)
        self._fold.toggled.connect(self._on_fold)
        self.drafts.editing_changed.connect(self._on_editing)
        self.editing_cancelled.connect(self.drafts.cancel_editing)
        composer.stopped.connect(self.stop)
        composer.attach_wanted.connect(self._on_attach)
        composer.files_dropped.connect(self._on_files)
        self.files_dropped.connect(self._on_files)
        composer.restart_wanted.connect(self._context.models.restart)
        chats.new_wanted.connect(self.new_chat)
        chats.temporary_wanted.connect(partial(self.new_chat, temporary=True))
        chats.chosen.connect(self.open_chat)
        chats.export_wanted.connect(self._on_export)
        chats.import_wanted.connect(self._on_import)
        self.start.question_chosen.connect(self.drafts.ask_instead)
        self.start.find_wanted.connect(self.models_wanted)
        self.start.open_wanted.connect(self._on_open)
        self._context.models.current_changed.connect(self._on_step)
        self._context.models.state_changed.connect(self._on_step)
        self._context.models.progressed.connect(self._on_step)

    # ---- made late ---------------------------------------------------------------------------

    @cached_property
    def transcript(self) -> "TranscriptView":
        """The turns of the chat on show."""
        from app.chat.turns.code_colouring import CodeColouring

        transcript = super().transcript
        transcript.asked.connect(self.turns.do)
        transcript.link_pressed.connect(self.turns.ask_about_link)
        transcript.code_settled.connect(CodeColouring(self._reader, self).colour)
        transcript.code_copied.connect(self.turns.tell_copied)
        return transcript

    @cached_property
    def choice(self) -> "ContextChoice":
        """Asked where a conversation no longer fits."""
        choice = super().choice
        choice.leave_out_chosen.connect(self.controller.leave_out)
        choice.grow_chosen.connect(self.controller.grow_context)
        choice.cancelled.connect(self.controller.stop)
        return choice

    @cached_property
    def files(self) -> "FilesInOut":
        """Attachments, exports and imports."""
        from app.chat.files_in_out import FilesInOut

        return FilesInOut(
            self._context, self._reader, self.controller, self.composer, self._on_imported, self
        )

    def late_parts(self) -> list[Callable[[], object]]:
        """Returns what makes the parts that the first paint went without, one after the other."""
        return [
            lambda: self.transcript,
            lambda: self.files,
            lambda: self.options.panel,
        ]

    # ---- what the window asks ----------------------------------------------------------------

    def new_chat(self, *, temporary: bool = False) -> None:
        """Shows an empty chat; what is typed stays, unless it was typed in a temporary chat."""
        self.drafts.leave()
        self.controller.chat.new(temporary=temporary)
        self.composer.setFocus()

    def begin_search(self) -> None:
        """Puts the cursor into the search of chats, unfolding their list."""
        self._fold.setChecked(True)
        self.list.begin_search()

    @Slot()
    def stop(self) -> None:
        """Stops the answer, or leaves what is being changed."""
        if self.drafts.is_editing and self.controller.step is Step.REST:
            self.drafts.cancel_editing()
        self.controller.stop()

    def set_room(self, room: Room) -> None:
        """Folds the list where there is little room."""
        self._room = room
        wished = self._context.settings.current.window.chat_list_open
        self._fold.setChecked(room is Room.WIDE and wished)
        self._on_fold(self._fold.isChecked())

    def open_chat(self, chat_id: ChatId, turn_id: TurnId | None = None) -> None:
        """Shows a chat, and in it the turn that a search found."""
        self.drafts.leave()

        def then() -> None:
            if turn_id is None:
                return
            tree = self.controller.chat.tree
            if tree is not None and turn_id not in {turn.id for turn in tree.path()}:
                self.controller.chat.switch(turn_id)
            self.transcript.show_turn(turn_id)

        self.controller.chat.open(chat_id, then)

    def _set_draft_aside(self) -> Callable[[], None]:
        """Returns what puts back, after a question, what is typed now."""
        text = self.composer.text
        return lambda: self.composer.set_text(text)

    def finish(self) -> None:
        """Writes down what has arrived and ends the threads; the window is closing."""
        self.controller.close()
        self.states.close()
        self.chats.close()
        self._reader.close()

    # ---- what is shown -----------------------------------------------------------------------

    @Slot()
    def _on_chat_changed(self) -> None:
        chat_id = self.controller.chat.chat_id
        key = (self.controller.chat.is_temporary, chat_id)
        before = self._shown
        if key != before:
            self._shown = key
            if self.is_made("transcript"):
                self.transcript.show_turns([])
                self.transcript.forget_all()
            self.drafts.chat_shown(before)
        self.drafts.leave_what_is_gone()
        live = self.controller.live_here
        items = self.controller.chat.items(live)
        if live is not None:
            self.transcript.set_live(live.turn_id, live.text)
        if items or self.is_made("transcript"):
            self.transcript.show_turns(items)
        self._stack.setCurrentIndex(1 if items else 0)
        self.list.show_current(None if self.controller.chat.is_temporary else chat_id)
        used = self.meter.used
        self.meter.chat_shown()
        if live is None and (key != before or self.meter.used != used):
            self._context.mailbox.put(ContextShown(self.meter.used))
        self._on_step()

    @Slot(object)
    def _on_turn_changed(self, turn: Turn) -> None:
        tree = self.controller.chat.tree
        if tree is not None and turn.id in tree.by_id:
            followed = bool(tree.children(turn.id))
            self.transcript.update_turn(TurnItem(turn, tree.place(turn), is_followed=followed))

    @Slot(object, object)
    def _on_turn_back(self, chats: Chats, turn: Turn) -> None:
        if self.controller.chat.holds(chats, turn.id):
            self.transcript.show_turn(turn.id)
        elif chats is self._context.store.chats:  # a temporary chat that was left is gone
            self.open_chat(turn.chat_id, turn.id)

    @Slot()
    def _on_grew(self) -> None:
        self.transcript.grow()

    @Slot()
    def _on_live_ended(self) -> None:
        self.transcript.end_live()

    def _show_choice(self, shown: bool) -> None:
        if not shown and self.choice.isAncestorOf(self.focusWidget()):
            self.composer.setFocus()  # or Qt would hand the keyboard to the top bar
        self.choice.setVisible(shown)

    @Slot()
    def _on_step(self) -> None:
        controller, models = self.controller, self._context.models
        state = self._context.session.state
        self.start.show_model(models.current, state, temporary=controller.chat.is_temporary)
        if controller.step is Step.CHOOSING or self.is_made("choice"):
            self._show_choice(controller.step is Step.CHOOSING)
        self.composer.show_state(
            can_send=controller.can_ask,
            answering=controller.step is Step.ANSWERING,
            stopping=state is SessionState.STOPPING,
            failed=state is SessionState.FAILED and models.current is not None,
            hint=hint_words(state, models.current, models.fraction),
        )
        if self.is_made("transcript"):
            self.transcript.allow_deleting(controller.can_delete)
        self.options.show()
        self._show_name()
        self.meter.show()

    def _show_name(self) -> None:
        tree = self.controller.chat.tree
        if self.controller.chat.is_temporary:
            self._name.setText(self.tr("Temporary chat: never stored"))
        else:
            self._name.setText(visible(tree.chat.title) if tree is not None else "")

    # ---- what a person does ------------------------------------------------------------------

    @Slot()
    def _on_question_taken(self) -> None:
        # A question was saved: what kept others from that, as a full disk, is no longer true.
        while self._failures:
            self._context.notices.withdraw(self._failures.pop())
        self.drafts.question_taken()

    @Slot(object)
    def _on_too_long(self, asked: TooLong) -> None:
        self.choice.ask(asked)

    @Slot()
    def _on_attach(self) -> None:
        self.files.choose_attachment()

    @Slot(object, str)
    def _on_export(self, chat_id: ChatId, ending: str) -> None:
        self.files.choose_export(chat_id, ending)

    @Slot()
    def _on_import(self) -> None:
        self.files.choose_import()

    @Slot(bool)
    def _on_editing(self, is_editing: bool) -> None:
        if is_editing or self.is_made("editing_bar"):
            self.editing_bar.setVisible(is_editing)

    @Slot(object)
    def _on_failed(self, error: RunnerError) -> None:
        self._failures.add(error.code)
        self._context.notices.failure(error)

    def _on_store_replaced(self) -> None:
        """A backup was restored: the chat on show is another one's number now."""
        self.controller.stop()
        self.controller.chat.new()
        self.chats.show()

    def _on_imported(self, chat: Chat) -> None:
        self.chats.show()
        self.open_chat(chat.id)

    @Slot(bool)
    def _on_fold(self, is_open: bool) -> None:
        self.list.setVisible(is_open)
        self._line.setVisible(is_open)
        if self._room is Room.WIDE:
            self._context.settings.change("window", chat_list_open=is_open)

    @Slot()
    def _on_open(self) -> None:
        from app.model.choose import choose_model

        choose_model(self._context, self)

    # ---- dropping ----------------------------------------------------------------------------

    @Slot(list)
    def _on_files(self, paths: list[Path]) -> None:
        for path in paths:
            if path.suffix.lower() == GGUF:
                self._context.models.open(path)
            else:
                self.files.attach(path)
