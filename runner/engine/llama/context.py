"""The cache of one conversation: what it holds, how it was filled, and filling it further.

The tokens and the sizes of the evaluations that put them there are kept beside the cache, because
the numbers depend on both: the same text evaluated in other pieces gives slightly other logits. A
cache is therefore only ever cut where an evaluation ended, and the whole history goes into the
recipe, so that a replay can repeat it.
"""

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from runner.engine.llama import binding
from runner.engine.llama.binding import Batch, ContextHandle, Flag
from runner.engine.llama.pace import Pace
from runner.engine.llama.state import SavedState
from runner.errors import RunnerError

EVALUATION = 512
"""Most tokens in one evaluation: llama.cpp computes no more at once."""

_BETWEEN_CHECKS_S = 0.1
"""Longest time for which an evaluation can't be broken off: a third of what a person may wait."""

_SMALLEST_EVALUATION = 16

Progress = Callable[[int], None]


class Context:
    """A sequence in a context of the library.

    Args:
        handle: the library's context, which this object closes.
        flag: asks evaluations to abort.
        pace: runs them with a number of threads.
        vocabulary_size: numbers in a row of logits.
        unbroken_share: of an evaluation's time, the longest stretch in which nothing asks the
            flag: on the processor one multiplication of matrices, on a device all of it.
    """

    def __init__(
        self,
        handle: ContextHandle,
        flag: Flag,
        pace: Pace,
        vocabulary_size: int,
        *,
        unbroken_share: float,
    ) -> None:
        self.handle = handle
        self.size = binding.context_size(handle)
        self.tokens: list[int] = []
        self.splits: list[int] = []
        self._flag = flag
        self._pace = pace
        self._vocabulary_size = vocabulary_size
        self._unbroken_share = unbroken_share
        self._most = EVALUATION
        self._batch = Batch(EVALUATION)
        self._one = [0]
        self._threads = 0
        flag.give_to(handle)

    def keep(self, prompt: Sequence[int]) -> int:
        """Keeps of the cache what begins the prompt; returns how many tokens that is.

        The prompt's last token is never kept, because its logits are needed again.
        """
        same = _common(self.tokens, prompt[:-1])
        end = 0
        for size in self.splits:
            if end + size > same:
                break
            end += size
        self._cut(end)
        return len(self.tokens)

    def forget(self) -> None:
        """Empties the cache."""
        binding.clear(self.handle)
        self.tokens, self.splits = [], []

    def read(self, prompt: Sequence[int], splits: Sequence[int], progress: Progress) -> bool:
        """Evaluates what the cache lacks of a prompt; says whether it came to the end.

        Args:
            prompt: the whole prompt, of which the cache holds the beginning.
            splits: the sizes to evaluate in, for a replay; empty to choose.
            progress: is told how many tokens of the prompt the cache holds.
        """
        forced = list(splits)
        while len(self.tokens) < len(prompt):
            left = len(prompt) - len(self.tokens)
            size = forced.pop(0) if forced else self._next_size(left)
            start = len(self.tokens)
            began = time.perf_counter()
            if not self._evaluate(prompt[start : start + size]):
                return False
            if size >= _SMALLEST_EVALUATION:
                self._limit((time.perf_counter() - began) / size)
            progress(len(self.tokens))
        return True

    def step(self, token: int) -> bool:
        """Evaluates one token of an answer; says whether it was not aborted."""
        self._one[0] = token
        outcome = self._run(self._one)
        if outcome == binding.EVALUATED:
            self.tokens.append(token)
            self.splits.append(1)
            return True
        return self._failed(outcome, 1)

    def warm_up(self) -> None:
        """Evaluates one token for nothing: pages come in, and the pace learns what one takes.

        One thread does it, for nobody knows yet how many cores are free.
        """
        binding.set_threads(self.handle, 1)
        self._threads = 1
        self._batch.evaluate(self.handle, [0])  # brings pages in, which is not what one takes
        self.forget()
        began = time.perf_counter()
        self._batch.evaluate(self.handle, [0])
        token_s = time.perf_counter() - began
        self._pace.learn(token_s)
        self._limit(token_s)
        self.forget()

    def logits(self) -> NDArray[np.float32]:
        """The last evaluation's logits; copy them to keep them."""
        return binding.logits(self.handle, self._vocabulary_size)

    def state_size(self) -> int:
        """How many bytes `state` has at most."""
        return binding.state_size(self.handle)

    def state(self) -> memoryview:
        """What the library keeps for this sequence, as it writes it."""
        return binding.state(self.handle)

    def restore(self, saved: SavedState) -> None:
        """Puts a state in force; if it does not fit, the cache is empty afterwards.

        Raises:
            RunnerError: `engine.context_full` or `engine.state_refused`.
        """
        if len(saved.tokens) > self.size:
            raise RunnerError("engine.context_full", tokens=len(saved.tokens), context=self.size)
        self.forget()
        accepted = binding.set_state(self.handle, saved.library)
        if not accepted or binding.held(self.handle) != len(saved.tokens):
            self.forget()
            raise RunnerError("engine.state_refused")
        self.tokens, self.splits = saved.tokens, saved.splits

    def close(self) -> None:
        """Gives the cache's memory back."""
        binding.close_context(self.handle)

    def _next_size(self, left: int) -> int:
        # The last token goes alone, so that asking the same again can cut the cache before it.
        if left == 1:
            return 1
        return min(left - 1, self._most)

    def _evaluate(self, tokens: Sequence[int]) -> bool:
        outcome = self._run(tokens)
        if outcome != binding.EVALUATED:
            return self._failed(outcome, len(tokens))
        self.tokens.extend(tokens)
        self.splits.append(len(tokens))
        return not self._flag.raised

    def _run(self, tokens: Sequence[int]) -> int:
        def evaluate(threads: int) -> int:
            if threads != self._threads:
                self._threads = threads
                binding.set_threads(self.handle, threads)
            return self._batch.evaluate(self.handle, tokens)

        may_break_off = binding.can_take_back(self.handle, len(tokens))
        return self._pace.run(len(tokens), evaluate, may_break_off=may_break_off)

    def _failed(self, outcome: int, count: int) -> bool:
        """Brings our notes to what the library holds after an evaluation of so many tokens."""
        wanted = len(self.tokens) + count
        if binding.can_take_back(self.handle, count):
            self._cut(min(binding.held(self.handle), len(self.tokens)))
        else:
            self.forget()
        if outcome == binding.ABORTED:
            return False
        if outcome == binding.NO_ROOM:
            raise RunnerError("engine.context_full", tokens=wanted, context=self.size)
        raise RunnerError("engine.evaluation_failed", f"llama_decode returned {outcome}")

    def _cut(self, end: int) -> None:
        """Cuts the cache at a token, which an evaluation must begin with."""
        if end == len(self.tokens) and binding.held(self.handle) == end:
            return
        is_cut = end > 0 and binding.cut(self.handle, end)
        if not (is_cut and binding.can_follow(self.handle, end)):
            # A running state can't go back to an earlier token, a window not far.
            self.forget()
            return
        del self.tokens[end:]
        total = sum(self.splits)
        while total > end:
            total -= self.splits.pop()
        if total < end:
            self.splits.append(end - total)

    def _limit(self, token_s: float) -> None:
        """Sizes the next evaluations so that each can be broken off soon enough."""
        unbroken_s = token_s * self._unbroken_share
        fitting = int(_BETWEEN_CHECKS_S / unbroken_s) if unbroken_s > 0 else EVALUATION
        self._most = max(_SMALLEST_EVALUATION, min(EVALUATION, fitting))


def _common(first: Sequence[int], second: Sequence[int]) -> int:
    length = min(len(first), len(second))
    differ = np.flatnonzero(np.asarray(first[:length]) != np.asarray(second[:length]))
    return int(differ[0]) if len(differ) else length
