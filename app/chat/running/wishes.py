"""What the chat's controller is doing, and what somebody wants of it. Knows no Qt."""

from enum import Enum, auto

import msgspec

from runner.store.rows import storable
from runner.store.values import Attachment, Turn, TurnId


class Step(Enum):
    """What the controller is doing."""

    REST = auto()
    COUNTING = auto()
    CHOOSING = auto()
    WRITING = auto()
    ANSWERING = auto()


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that somebody wants: to a new question, again, or further.

    Attributes:
        parent_id: the turn that a new question follows.
        turn: the turn to answer again or to continue; None for a new question.
        goes_on: whether that turn's answer is continued.
        left_out: how many of the oldest turns the model is not given.
    """

    question: str
    attachments: tuple[Attachment, ...] = ()
    parent_id: TurnId | None = None
    turn: Turn | None = None
    goes_on: bool = False
    left_out: int = 0

    def storable(self) -> "Wish":
        """Returns it without what can be neither stored nor sent, such as half of a character."""
        files = tuple(
            msgspec.structs.replace(file, text=storable(file.text)) for file in self.attachments
        )
        return msgspec.structs.replace(self, question=storable(self.question), attachments=files)


class TooLong(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation is longer than the context; a person has to say what to do.

    Attributes:
        leave_out: how many of the oldest turns would have to go; 0 where that would not do.
        grow_to: a context that would hold it all, where the model was trained for one; 0 if not.
    """

    tokens: int
    context: int
    leave_out: int
    grow_to: int
