"""Events between the list of claims and the chat, through the mailbox. Knows no Qt."""

from pathlib import Path

import msgspec

from runner.errors import RunnerError
from runner.store.values import Turn


class ProbeWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Please ask these questions, each by itself, in a chat of their own.

    Attributes:
        claim: whom the answers are for.
        title: of the chat.
        path: the model that is to answer; nobody is asked where another one is loaded.
        twice: whether each question is asked again with the same seed.
    """

    claim: str
    title: str
    path: Path
    questions: tuple[str, ...]
    seed: int
    twice: bool = False


class ShownAnswerWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Please hand over the last answer of the chat on show."""

    claim: str
    path: Path


class ProbeAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """An answer; `number` counts the questions from 0, and is -1 for the answer on show."""

    claim: str
    number: int
    turn: Turn


class ProbeEnded(msgspec.Struct, frozen=True, kw_only=True):
    """No more answers come: all are there, a person stopped it, or it failed with `error`."""

    claim: str
    answered: int
    error: RunnerError | None = None
