"""The Chat page: list, transcript and composer, joined by the controller."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.chat.browsing import open_in_browser
from app.chat.chat_layout import ChatLayout
from app.chat.code_colouring import CodeColouring
from app.chat.controller import ChatController
from app.chat.files_in_out import FilesInOut
from app.chat.kept_state import KeptStateDesk
from app.chat.link_dialog import LinkDialog
from app.chat.page_words import hint_words, options_words
from app.chat.recipe_dialog import RecipeDialog
from app.chat.recipes import digest_since
from app.chat.turn_items import Ask, TurnItem, TurnRequest
from app.chat.wishes import Step, TooLong
from app.choose_model import choose_model
from app.context import AppContext, ContextShown
from app.markdown.blocks_text import plain_text
from app.markdown.neutral import visible
from app.notices import Action
from app.window.room import Room
from runner.errors import RunnerError
from runner.protocol.engine import Reading, Sampling
from runner.reader_client import ReaderClient
from runner.session import SessionState
from runner.store.search import Found
from runner.store.values import Chat, ChatId, Turn, TurnId

GGUF = ".gguf"
METER_STEP = 16
"""Tokens between two looks of the meter while an answer arrives: painting costs, too."""


class ChatPage(ChatLayout):
    """Puts the parts together, and turns what a person does into words for the controller.

    Owned by: MainWindow. Thread: GUI.
    """

    key = "chat"
    icon = "chat"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.title = self.tr("Chat")
        self._editing: Turn | None = None
        self._room = Room.WIDE
        self._used = 0
        self._draft_tokens = 0
        self._prompt_tokens = 0
        self._set_aside = ""
        self._failures: set[str] = set()
        self._shown: tuple[bool, ChatId | None] = (False, None)
        self._reading: Reading | None = None
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
        self._search = context.store.open_search()
        # A reader of its own: the inspector's may be hashing a large file for minutes.
        self._reader = ReaderClient(context.porter, context.mailbox.post)
        self._colouring = CodeColouring(self._reader, self)
        self.files = FilesInOut(
            context, self._reader, self.controller, self.composer, self._on_imported, self
        )
        self._connect()
        self.setAcceptDrops(True)
        context.store.when_replaced(lambda: context.mailbox.post(self._on_store_replaced))
        self._on_list_changed()
        self._on_chat_changed()

    # ---- making ------------------------------------------------------------------------------

    def _connect(self) -> None:
        controller, composer, chats = self.controller, self.composer, self.list
        controller.chat_changed.connect(self._on_chat_changed)
        controller.turn_changed.connect(self._on_turn_changed)
        controller.live_grew.connect(self._on_grew)
        controller.live_ended.connect(self._on_live_ended)
        controller.step_changed.connect(self._on_step)
        controller.list_changed.connect(self._on_list_changed)
        controller.question_taken.connect(self._on_question_taken)
        controller.too_long.connect(self._on_too_long)
        controller.failed.connect(self._on_failed)
        controller.context_counted.connect(self._on_context_counted)
        controller.reading.connect(self._on_reading)
        self._fold.toggled.connect(self._on_fold)
        self._cancel_editing.clicked.connect(self._on_edit_cancelled)
        composer.sent.connect(self._on_sent)
        composer.stopped.connect(self.stop)
        composer.attach_wanted.connect(self.files.choose_attachment)
        composer.files_dropped.connect(self._on_files)
        composer.draft_changed.connect(self._on_draft)
        composer.attachments_changed.connect(self._show_meter)
        composer.options_wanted.connect(self._on_options)
        composer.restart_wanted.connect(self._context.models.restart)
        chats.new_wanted.connect(self.new_chat)
        chats.temporary_wanted.connect(partial(self.new_chat, temporary=True))
        chats.chosen.connect(self.open_chat)
        chats.search_wanted.connect(self._on_search)
        chats.rename_wanted.connect(self._on_rename)
        chats.pin_wanted.connect(self._on_pin)
        chats.delete_wanted.connect(self.delete_chat)
        chats.export_wanted.connect(self.files.choose_export)
        chats.import_wanted.connect(self.files.choose_import)
        self.transcript.asked.connect(self._on_asked)
        self.transcript.link_pressed.connect(self._on_link)
        self.transcript.code_settled.connect(self._colouring.colour)
        self.transcript.code_copied.connect(self._on_copied)
        self.start.question_chosen.connect(self._on_starter)
        self.start.open_wanted.connect(self._on_open)
        self.choice.leave_out_chosen.connect(self._on_leave_out)
        self.choice.grow_chosen.connect(self._on_grow)
        self.choice.cancelled.connect(controller.stop)
        self.options.system_changed.connect(controller.set_system)
        self.options.sampling_changed.connect(self._on_sampling)
        self.options.seed_changed.connect(self._on_seed)
        self.options.preset_saved.connect(self._on_preset_saved)
        self._context.models.current_changed.connect(self._on_step)
        self._context.models.state_changed.connect(self._on_step)
        self._context.models.progressed.connect(self._on_step)
        search = QShortcut(QKeySequence("Ctrl+K"), self)
        search.activated.connect(self._on_search_key)

    # ---- what the window asks ----------------------------------------------------------------

    def new_chat(self, *, temporary: bool = False) -> None:
        """Shows an empty chat; what is typed stays, unless it was typed in a temporary chat."""
        self.composer.keep_draft()
        self._end_editing()
        self.controller.new_chat(temporary=temporary)
        self.composer.setFocus()

    @Slot()
    def stop(self) -> None:
        """Stops the answer, or leaves what is being changed."""
        if self._editing is not None and self.controller.step is Step.REST:
            self._on_edit_cancelled()
        self.controller.stop()

    def set_room(self, room: Room) -> None:
        """Folds the list where there is little room."""
        self._room = room
        wished = self._context.settings.current.window.chat_list_open
        self._fold.setChecked(room is Room.WIDE and wished)
        self._on_fold(self._fold.isChecked())

    def open_chat(self, chat_id: ChatId, turn_id: TurnId | None = None) -> None:
        """Shows a chat, and in it the turn that a search found."""
        self.composer.keep_draft()
        self._end_editing()

        def then() -> None:
            if turn_id is None:
                return
            tree = self.controller.tree
            if tree is not None and turn_id not in {turn.id for turn in tree.path()}:
                self.controller.switch(turn_id)
            self.transcript.show_turn(turn_id)

        self.controller.open_chat(chat_id, then)

    def delete_chat(self, chat_id: ChatId) -> None:
        """Deletes a chat; the toast undoes it."""
        tree = self.controller.tree
        if tree is not None and tree.chat.id == chat_id and not self.controller.is_temporary:
            self.controller.stop()
            self.controller.new_chat()
        chats = self._context.store.chats
        self.controller.after(chats.delete(chat_id), lambda _: self._on_deleted(chat_id))

    def finish(self) -> None:
        """Writes down what has arrived and ends the threads; the window is closing."""
        self.controller.close()
        self.states.close()
        self._search.close()
        self._reader.close()

    # ---- what is shown -----------------------------------------------------------------------

    def _items(self) -> list[TurnItem]:
        tree = self.controller.tree
        if tree is None:
            return []
        live = self.controller.live_here
        left_out = live.left_out if live is not None else self.controller.left_out
        return [
            TurnItem(
                turn,
                tree.place(turn),
                is_left_out=at < left_out,
                is_live=live is not None and live.turn_id == turn.id,
            )
            for at, turn in enumerate(tree.path())
        ]

    @Slot()
    def _on_chat_changed(self) -> None:
        items = self._items()
        tree = self.controller.tree
        chat_id = tree.chat.id if tree is not None else None
        key = (self.controller.is_temporary, chat_id)
        before = self._shown
        if key != before:
            self._shown = key
            self.transcript.show_turns([])
            self.transcript.forget_all()
            self._change_draft(before)
        self._stack.setCurrentIndex(1 if items else 0)
        live = self.controller.live_here
        if live is not None:
            self.transcript.set_live(live.turn_id, live.text)
        self.transcript.show_turns(items)
        self.list.show_current(None if self.controller.is_temporary else chat_id)
        path = self.controller.path
        if live is None:
            self._used = path[-1].counts.context_used if path else 0
            if key != before:
                self._context.mailbox.put(ContextShown(self._used))
        self._on_step()

    @Slot(object)
    def _on_turn_changed(self, turn: Turn) -> None:
        tree = self.controller.tree
        if tree is not None and turn.id in tree.by_id:
            self.transcript.update_turn(TurnItem(turn, tree.place(turn)))

    @Slot()
    def _on_grew(self) -> None:
        self._reading = None
        self.transcript.grow()
        if (live := self.controller.live_here) is not None:
            used = self._prompt_tokens + len(live.tokens)
            if abs(used - self._used) >= METER_STEP:
                self._used = used
                self._show_meter()

    @Slot()
    def _on_live_ended(self) -> None:
        self._reading = None
        self.transcript.end_live()

    @Slot()
    def _on_list_changed(self) -> None:
        try:
            self.list.show_chats(self._context.store.chats.list())
        except RunnerError as error:
            self._on_failed(error)
        tree = self.controller.tree
        if tree is not None and not self.controller.is_temporary:
            self.list.show_current(tree.chat.id)

    @Slot()
    def _on_step(self) -> None:
        controller, models = self.controller, self._context.models
        state = self._context.session.state
        self.start.show_model(models.current, state, temporary=controller.is_temporary)
        self.choice.setVisible(controller.step is Step.CHOOSING)
        self.composer.show_state(
            can_send=controller.can_ask,
            answering=controller.step is Step.ANSWERING,
            stopping=state is SessionState.STOPPING,
            failed=state is SessionState.FAILED and models.current is not None,
            hint=hint_words(state, models.current, models.fraction),
        )
        self.composer.show_options(
            options_words(controller.in_force, controller.seed, controller.system)
        )
        self._show_name()
        self._show_meter()
        if self.options.isVisible():
            self._show_options()

    def _show_name(self) -> None:
        tree = self.controller.tree
        if self.controller.is_temporary:
            self._name.setText(self.tr("Temporary chat: never stored"))
        else:
            self._name.setText(visible(tree.chat.title) if tree is not None else "")

    @Slot()
    def _show_meter(self) -> None:
        context = self.controller.context
        if not context:
            self.composer.show_meter("", "", full=False)
            return
        if (reading := self._reading) is not None and reading.total > reading.done:
            said = self.tr("reading {:,} of {:,} tokens").format(reading.done, reading.total)
            self.composer.show_meter(said, self.tr("The prompt is being evaluated."), full=False)
            return
        files = sum(file.tokens for file in self.composer.attachments)
        used = self._used + self._draft_tokens + files
        tip = self.tr(
            "Tokens of this chat and of what you are typing, of the context in force. Counted by the engine."
        )
        self.composer.show_meter(
            self.tr("{:,} of {:,} tokens").format(used, context), tip, full=used > context * 0.95
        )

    def _show_options(self) -> None:
        settings = self._context.settings.current
        self.options.show_values(
            system=self.controller.system,
            in_force=self.controller.in_force,
            preset=self.controller.preset,
            default_preset=settings.chat.preset,
            presets=settings.presets,
            seed=self.controller.seed,
        )

    # ---- what a person does ------------------------------------------------------------------

    @Slot(str)
    def _on_sent(self, text: str) -> None:
        self._set_aside = ""
        if (turn := self._editing) is not None:
            self.controller.edit(turn, text)
        else:
            self.controller.ask(text, self.composer.attachments)

    @Slot()
    def _on_question_taken(self) -> None:
        if self._editing is not None or self.controller.live is None:
            self._end_editing()
        # A question was saved: what kept others from that, as a full disk, is no longer true.
        while self._failures:
            self._context.notices.withdraw(self._failures.pop())
        self.composer.clear()
        self._draft_tokens = 0
        if self._set_aside:
            self.composer.set_text(self._set_aside)
            self._set_aside = ""

    @Slot(str)
    def _on_starter(self, text: str) -> None:
        """Asks a question of the start page; what was typed before stays."""
        self._set_aside = self.composer.text
        self.controller.ask(text, self.composer.attachments)

    def _change_draft(self, before: tuple[bool, ChatId | None]) -> None:
        """Shows the draft of the chat that is shown now, and leaves the last one's where it was.

        What is typed in a new chat goes along to the first chat that is opened; what is typed in
        a temporary chat goes nowhere, least of all into a chat that is stored.
        """
        tree, was_temporary, was_stored = self.controller.tree, before[0], before[1] is not None
        is_temporary = self.controller.is_temporary
        if was_temporary and not is_temporary:
            self.composer.clear()
        if tree is None or is_temporary:
            return
        if was_stored or not self.composer.text:
            self.composer.set_text(tree.chat.draft)

    @Slot(str)
    def _on_draft(self, text: str) -> None:
        if text:
            self.controller.count_text(text, self._on_draft_counted)
        else:
            self._on_draft_counted(0)
        tree = self.controller.tree
        if tree is not None and self._editing is None and not self.controller.is_temporary:
            self.controller.after(
                self._context.store.chats.set_draft(tree.chat.id, text), lambda _: None
            )

    @Slot(TurnRequest)
    def _on_asked(self, request: TurnRequest) -> None:
        tree = self.controller.tree
        turn = tree.by_id.get(request.turn_id) if tree is not None else None
        if tree is None or turn is None:
            return
        match request.ask:
            case Ask.COPY_MARKDOWN:
                self._copy(turn.answer)
            case Ask.COPY_TEXT:
                self._copy(plain_text(turn.answer))
            case Ask.AGAIN:
                self.controller.answer_again(turn)
            case Ask.CONTINUE:
                self.controller.continue_answer(turn)
            case Ask.EDIT:
                self._begin_editing(turn)
            case Ask.INFO:
                files = self._context.library.list()
                since = digest_since(turn.recipe, turn.created, files)
                RecipeDialog(self._context.theme, turn, self, sha256_since=since).open()
            case Ask.PREVIOUS_VERSION | Ask.NEXT_VERSION:
                step = -1 if request.ask is Ask.PREVIOUS_VERSION else 1
                versions = [other.id for other in tree.versions(turn)]
                self._switch(versions, versions.index(turn.id) + step)
            case Ask.PREVIOUS_EDIT | Ask.NEXT_EDIT:
                step = -1 if request.ask is Ask.PREVIOUS_EDIT else 1
                edits = tree.edits(turn)
                at = edits.index(turn.question_id) + step
                if 0 <= at < len(edits):
                    children = tree.children(turn.parent_id)
                    self._switch([max(c.id for c in children if c.question_id == edits[at])], 0)

    def _switch(self, ids: list[TurnId], at: int) -> None:
        if 0 <= at < len(ids):
            self.controller.switch(ids[at])

    def _begin_editing(self, turn: Turn) -> None:
        self._editing = turn
        self._editing_bar.show()
        self.composer.set_text(turn.question)
        self.composer.setFocus()

    def _end_editing(self) -> None:
        self._editing = None
        self._editing_bar.hide()

    @Slot()
    def _on_edit_cancelled(self) -> None:
        self._end_editing()
        self.composer.clear()

    @Slot(object)
    def _on_too_long(self, asked: TooLong) -> None:
        self.choice.ask(asked)

    @Slot(int)
    def _on_leave_out(self, count: int) -> None:
        self.controller.leave_out(count)

    @Slot(int)
    def _on_grow(self, context: int) -> None:
        self.controller.grow_context(context)

    @Slot(object)
    def _on_failed(self, error: RunnerError) -> None:
        self._failures.add(error.code)
        self._context.notices.failure(error)

    @Slot(int)
    def _on_context_counted(self, used: int) -> None:
        self._used = used
        self._show_meter()

    @Slot(int)
    def _on_draft_counted(self, tokens: int) -> None:
        self._draft_tokens = tokens
        self._show_meter()

    @Slot(object)
    def _on_reading(self, reading: Reading) -> None:
        self._reading = reading
        self._prompt_tokens = reading.total
        self._show_meter()

    @Slot(str)
    def _on_link(self, untrusted_address: str) -> None:
        dialog = LinkDialog(self._context.theme, untrusted_address, self)
        why = self.tr("a link in an answer")
        kept = not self.controller.is_temporary
        dialog.open_wanted.connect(
            lambda url: open_in_browser(self._context, url, why, with_path=kept)
        )
        dialog.open()

    @Slot()
    def _on_copied(self) -> None:
        self._context.notices.toast(self.tr("Copied"))

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._on_copied()

    @Slot()
    def _on_options(self) -> None:
        self._show_options()
        self.options.open_above(self.composer)

    @Slot(object, str)
    def _on_sampling(self, sampling: Sampling | None, preset: str) -> None:
        self.controller.set_sampling(sampling, preset)

    @Slot(object)
    def _on_seed(self, seed: int | None) -> None:
        self.controller.seed = seed
        self._on_step()

    @Slot(str, object)
    def _on_preset_saved(self, name: str, sampling: Sampling) -> None:
        own = {**self._context.settings.current.chat.own_presets, name: sampling}
        self._context.settings.change("chat", own_presets=own)
        self.controller.set_sampling(None, name)

    @Slot(str)
    def _on_search(self, text: str) -> None:
        post = self._context.mailbox.post
        self._search.ask(
            text,
            lambda found: post(partial(self._on_found, found)),
            lambda error: post(partial(self._on_failed, error)),
        )

    def _on_found(self, found: Found) -> None:
        self.list.show_found(found)

    @Slot()
    def _on_search_key(self) -> None:
        self._fold.setChecked(True)
        self.list.begin_search()

    def _on_rename(self, chat_id: ChatId, title: str) -> None:
        self.controller.after(self._context.store.chats.rename(chat_id, title), self._on_chat)

    def _on_pin(self, chat_id: ChatId, pinned: bool) -> None:
        self.controller.after(self._context.store.chats.pin(chat_id, pinned=pinned), self._on_chat)

    def _on_chat(self, chat: Chat) -> None:
        self.controller.take_chat(chat)
        self._on_list_changed()

    def _on_store_replaced(self) -> None:
        """A backup was restored: the chat on show is another one's number now."""
        self.controller.stop()
        self.controller.new_chat()
        self._on_list_changed()

    def _on_deleted(self, chat_id: ChatId) -> None:
        self._on_list_changed()
        undo = Action(self.tr("Undo"), partial(self._restore, chat_id))
        self._context.notices.toast(self.tr("Chat deleted"), undo)

    def _restore(self, chat_id: ChatId) -> None:
        chats = self._context.store.chats
        self.controller.after(chats.restore(chat_id), lambda _: self._on_list_changed())

    def _on_imported(self, chat: Chat) -> None:
        self._on_list_changed()
        self.open_chat(chat.id)

    @Slot(bool)
    def _on_fold(self, is_open: bool) -> None:
        self.list.setVisible(is_open)
        self._line.setVisible(is_open)
        if self._room is Room.WIDE:
            self._context.settings.change("window", chat_list_open=is_open)

    @Slot()
    def _on_open(self) -> None:
        choose_model(self._context, self)

    # ---- dropping ----------------------------------------------------------------------------

    @Slot(list)
    def _on_files(self, paths: list[Path]) -> None:
        for path in paths:
            if path.suffix.lower() == GGUF:
                self._context.models.open(path)
            else:
                self.files.attach(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files: models are opened, texts attached."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Opens or attaches what was dropped."""
        event.acceptProposedAction()
        self._on_files(
            [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        )
