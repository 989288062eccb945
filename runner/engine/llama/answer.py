"""One answer, from the evaluated prompt to its end: draw, show, evaluate, again."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runner.channel.bulk import FrameKind
from runner.engine.base import Outlet
from runner.engine.llama import logprobs
from runner.engine.llama.context import Context
from runner.engine.llama.sampler import Sampler
from runner.engine.llama.text import TextAssembler
from runner.engine.llama.vocabulary import Vocabulary
from runner.protocol import logprobs as frames
from runner.protocol.engine import Chunk, StopReason


@dataclass(frozen=True, slots=True)
class Limits:
    """What ends an answer, and what is taken instead of drawing; see `Generate`."""

    max_tokens: int
    forced: Sequence[int]
    top_logprobs: int


@dataclass(slots=True)
class Written:
    """How an answer went."""

    reason: StopReason = StopReason.TOKEN_LIMIT
    tokens: int = 0
    first_at: float = 0.0
    last_at: float = 0.0
    stop_text: str = ""

    @property
    def tokens_per_second(self) -> float:
        """From the first token on; 0 where fewer than two came."""
        lasted = self.last_at - self.first_at
        return (self.tokens - 1) / lasted if self.tokens > 1 and lasted > 0 else 0.0


class Writer:
    """Writes one answer.

    Args:
        run: of the generation.
        context: holds the evaluated prompt.
        vocabulary: of the model.
        outlet: where chunks go.
    """

    def __init__(self, run: int, context: Context, vocabulary: Vocabulary, outlet: Outlet) -> None:
        self._run = run
        self._context = context
        self._vocabulary = vocabulary
        self._outlet = outlet
        self._unsent: list[int] = []

    def write(self, sampler: Sampler, text: TextAssembler, limits: Limits) -> Written:
        """Draws tokens until something ends the answer; the cache then holds what was evaluated."""
        written = Written()
        while True:
            token = self._next(sampler, limits, written.tokens)
            now = time.perf_counter()
            written.first_at = written.first_at or now
            if self._vocabulary.ends(token):
                written.reason = StopReason.END_TOKEN
                break
            written.tokens += 1
            written.last_at = now
            self._send(text.add(self._vocabulary.piece(token)), token)
            ended = self._ended(text, limits, written.tokens)
            if ended:
                written.reason = ended
                break
            if not self._context.step(token) or self._outlet.stopped():
                written.reason = StopReason.STOPPED
                break
        self._send(text.finish())
        written.stop_text = text.stop_text
        return written

    def _next(self, sampler: Sampler, limits: Limits, index: int) -> int:
        if index < len(limits.forced):
            token = sampler.take(limits.forced[index])
        else:
            token = sampler.draw(self._context.handle)
        if limits.top_logprobs > 0:
            row = np.asarray(self._context.logits())
            block = logprobs.block(index, token, row, limits.top_logprobs)
            self._outlet.send_frame(FrameKind.LOGPROBS, frames.encode(block))
        return token

    def _ended(self, text: TextAssembler, limits: Limits, tokens: int) -> StopReason | None:
        if text.stop_text:
            return StopReason.STOP_TEXT
        if limits.max_tokens and tokens >= limits.max_tokens:
            return StopReason.TOKEN_LIMIT
        if len(self._context.tokens) >= self._context.size:
            return StopReason.CONTEXT_FULL
        return None

    def _send(self, text: str, token: int | None = None) -> None:
        """Sends text that is certain, with every token since the last chunk."""
        if token is not None:
            self._unsent.append(token)
        if text or (token is None and self._unsent):
            self._outlet.send(Chunk(run=self._run, text=text, tokens=self._unsent))
            self._unsent = []
