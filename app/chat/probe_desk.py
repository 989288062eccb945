"""Asks a probe's questions in a chat of their own, one after the other, each by itself."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, Slot

from app.chat.running.controller import ChatController
from app.chat.running.run import LiveRun
from app.context import AppContext
from app.review.probing import ProbeAnswered, ProbeEnded, ProbeWanted, ShownAnswerWanted
from runner.errors import RunnerError
from runner.store.values import Chat, ChatId, Turn, TurnId, TurnState


class _Asking(msgspec.Struct):
    """A probe under way: what is asked next, and which turn is awaited."""

    wanted: ProbeWanted
    seed_before: int | None
    number: int = 0
    is_second: bool = False
    answered: int = 0
    first: Turn | None = None
    awaited: TurnId | None = None
    chat: ChatId | None = None


class ProbeDesk(QObject):
    """Does for a probe what a person does by hand: a new chat, a kept seed, question by question.

    A second question is asked as an edit of the first, so that no answer sees another.

    Owned by: ChatPage. Thread: GUI.

    Args:
        keep_draft: puts what is typed aside, and returns what puts it back.
    """

    def __init__(
        self,
        context: AppContext,
        controller: ChatController,
        keep_draft: Callable[[], Callable[[], None]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._controller = controller
        self._keep_draft = keep_draft
        self._put_back: Callable[[], None] | None = None
        self._asking: _Asking | None = None
        context.mailbox.arrived.connect(self._on_arrived)
        controller.live_began.connect(self._on_began)
        controller.question_taken.connect(self._on_taken)
        controller.turn_changed.connect(self._on_turn)
        controller.failed.connect(self._on_failed)
        controller.too_long.connect(self._on_too_long)
        controller.chat.changed.connect(self._on_chat)

    @property
    def is_asking(self) -> bool:
        """Whether a probe is under way."""
        return self._asking is not None

    @Slot(list)
    def _on_arrived(self, events: list[object]) -> None:
        for event in events:
            if isinstance(event, ProbeWanted):
                self._begin(event)
            elif isinstance(event, ShownAnswerWanted):
                self._hand_over(event)

    def _begin(self, wanted: ProbeWanted) -> None:
        current = self._context.models.current
        is_loaded = current is not None and current.path == wanted.path
        if self._asking is not None or not is_loaded or not self._controller.can_ask:
            error = RunnerError("claims.not_ready" if is_loaded else "claims.not_loaded")
            self._tell(ProbeEnded(claim=wanted.claim, answered=0, error=error))
            return
        self._asking = _Asking(wanted, self._controller.seed)
        self._controller.seed = wanted.seed
        self._controller.chat.new()
        self._ask()

    def _hand_over(self, wanted: ShownAnswerWanted) -> None:
        """Hands over the answer on show, where this file has made it.

        One that somebody stopped, too: that an answer ran on without an end is evidence.
        """
        path = self._controller.chat.path
        last = path[-1] if path else None
        if last is None or not _has_ended(last) or last.recipe.file_name != wanted.path.name:
            error = RunnerError("claims.no_answer")
            self._tell(ProbeEnded(claim=wanted.claim, answered=0, error=error))
            return
        self._tell(ProbeAnswered(claim=wanted.claim, number=-1, turn=last))
        self._tell(ProbeEnded(claim=wanted.claim, answered=1))

    def _ask(self) -> None:
        asking = self._asking
        if asking is None:
            return
        asking.awaited = None
        self._put_back = self._keep_draft()
        question = asking.wanted.questions[asking.number]
        if asking.first is None:
            self._controller.ask(question)
        elif asking.is_second:
            self._controller.answer_again(asking.first)
        else:
            self._controller.edit(asking.first, question)

    @Slot(object)
    def _on_began(self, live: LiveRun) -> None:
        if self._asking is not None and self._asking.awaited is None:
            self._asking.awaited = live.turn_id
            if self._asking.chat is None:
                self._name_chat(self._asking)

    def _name_chat(self, asking: _Asking) -> None:
        """Gives the chat the probe's title, so that a person finds it in the list."""
        chat_id = asking.chat = self._controller.chat.chat_id
        if chat_id is None:
            return

        def named(chat: Chat) -> None:
            self._controller.chat.take(chat)
            self._controller.list_changed.emit()

        self._controller.after(
            self._context.store.chats.rename(chat_id, asking.wanted.title), named
        )

    @Slot()
    def _on_taken(self) -> None:
        if self._put_back is not None:
            self._put_back()
            self._put_back = None

    @Slot(object)
    def _on_turn(self, turn: Turn) -> None:
        asking = self._asking
        if asking is None or turn.id != asking.awaited or turn.state is TurnState.STREAMING:
            return
        if turn.state is not TurnState.DONE:
            self._end()
            return
        asking.answered += 1
        self._tell(ProbeAnswered(claim=asking.wanted.claim, number=asking.number, turn=turn))
        if asking.wanted.twice and not asking.is_second:
            asking.first, asking.is_second = turn, True
        else:
            asking.first = asking.first or turn
            asking.is_second = False
            asking.number += 1
        if asking.number < len(asking.wanted.questions):
            self._ask()
        else:
            self._end()

    @Slot(object)
    def _on_failed(self, error: RunnerError) -> None:
        # The page tells of it where it happened; the list only has to know that no more comes.
        if self._asking is not None:
            self._end(error)

    @Slot(object)
    def _on_too_long(self, _choice: object) -> None:
        if self._asking is not None:
            self._controller.stop()
            self._end(RunnerError("claims.probe_too_long"))

    @Slot()
    def _on_chat(self) -> None:
        """Another chat is on show: the person has other things to do."""
        asking = self._asking
        if asking is not None and asking.chat not in (None, self._controller.chat.chat_id):
            self._end()

    def _end(self, error: RunnerError | None = None) -> None:
        asking, self._asking = self._asking, None
        self._put_back = None
        if asking is not None:
            self._controller.seed = asking.seed_before
            # The composer shows the seed in force, and nothing else tells it of this one.
            self._controller.step_changed.emit()
            self._tell(ProbeEnded(claim=asking.wanted.claim, answered=asking.answered, error=error))

    def _tell(self, event: ProbeAnswered | ProbeEnded) -> None:
        self._context.mailbox.put(event)


def _has_ended(turn: Turn) -> bool:
    """Whether an answer came to its end, or was stopped with something said."""
    is_part = turn.state is TurnState.STOPPED and bool(turn.answer.strip())
    return turn.state is TurnState.DONE or is_part
