"""The chat's state machine: a question is on disk before it is sent, an answer while it arrives.

It alone speaks to the model session about answers, and it alone writes turns.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from app.chat.running.arriving_answer import ArrivingAnswer
from app.chat.running.conversation import plan, prefill, question_text
from app.chat.running.fitting import Asked, Fitting, TokenCounts
from app.chat.running.later import Later
from app.chat.running.recipes import recipe_before
from app.chat.running.run import LiveRun
from app.chat.running.shown_chat import ShownChat
from app.chat.running.wishes import Step, TooLong, Wish
from app.mailbox import Mailbox
from app.model.ref import ModelRef
from app.settings import SettingsFile
from app.words.endings import ending_error
from runner.errors import RunnerError
from runner.protocol import engine
from runner.protocol.common import Ended, Failed, Ready
from runner.protocol.engine import Chunk, Done, Sampling, StopReason
from runner.session import ModelSession, SessionState, StateChanged
from runner.store import Store
from runner.store.chats import Chats
from runner.store.values import Attachment, ChatId, Turn, TurnState


class ChatController(QObject):
    """From a wish to an answer, for the chat on show.

    Owned by: ChatPage. Thread: GUI; what the store and the engine say comes through the mailbox.

    Args:
        model: tells which model is loaded, for recipes.

    Attributes:
        chat: the chat on show.
        seed: what is kept for every answer; None draws one each time.
    """

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
        self._session = session
        self._model = model
        self._later = Later(mailbox, self.failed.emit)
        self.chat = ShownChat(store, settings, lambda: session.loaded, self._later, self)
        self.chat.left.connect(self._give_up_wish)
        self.chat.values_changed.connect(self.step_changed)
        self._answer = ArrivingAnswer(self._later, self)
        self._answer.ended.connect(self._on_answer_ended)
        self._answer.kept.connect(self._on_answer_kept)
        self._counts = TokenCounts(session)
        self._fitting = Fitting(
            session, self._counts, self._write, self._on_too_long, self._on_not_written
        )
        self._step = Step.REST
        self._wish: Wish | None = None
        self._after_load: Wish | None = None
        self._growing = 0
        self._leaves_out: ChatId | None = None
        self._build: Mapping[str, str] = {}
        self.seed: int | None = None
        mailbox.arrived.connect(self._on_events)

    # ---- what it is --------------------------------------------------------------------------

    @property
    def step(self) -> Step:
        """What it is doing."""
        return self._step

    @property
    def live(self) -> LiveRun | None:
        """The answer that is arriving, in this chat or another."""
        return self._answer.run

    @property
    def live_here(self) -> LiveRun | None:
        """The answer that is arriving in the chat on show."""
        live = self._answer.run
        return live if live is not None and self.chat.holds(live.chats, live.turn_id) else None

    @property
    def can_ask(self) -> bool:
        """Whether a question would be answered now."""
        return self._step is Step.REST and self._session.state is SessionState.READY

    @property
    def can_delete(self) -> bool:
        """Whether a turn of the chat on show may go now: none does under an answer's feet."""
        return self._step is Step.REST or (self._step is Step.ANSWERING and self.live_here is None)

    @property
    def context(self) -> int:
        """Tokens of context in force; 0 without a model."""
        return self._fitting.context

    def close(self) -> None:
        """Stops listening, and writes down what has arrived."""
        self._answer.stop_here()
        self.chat.close()

    def after(self, future: Future[Any], done: Callable[[Any], object]) -> None:
        """Calls `done` on the GUI thread with what the store answers; `failed` tells otherwise."""
        self._later.when(future, done)

    # ---- asking ------------------------------------------------------------------------------

    def ask(self, question: str, attachments: Sequence[Attachment] = ()) -> None:
        """Asks below the last turn; `question_taken` follows, or `failed`, or `too_long`."""
        path = self.chat.path
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
            self._leaves_out = self.chat.chat_id
            self._write(msgspec.structs.replace(self._wish, left_out=count))

    def grow_context(self, context: int) -> None:
        """Loads the model again with a larger context, then asks."""
        if self._step is Step.CHOOSING and self._wish is not None:
            self._after_load = self._wish
            self._growing = self._session.restart(context=context)

    def count_text(self, text: str, counted: Callable[[int], None]) -> None:
        """Counts a draft or an attachment, where that is possible now."""
        if self.can_ask:
            self._fitting.count_text(text, counted)

    # ---- from wish to run --------------------------------------------------------------------

    def _begin(self, wish: Wish) -> None:
        if not self.can_ask:
            self.failed.emit(RunnerError("chat.not_ready"))
            return
        if (refusal := self._fitting.refusal(wish)) is not None:
            self.failed.emit(refusal)
            return
        above = self.chat.above(wish)
        leaves_out = self._leaves_out is not None and self._leaves_out == self.chat.chat_id
        left_out = min(self.chat.left_out, len(above)) if leaves_out else 0
        wish = msgspec.structs.replace(wish.storable(), left_out=left_out)
        self._wish = wish
        self._enter(Step.COUNTING)
        self._fitting.find_out(
            Asked(wish=wish, system=self.chat.system, above=above, leaves_out=leaves_out)
        )

    def _on_too_long(self, wish: Wish, choice: TooLong) -> None:
        self._wish = wish
        self._enter(Step.CHOOSING)
        self.too_long.emit(choice)

    def _write(self, wish: Wish) -> None:
        """Puts the wish on disk; the engine hears of it only afterwards."""
        loaded = self._session.loaded
        if loaded is None or self._session.state is not SessionState.READY:
            self._on_not_written(RunnerError("chat.not_ready"))
            return
        from secrets import randbelow  # late: a start asks nothing

        self._wish = wish
        self._enter(Step.WRITING)
        chat = self.chat
        recipe = recipe_before(
            self._model(),
            loaded,
            self._build,
            chat.in_force.sampling,
            seed=randbelow(2**32) if self.seed is None else self.seed,
            preset=chat.preset,
            goes_on=wish.turn if wish.goes_on else None,
        )
        chat.write(wish, recipe, partial(self._generate, wish), self._on_not_written)

    def _on_not_written(self, error: RunnerError | None) -> None:
        self._give_up_wish()
        if error is not None:
            self.failed.emit(error)

    def _generate(self, wish: Wish, turn: Turn) -> None:
        """The turn is on disk: asks the engine."""
        question = question_text(wish.question, wish.attachments)
        conversation = plan(self.chat.system, self.chat.above(wish), question, wish.left_out)
        self._wish = None
        self.chat.take_turn(turn, is_leaf=True)
        self.question_taken.emit()
        self.list_changed.emit()
        from app.chat.turns.answer import AnswerText  # late: an empty chat has none

        text = AnswerText()
        if wish.goes_on:
            marks = turn.recipe.thinking_marks
            text = AnswerText.continuing(turn.thinking, turn.answer, marks)
        live = LiveRun(0, self.chat.chats, turn.id, text, turn.recipe, conversation.left_out)
        try:
            live.number = self._session.generate(
                conversation.said,
                turn.recipe.sampling or Sampling(),
                turn.recipe.seed,
                prefill=prefill(turn) if wish.goes_on else "",
            )
        except RunnerError as error:
            self._answer.begin(live)
            self._answer.end(TurnState.FAILED, error.code)
            return
        self._answer.begin(live)
        self._enter(Step.ANSWERING)
        self.live_began.emit(live)
        self.chat.changed.emit()

    @Slot()
    def _give_up_wish(self) -> None:
        self._wish = None
        self._fitting.give_up()
        if self._step in (Step.COUNTING, Step.CHOOSING, Step.WRITING):
            self._enter(Step.REST)

    # ---- what the engine says ----------------------------------------------------------------

    @Slot(list)
    def _on_events(self, events: list[object]) -> None:
        grew = False
        for event in events:
            if isinstance(event, Chunk):
                grew = self._answer.take(event) or grew
            else:
                self._on_event(event)
        if grew and self.live_here is not None:
            self.live_grew.emit()

    def _on_event(self, event: object) -> None:
        awaited = self._answer.number
        match event:
            case Done() if event.run == awaited:
                state = TurnState.STOPPED if event.reason is StopReason.STOPPED else TurnState.DONE
                self._answer.end(state, event.reason, event)
                self.context_counted.emit(event.context_used)
            case Failed():
                self._on_failed(event)
            case Ended():
                self._counts.forget()
                self._give_up_wish()
                self._answer.end(TurnState.FAILED, ending_error(event).code)
            case engine.Counted():
                self._counts.take(event)
            case engine.Reading() if event.run == awaited:
                self.reading.emit(event)
            case Ready():
                self._build = event.build
            case engine.Loading() | engine.Loaded() if event.run > awaited:
                # Another model was chosen in the middle of an answer: what has come is kept.
                self._answer.stop_here()
            case StateChanged():
                self._on_state()
            case _:
                pass

    def _on_failed(self, failed: Failed) -> None:
        if self._answer.run is not None and failed.run == self._answer.number:
            self._answer.end(TurnState.FAILED, failed.code)
        elif failed.run == self._growing:
            self.failed.emit(RunnerError(failed.code, failed.detail, **failed.context))
        elif self._counts.give_up(failed.run):
            self._give_up_wish()

    def _on_state(self) -> None:
        """Asks where the session stands now: what the event says may be over already."""
        state = self._session.state
        if state is SessionState.READY and (wish := self._after_load) is not None:
            self._after_load = None
            self._enter(Step.REST)
            self._begin(wish)
        elif state in (SessionState.FAILED, SessionState.IDLE):
            self._after_load = None
            self._counts.forget()
            self._give_up_wish()
            if state is SessionState.IDLE:
                self._answer.stop_here()
        self.step_changed.emit()

    # ---- the end of an answer ----------------------------------------------------------------

    @Slot()
    def _on_answer_ended(self) -> None:
        self.live_ended.emit()
        self._enter(Step.REST)

    @Slot(object, object)
    def _on_answer_kept(self, chats: Chats, turn: Turn) -> None:
        if self.chat.holds(chats, turn.id):
            self.chat.take_turn(turn, is_leaf=False)
            self.turn_changed.emit(turn)
        self.list_changed.emit()

    def _enter(self, step: Step) -> None:
        if step is not self._step:
            self._step = step
            self.step_changed.emit()
