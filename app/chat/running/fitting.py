"""Whether a conversation fits the context: counted where that is not plain, and what could be done."""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from app.chat.running.conversation import (
    Plan,
    larger_context,
    largest_question,
    plan,
    question_text,
    room_for_answer,
    surely_fits,
    turns_to_leave_out,
)
from app.chat.running.wishes import TooLong, Wish
from runner.errors import RunnerError
from runner.protocol.engine import Counted
from runner.session import ModelSession
from runner.store.rows import storable
from runner.store.values import Turn

MOST_COUNTS = 4
"""How often a conversation is counted to find what fits."""


class TokenCounts:
    """What the engine was asked to count, and who waits for it."""

    def __init__(self, session: ModelSession) -> None:
        self._session = session
        self._waiting: dict[int, Callable[[int], None]] = {}

    def ask(self, counted: Callable[[int], None], **what: Any) -> bool:
        """Has a text or a conversation counted; says whether that is possible now."""
        try:
            run = self._session.count(**what)
        except RunnerError:
            return False
        self._waiting[run] = counted
        return True

    def take(self, counted: Counted) -> None:
        """Tells whoever waited."""
        if (tell := self._waiting.pop(counted.run, None)) is not None:
            tell(counted.tokens)

    def give_up(self, run: int) -> bool:
        """Forgets a count that failed; says whether it was one."""
        return self._waiting.pop(run, None) is not None

    def forget(self) -> None:
        """Nobody waits any longer: the engine is gone."""
        self._waiting.clear()


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A wish with what it would be sent with.

    Attributes:
        above: the turns before it.
        leaves_out: whether as many turns as need be are dropped without asking again.
        counts_left: how often it may still be counted.
    """

    wish: Wish
    system: str
    above: tuple[Turn, ...]
    leaves_out: bool
    counts_left: int = MOST_COUNTS

    @property
    def question(self) -> str:
        """The question with its files."""
        return question_text(self.wish.question, self.wish.attachments)

    def conversation(self) -> Plan:
        """Returns what would be sent."""
        return plan(self.system, self.above, self.question, self.wish.left_out)


class Fitting:
    """Finds whether a wish fits, asking the engine where that is not plain.

    Owned by: ChatController. Thread: GUI.

    Args:
        fits: called with the wish as it can be sent.
        too_long: called with the wish and what a person could choose.
        failed: called where nothing can be done; None where the engine cannot be asked.
    """

    def __init__(
        self,
        session: ModelSession,
        counts: TokenCounts,
        fits: Callable[[Wish], None],
        too_long: Callable[[Wish, TooLong], None],
        failed: Callable[[RunnerError | None], None],
    ) -> None:
        self._session = session
        self._counts = counts
        self._fits = fits
        self._too_long = too_long
        self._failed = failed
        self._awaited: Asked | None = None

    @property
    def context(self) -> int:
        """Tokens of context in force; 0 without a model."""
        return self._session.loaded.context if self._session.loaded else 0

    def count_text(self, text: str, counted: Callable[[int], None]) -> None:
        """Counts a draft or an attachment that is not too long for it."""
        if len(text) <= largest_question(self.context) // 4:
            self._counts.ask(counted, text=storable(text))

    def refusal(self, wish: Wish) -> RunnerError | None:
        """Returns why a question is not even looked at, where it is far too long."""
        size = len(question_text(wish.question, wish.attachments).encode("utf-8", "replace"))
        most = largest_question(self.context)
        if size <= most:
            return None
        return RunnerError("chat.question_too_long", size=f"{size:,}", most=f"{most:,}")

    def find_out(self, asked: Asked) -> None:
        """Calls one of the three that were given, now or once the engine has counted."""
        conversation = asked.conversation()
        if surely_fits(conversation, self.context):
            self._awaited = None
            self._fits(asked.wish)
            return
        self._awaited = asked
        if not self._counts.ask(partial(self._on_counted, asked), said=conversation.said):
            self._failed(None)

    def give_up(self) -> None:
        """Nobody wants to know any longer."""
        self._awaited = None

    def _on_counted(self, asked: Asked, tokens: int) -> None:
        if self._awaited is not asked:
            return
        self._awaited = None
        context, wish = self.context, asked.wish
        if tokens <= context - room_for_answer(context) // 2:
            self._fits(wish)
            return
        count = turns_to_leave_out(
            asked.system,
            asked.above,
            asked.question,
            tokens=tokens,
            left_out=wish.left_out,
            context=context,
        )
        left = asked.counts_left - 1
        grow_to = larger_context(self._session.loaded, tokens)
        if left <= 0 or (count is None and not grow_to):
            code = "chat.longer_than_context"
            self._failed(RunnerError(code, tokens=f"{tokens:,}", context=f"{context:,}"))
        elif count is not None and asked.leaves_out:
            wish = msgspec.structs.replace(wish, left_out=count)
            self.find_out(msgspec.structs.replace(asked, wish=wish, counts_left=left))
        else:
            choice = TooLong(tokens=tokens, context=context, leave_out=count or 0, grow_to=grow_to)
            self._too_long(wish, choice)
