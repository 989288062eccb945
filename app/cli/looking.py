"""Waits for what a command has asked of other processes: one outcome, or an error, or Ctrl+C."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.cli.desk import Desk, Interrupted
from runner.errors import RunnerError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Came(Generic[T]):
    what: T


def outcome(
    desk: Desk,
    begin: Callable[[Callable[[T], None], Callable[[RunnerError], None]], Callable[[], None]],
) -> T:
    """Begins something and returns what came of it.

    Args:
        desk: whose events end the wait.
        begin: is given the two ways to end, and returns what gives it up.

    Raises:
        RunnerError: if it failed.
        KeyboardInterrupt: if the person gave it up.
    """
    give_up = begin(lambda what: desk.events.put(_Came(what)), desk.events.put)
    while True:
        match desk.next_event():
            case _Came(what=what):
                came: T = what
                return came
            case RunnerError() as error:
                raise error
            case Interrupted():
                give_up()
                raise KeyboardInterrupt
