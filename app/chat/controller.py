"""The chat's state machine: a question is on disk before it is sent, an answer while it arrives.

It alone speaks to the model session about answers, and it alone writes turns.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.chat.answer import AnswerText
from app.chat.conversation import (
    InForce,
    Plan,
    larger_context,
    largest_question,
    plan,
    prefill,
    question_text,
    room_for_answer,
    sampling_in_force,
    surely_fits,
    turns_to_leave_out,
)
from app.chat.later import Later
from app.chat.recipes import recipe_after, recipe_before
from app.chat.run import LiveRun
from app.chat.trees import with_turn
from app.chat.wishes import Step, TooLong, Wish
from app.mailbox import Mailbox
from app.model_ref import ModelRef
from app.settings import SettingsFile
from app.words.endings import ending_error
from runner.errors import RunnerError
from runner.protocol import engine
from runner.protocol.common import Ended, Failed, Ready
from runner.protocol.engine import Chunk, Done, Sampling, StopReason
from runner.session import ModelSession, SessionState, StateChanged
from runner.store import Store
from runner.store.chats import Chats, title_from
from runner.store.rows import storable
from runner.store.tree import ChatTree
from runner.store.values import Attachment, Chat, ChatId, Turn, TurnId, TurnState

WRITE_MS = 500
"""How often an arriving answer is written down."""

MOST_COUNTS = 4
"""How often a conversation is counted to find what fits."""


class ChatController(QObject):
    """One chat on show, and the answer that is being made in it.

    Owned by: ChatPage. Thread: GUI; what the store and the engine say comes through the mailbox.

    Args:
        model: tells which model is loaded, for recipes.
    """

    chat_changed = Signal()
    """Another chat or branch is on show; `tree` and `path` have it."""
    turn_changed = Signal(object)
    """A turn of the chat on show has new values."""
    live_began = Signal(object)
    live_grew = Signal()
    live_ended = Signal()
    step_changed = Signal()
    list_changed = Signal()
    """The list of chats is no longer what it was."""
    question_taken = Signal()
    """The question is on disk: the composer may forget it."""
    too_long = Signal(object)
    failed = Signal(object)
    """A RunnerError that a person is told about; what they typed stays where it is."""
    context_counted = Signal(int)
    reading = Signal(object)

    def __init__(
        self,
        store: Store,
        session: ModelSession,
        mailbox: Mailbox,
        settings: SettingsFile,
        model: Callable[[], ModelRef | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._session = session
        self._mailbox = mailbox
        self._settings = settings
        self._model = model
        self._later = Later(mailbox, self.failed.emit)
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chat-reader")
        self._chats: Chats = store.chats
        self._tree: ChatTree | None = None
        self._opening = 0
        self._step = Step.REST
        self._wish: Wish | None = None
        self._counting: dict[int, Callable[[int], None]] = {}
        self._counts_left = 0
        self._leaves_out: ChatId | None = None
        self._live: LiveRun | None = None
        self._writing: Future[None] | None = None
        self._build: Mapping[str, str] = {}
        self._system = ""
        self._sampling: Sampling | None = None
        self._preset = ""
        self.seed: int | None = None
        """The seed that is kept for every answer; None draws one each time."""
        self._after_load: Wish | None = None
        self._growing = 0
        self._timer = QTimer(self)
        self._timer.setInterval(WRITE_MS)
        self._timer.timeout.connect(self._write_answer)
        mailbox.arrived.connect(self._on_events)

    # ---- what it is --------------------------------------------------------------------------

    @property
    def step(self) -> Step:
        """What it is doing."""
        return self._step

    @property
    def tree(self) -> ChatTree | None:
        """The chat on show with its turns; None while nothing was asked in it."""
        return self._tree

    @property
    def path(self) -> tuple[Turn, ...]:
        """The branch on show."""
        return self._tree.path() if self._tree else ()

    @property
    def live(self) -> LiveRun | None:
        """The answer that is arriving, in this chat or another."""
        return self._live

    @property
    def live_here(self) -> LiveRun | None:
        """The answer that is arriving in the chat on show."""
        live = self._live
        if live is None or self._tree is None or live.turn_id not in self._tree.by_id:
            return None
        return live if live.chats is self._chats else None

    @property
    def is_temporary(self) -> bool:
        """Whether the chat on show is never stored."""
        return self._chats is not self._store.chats

    @property
    def can_ask(self) -> bool:
        """Whether a question would be answered now."""
        return self._step is Step.REST and self._session.state is SessionState.READY

    @property
    def context(self) -> int:
        """Tokens of context in force; 0 without a model."""
        return self._session.loaded.context if self._session.loaded else 0

    @property
    def system(self) -> str:
        """The system prompt of the chat on show."""
        return self._tree.chat.system if self._tree else self._system

    @property
    def in_force(self) -> InForce:
        """The sampling of the next answer here."""
        chat = self._tree.chat if self._tree else None
        own = chat.sampling if chat else self._sampling
        preset = (chat.preset if chat else self._preset) or self._settings.current.chat.preset
        presets = self._settings.current.presets
        return sampling_in_force(own, preset, presets, self._session.loaded)

    @property
    def preset(self) -> str:
        """The named sampling of the chat on show; empty where it has none."""
        return self._tree.chat.preset if self._tree else self._preset

    @property
    def left_out(self) -> int:
        """How many turns of the branch the last answer was made without."""
        path = self.path
        return path[-1].counts.turns_left_out if path else 0

    # ---- which chat --------------------------------------------------------------------------

    def new_chat(self, *, temporary: bool = False) -> None:
        """Shows an empty chat; it is written down with its first question."""
        self._opening += 1
        self._chats = self._store.temporary if temporary else self._store.chats
        self._tree = None
        self._system, self._sampling, self._preset = "", None, ""
        self._give_up_wish()
        self.chat_changed.emit()

    def open_chat(self, chat_id: ChatId, then: Callable[[], None] = lambda: None) -> None:
        """Shows a stored chat, read on another thread; `then` is called when it is shown."""
        self._opening += 1
        opening, chats = self._opening, self._store.chats

        def shown(tree: ChatTree) -> None:
            if opening != self._opening:
                return
            self._chats, self._tree = chats, tree
            self._give_up_wish()
            self.chat_changed.emit()
            then()

        self._later.when(self._reader.submit(chats.tree, chat_id), shown)

    def set_system(self, text: str) -> None:
        """Sets the system prompt of the chat on show."""
        text = storable(text)
        if self._tree is None:
            self._system = text
        else:
            self._later.when(self._chats.set_system(self._tree.chat.id, text), self._on_chat)

    def set_sampling(self, sampling: Sampling | None, preset: str = "") -> None:
        """Gives the chat on show a sampling of its own; None follows settings and file."""
        if self._tree is None:
            self._sampling, self._preset = sampling, preset
            self.step_changed.emit()
        else:
            future = self._chats.set_sampling(self._tree.chat.id, sampling, preset)
            self._later.when(future, self._on_chat)

    def switch(self, turn_id: TurnId) -> None:
        """Shows the newest branch through a turn."""
        self._later.when(self._chats.switch(turn_id), partial(self._on_chat, shows=True))

    def close(self) -> None:
        """Stops listening, and writes down what has arrived."""
        self._timer.stop()
        if (live := self._live) is not None:
            self._finish(live, TurnState.STOPPED, StopReason.STOPPED, None)
        self._reader.shutdown(wait=True, cancel_futures=True)

    def after(self, future: Future[Any], done: Callable[[Any], object]) -> None:
        """Calls `done` on the GUI thread with what the store answers; `failed` tells otherwise."""
        self._later.when(future, done)

    def take_chat(self, chat: Chat) -> None:
        """Takes a chat's new title or mark, where it is the one on show."""
        if not self.is_temporary:
            self._on_chat(chat)

    # ---- asking ------------------------------------------------------------------------------

    def ask(self, question: str, attachments: Sequence[Attachment] = ()) -> None:
        """Asks below the last turn; `question_taken` follows, or `failed`, or `too_long`."""
        path = self.path
        parent = path[-1].id if path else None
        self._begin(Wish(question=question, attachments=tuple(attachments), parent_id=parent))

    def edit(self, turn: Turn, question: str) -> None:
        """Asks another question in a turn's place; the old branch is kept."""
        self._begin(Wish(question=question, attachments=turn.attachments, parent_id=turn.parent_id))

    def answer_again(self, turn: Turn) -> None:
        """Makes another version of an answer."""
        self._begin(Wish(question=turn.question, attachments=turn.attachments, turn=turn))

    def continue_answer(self, turn: Turn) -> None:
        """Lets the model go on with an answer."""
        self._begin(
            Wish(question=turn.question, attachments=turn.attachments, turn=turn, goes_on=True)
        )

    def stop(self) -> None:
        """Stops the present answer, or the wish for one."""
        if self._step is Step.ANSWERING:
            self._session.stop()
        elif self._step in (Step.COUNTING, Step.CHOOSING):
            self._give_up_wish()

    def leave_out(self, count: int) -> None:
        """Goes on without the oldest turns; in this chat nobody is asked again."""
        if self._step is Step.CHOOSING and self._wish is not None:
            self._leaves_out = self._tree.chat.id if self._tree else None
            self._write(replace(self._wish, left_out=count))

    def grow_context(self, context: int) -> None:
        """Loads the model again with a larger context, then asks."""
        if self._step is Step.CHOOSING and self._wish is not None:
            self._after_load = self._wish
            self._growing = self._session.restart(context=context)

    def count_text(self, text: str, counted: Callable[[int], None]) -> None:
        """Counts a draft or an attachment, where that is possible now."""
        if self.can_ask and len(text) <= largest_question(self.context) // 4:
            self._count(counted, text=storable(text))

    # ---- from wish to run --------------------------------------------------------------------

    def _begin(self, wish: Wish) -> None:
        if not self.can_ask:
            self.failed.emit(RunnerError("chat.not_ready"))
            return
        size = len(question_text(wish.question, wish.attachments).encode("utf-8", "replace"))
        most = largest_question(self.context)
        if size > most:
            code = "chat.question_too_long"
            self.failed.emit(RunnerError(code, size=f"{size:,}", most=f"{most:,}"))
            return
        left_out = self.left_out if self._leaves_out_here() else 0
        left_out = min(left_out, len(self._above(wish)))
        self._wish = replace(wish.storable(), left_out=left_out)
        self._counts_left = MOST_COUNTS
        self._check(self._wish)

    def _check(self, wish: Wish) -> None:
        """Writes the wish down where it surely fits; else has it counted."""
        conversation = self._plan(wish)
        if surely_fits(conversation, self.context):
            self._write(wish)
            return
        self._enter(Step.COUNTING)
        counted = partial(self._on_conversation_counted, wish)
        if not self._count(counted, said=conversation.said):
            self._give_up_wish()

    def _on_conversation_counted(self, wish: Wish, tokens: int) -> None:
        if self._wish is not wish or self._step is not Step.COUNTING:
            return
        context = self.context
        if tokens <= context - room_for_answer(context) // 2:
            self._write(wish)
            return
        above = self._above(wish)
        question = question_text(wish.question, wish.attachments)
        count = turns_to_leave_out(
            self.system, above, question, tokens=tokens, left_out=wish.left_out, context=context
        )
        self._counts_left -= 1
        grow_to = larger_context(self._session.loaded, tokens)
        if self._counts_left <= 0 or (count is None and not grow_to):
            self._give_up_wish()
            told = RunnerError(
                "chat.longer_than_context", tokens=f"{tokens:,}", context=f"{context:,}"
            )
            self.failed.emit(told)
        elif count is not None and self._leaves_out_here():
            self._wish = replace(wish, left_out=count)
            self._check(self._wish)
        else:
            self._enter(Step.CHOOSING)
            leave_out = count or 0
            asked = TooLong(tokens=tokens, context=context, leave_out=leave_out, grow_to=grow_to)
            self.too_long.emit(asked)

    def _write(self, wish: Wish) -> None:
        """Puts the wish on disk; the engine hears of it only afterwards."""
        loaded = self._session.loaded
        if loaded is None or self._session.state is not SessionState.READY:
            self._give_up_wish()
            self.failed.emit(RunnerError("chat.not_ready"))
            return
        self._wish = wish
        self._enter(Step.WRITING)
        seed = secrets.randbelow(2**32) if self.seed is None else self.seed
        in_force = self.in_force
        recipe = recipe_before(
            self._model(),
            loaded,
            self._build,
            in_force.sampling,
            seed=seed,
            preset=self.preset,
            goes_on=wish.turn if wish.goes_on else None,
        )
        if wish.turn is not None:
            chats = self._chats
            future = (
                chats.continue_answer(wish.turn.id, recipe=recipe)
                if wish.goes_on
                else chats.answer_again(wish.turn.id, recipe=recipe)
            )
            self._later.when(future, partial(self._generate, wish), self._on_not_written)
        elif self._tree is not None:
            self._put_question(wish, recipe, self._tree.chat)
        else:
            made = self._chats.create(
                system=self._system, sampling=self._sampling, preset=self._preset
            )
            begin = partial(self._put_first_question, wish, recipe)
            self._later.when(made, begin, self._on_not_written)

    def _put_first_question(self, wish: Wish, recipe: Any, chat: Chat) -> None:
        # The store gives an unnamed chat this title in the same step as the question.
        titled = msgspec.structs.replace(chat, title=chat.title or title_from(wish.question))
        self._tree = ChatTree(titled, ())
        self._put_question(wish, recipe, chat)

    def _put_question(self, wish: Wish, recipe: Any, chat: Chat) -> None:
        future = self._chats.ask(
            chat.id, wish.parent_id, wish.question, attachments=wish.attachments, recipe=recipe
        )
        self._later.when(future, partial(self._generate, wish), self._on_not_written)

    def _on_not_written(self, error: RunnerError) -> None:
        self._give_up_wish()
        self.failed.emit(error)

    def _generate(self, wish: Wish, turn: Turn) -> None:
        """The turn is on disk: asks the engine."""
        conversation = self._plan(wish)
        self._wish = None
        self._take_turn(turn, is_leaf=True)
        self.question_taken.emit()
        self.list_changed.emit()
        sampling = turn.recipe.sampling or Sampling()
        text = AnswerText.continuing(turn.thinking, turn.answer) if wish.goes_on else AnswerText()
        live = LiveRun(0, self._chats, turn.id, text, turn.recipe, conversation.left_out)
        try:
            live.number = self._session.generate(
                conversation.said,
                sampling,
                turn.recipe.seed,
                prefill=prefill(turn) if wish.goes_on else "",
            )
        except RunnerError as error:
            self._live = live
            self._finish(live, TurnState.FAILED, error.code, None)
            return
        self._live = live
        self._enter(Step.ANSWERING)
        self._timer.start()
        self.live_began.emit(live)
        self.chat_changed.emit()

    def _plan(self, wish: Wish) -> Plan:
        question = question_text(wish.question, wish.attachments)
        return plan(self.system, self._above(wish), question, wish.left_out)

    def _above(self, wish: Wish) -> tuple[Turn, ...]:
        """The turns that come before a wished answer."""
        if self._tree is None:
            return ()
        return self._tree.path_to(wish.turn.parent_id if wish.turn else wish.parent_id)

    def _leaves_out_here(self) -> bool:
        return self._tree is not None and self._leaves_out == self._tree.chat.id

    def _give_up_wish(self) -> None:
        self._wish = None
        if self._step in (Step.COUNTING, Step.CHOOSING, Step.WRITING):
            self._enter(Step.REST)

    # ---- what the engine says ----------------------------------------------------------------

    @Slot(list)
    def _on_events(self, events: list[object]) -> None:
        grew = False
        for event in events:
            if isinstance(event, Chunk):
                grew = self._on_chunk(event) or grew
            else:
                self._on_event(event)
        if grew and self.live_here is not None:
            self.live_grew.emit()

    def _on_event(self, event: object) -> None:
        live = self._live
        match event:
            case Done() if live is not None and event.run == live.number:
                state = TurnState.STOPPED if event.reason is StopReason.STOPPED else TurnState.DONE
                self._finish(live, state, event.reason, event)
            case Failed() if live is not None and event.run == live.number:
                self._finish(live, TurnState.FAILED, event.code, None)
            case Failed() if event.run == self._growing:
                self.failed.emit(RunnerError(event.code, event.detail, **event.context))
            case Failed() if event.run in self._counting:
                del self._counting[event.run]
                self._give_up_wish()
            case Ended():
                self._on_ended(event)
            case engine.Counted() if event.run in self._counting:
                self._counting.pop(event.run)(event.tokens)
            case engine.Reading() if live is not None and event.run == live.number:
                self.reading.emit(event)
            case Ready():
                self._build = event.build
            case engine.Loading() | engine.Loaded() if live is not None and event.run > live.number:
                # Another model was chosen in the middle of an answer: what has come is kept.
                self._finish(live, TurnState.STOPPED, StopReason.STOPPED, None)
            case StateChanged():
                self._on_state()
            case _:
                pass

    def _on_chunk(self, chunk: Chunk) -> bool:
        live = self._live
        if live is None or chunk.run != live.number:
            return False
        live.take(chunk)
        return True

    def _on_ended(self, ended: Ended) -> None:
        self._counting.clear()
        self._give_up_wish()
        if (live := self._live) is not None:
            self._finish(live, TurnState.FAILED, ending_error(ended).code, None)

    def _on_state(self) -> None:
        """Asks where the session stands now: what the event says may be over already."""
        state = self._session.state
        if state is SessionState.READY and (wish := self._after_load) is not None:
            self._after_load = None
            self._enter(Step.REST)
            self._begin(wish)
        elif state in (SessionState.FAILED, SessionState.IDLE):
            self._after_load = None
            self._counting.clear()
            self._give_up_wish()
            if state is SessionState.IDLE and (live := self._live) is not None:
                self._finish(live, TurnState.STOPPED, StopReason.STOPPED, None)
        self.step_changed.emit()

    # ---- writing it down ---------------------------------------------------------------------

    @Slot()
    def _write_answer(self) -> None:
        """Writes what has arrived, unless the last writing is still under way."""
        live = self._live
        if live is None or (self._writing is not None and not self._writing.done()):
            return
        text = live.text
        self._writing = live.chats.write_answer(live.turn_id, text.answer_text, text.thinking_text)

    def _finish(self, live: LiveRun, state: TurnState, reason: str, done: Done | None) -> None:
        self._timer.stop()
        self._live = None
        live.text.finish()
        recipe = recipe_after(live.recipe, done, live.text.thinking_marks)
        future = live.chats.finish(
            live.turn_id,
            live.text.answer_text,
            state,
            reason,
            thinking=live.text.thinking_text,
            recipe=recipe,
            counts=live.counts(done),
            tokens=live.tokens,
        )
        here = live.chats
        self._later.when(future, partial(self._on_finished, here), self.failed.emit)
        self.live_ended.emit()
        self._enter(Step.REST)
        if done is not None:
            self.context_counted.emit(done.context_used)

    def _on_finished(self, chats: Chats, turn: Turn) -> None:
        if chats is self._chats and self._tree is not None and turn.id in self._tree.by_id:
            self._take_turn(turn, is_leaf=False)
            self.turn_changed.emit(turn)
        self.list_changed.emit()

    # ---- helpers -----------------------------------------------------------------------------

    def _take_turn(self, turn: Turn, *, is_leaf: bool) -> None:
        if self._tree is not None:
            self._tree = with_turn(self._tree, turn, is_leaf=is_leaf)

    def _on_chat(self, chat: Chat, *, shows: bool = False) -> None:
        """The chat's own values have changed."""
        if self._tree is None or self._tree.chat.id != chat.id:
            return
        self._tree = ChatTree(chat, self._tree.turns)
        if shows:
            self.chat_changed.emit()
        self.step_changed.emit()

    def _count(self, counted: Callable[[int], None], **what: Any) -> bool:
        try:
            run = self._session.count(**what)
        except RunnerError:
            return False
        self._counting[run] = counted
        return True

    def _enter(self, step: Step) -> None:
        if step is not self._step:
            self._step = step
            self.step_changed.emit()
