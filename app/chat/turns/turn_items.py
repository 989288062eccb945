"""What the transcript is given to show, and what a person can ask of a turn. Knows no Qt."""

from enum import Enum, auto

import msgspec

from runner.store.tree import Place
from runner.store.values import Turn, TurnId


class TurnItem(msgspec.Struct, frozen=True):
    """A turn of the branch on show.

    Attributes:
        place: where it stands among its versions and edits.
        is_left_out: whether the model no longer sees it, because the context is full.
        is_live: whether its answer is arriving now.
        is_followed: whether anything was asked after it, on whatever branch.
    """

    turn: Turn
    place: Place
    is_left_out: bool = False
    is_live: bool = False
    is_followed: bool = False


class Ask(Enum):
    """What a person can ask of a turn."""

    COPY_TEXT = auto()
    COPY_MARKDOWN = auto()
    AGAIN = auto()
    CONTINUE = auto()
    EDIT = auto()
    PREVIOUS_VERSION = auto()
    NEXT_VERSION = auto()
    PREVIOUS_EDIT = auto()
    NEXT_EDIT = auto()
    INFO = auto()
    DELETE = auto()


AFTER_THE_ANSWER = frozenset({Ask.AGAIN, Ask.CONTINUE, Ask.EDIT})
"""What can't be asked while the answer is arriving."""


class TurnRequest(msgspec.Struct, frozen=True):
    """Something asked of a turn."""

    ask: Ask
    turn_id: TurnId
