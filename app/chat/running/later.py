"""Futures of other threads, whose results are wanted on the GUI thread."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from app.mailbox import Mailbox
from runner.errors import RunnerError


class Later:
    """Hands results over through the mailbox.

    Args:
        failed: told of errors where the caller says nobody else.
    """

    def __init__(self, mailbox: Mailbox, failed: Callable[[RunnerError], object]) -> None:
        self._mailbox = mailbox
        self._failed = failed

    def when(
        self,
        future: Future[Any],
        done: Callable[[Any], object],
        failed: Callable[[RunnerError], object] | None = None,
    ) -> None:
        """Calls one of both on the GUI thread when `future` is over."""
        tell = failed or self._failed

        def over(ended: Future[Any]) -> None:
            if ended.cancelled():
                return
            error = ended.exception()
            if error is None:
                self._mailbox.post(partial(done, ended.result()))
            elif isinstance(error, RunnerError):
                self._mailbox.post(partial(tell, error))
            else:
                self._mailbox.post(partial(_raise, error))

        future.add_done_callback(over)


def _raise(error: BaseException) -> None:
    """Lets a bug on another thread be seen where bugs are reported."""
    raise error
