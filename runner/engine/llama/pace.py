"""Runs evaluations with as many threads as the policy says, and breaks off those that hang."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from runner.engine.llama import binding
from runner.engine.llama.binding import Flag
from runner.engine.llama.threads import ThreadPolicy

_LOOK_EVERY_S = 0.02
_NEVER = float("inf")


class Pace:
    """The threads of one context, from evaluation to evaluation.

    Within its block a second thread watches how long an evaluation takes, and raises the context's
    flag where that is far too long; the evaluation is then done again with fewer threads.

    Args:
        policy: chooses the number.
        flag: breaks an evaluation off; the person's wish to stop raises the same one.
    """

    def __init__(self, policy: ThreadPolicy, flag: Flag) -> None:
        self._policy = policy
        self._flag = flag
        self._lock = threading.Lock()
        self._deadline = _NEVER
        self._fired = False
        self._over = threading.Event()
        self._stopped: Callable[[], bool] = lambda: False

    @property
    def threads(self) -> int:
        """How many threads compute at present."""
        return self._policy.threads

    def watching(self, stopped: Callable[[], bool]) -> Self:
        """Says how to tell a person's wish to stop; use as `with pace.watching(stopped):`."""
        self._stopped = stopped
        return self

    def __enter__(self) -> Self:
        self._over = over = threading.Event()
        self._policy.begin()
        if self._policy.adapts:
            threading.Thread(target=self._watch, args=(over,), daemon=True, name="pace").start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._stopped = lambda: False

    def learn(self, token_core_s: float) -> None:
        """Takes what one token takes on one thread, before anything else is known."""
        self._policy.learn(token_core_s)

    def run(
        self, tokens: int, evaluate: Callable[[int], int], *, may_break_off: bool = True
    ) -> int:
        """Evaluates, again with fewer threads where needed; returns the library's outcome.

        Args:
            tokens: how many are evaluated.
            evaluate: does it with a number of threads.
            may_break_off: it can be done again as if it had not been begun.
        """
        while True:
            patience = self._policy.patience_s(tokens) if may_break_off else None
            processor = time.process_time()
            began = time.perf_counter()
            if patience is not None:
                self._deadline = began + patience
            outcome = evaluate(self._policy.threads)
            seconds = time.perf_counter() - began
            broke_off = self._stand_down()
            if outcome == binding.ABORTED and broke_off:
                self._policy.overran()
                continue
            if outcome == binding.EVALUATED:
                if tokens > 1:
                    self._policy.note_prompt(tokens, seconds)
                else:
                    self._policy.note(seconds, time.process_time() - processor)
            return outcome

    def _stand_down(self) -> bool:
        """Ends the watch over an evaluation; says whether it was us who broke it off.

        The flag may also have been raised just after the evaluation ended, and must be lowered.
        """
        with self._lock:
            self._deadline = _NEVER
            fired, self._fired = self._fired, False
        if not fired or self._stopped():
            return False
        self._flag.lower()
        if self._stopped():  # the person's wish came while it was being lowered
            self._flag.raise_()
            return False
        return True

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(_LOOK_EVERY_S):
            with self._lock:
                if time.perf_counter() > self._deadline and not over.is_set():
                    self._deadline = _NEVER
                    self._fired = True
                    self._flag.raise_()
