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
        self._mailbox.when(future, partial(_hand_over, done, failed or self._failed))


def _hand_over(
    done: Callable[[Any], object], failed: Callable[[RunnerError], object], over: Future[Any]
) -> None:
    if over.cancelled():
        return
    error = over.exception()
    if error is None:
        done(over.result())
    elif isinstance(error, RunnerError):
        failed(error)
    else:
        raise error  # a bug on another thread is seen where bugs are reported
