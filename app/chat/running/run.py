"""One answer while it arrives: its text, its times, and what will be stored of it. Knows no Qt."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from runner.protocol.engine import Chunk, Done
from runner.store.chats import Chats
from runner.store.values import Counts, Recipe, TurnId

if TYPE_CHECKING:
    from app.chat.turns.answer import AnswerText


class LiveRun(msgspec.Struct):
    """An answer that the engine is making.

    Attributes:
        number: the run's number; events of other runs are not for it.
        chats: where its turn is kept.
        left_out: how many turns the model was not given.
    """

    number: int
    chats: Chats
    turn_id: TurnId
    text: "AnswerText"
    recipe: Recipe
    left_out: int = 0
    tokens: list[int] = []
    clock: Callable[[], float] = time.monotonic
    _thinking_from: float = 0.0
    _thinking_s: float = 0.0

    def take(self, chunk: Chunk) -> None:
        """Adds what has arrived."""
        self.text.feed(chunk.text)
        self.tokens += chunk.tokens
        if self.text.is_thinking and not self._thinking_from:
            self._thinking_from = self.clock()
        elif self._thinking_from and not self.text.is_thinking and not self._thinking_s:
            self._thinking_s = self.clock() - self._thinking_from

    def counts(self, done: Done | None) -> Counts:
        """Returns what is stored of this run's measures; without `done`, what is known anyway."""
        thinking_s = self._thinking_s
        if self._thinking_from and not thinking_s:
            thinking_s = self.clock() - self._thinking_from
        if done is None:
            return Counts(
                tokens=len(self.tokens), thinking_s=thinking_s, turns_left_out=self.left_out
            )
        return Counts(
            prompt_tokens=done.prompt_tokens,
            kept=done.kept,
            evaluated=done.evaluated,
            tokens=done.tokens,
            first_token_s=done.first_token_s,
            total_s=done.total_s,
            decode_tps=done.decode_tps,
            thinking_s=thinking_s,
            context_used=done.context_used,
            turns_left_out=self.left_out,
        )
