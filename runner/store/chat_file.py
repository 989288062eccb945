"""The shape of a chat in a JSON file: what an export writes and an import reads.

It is a door for other programs too, so it is documented field by field, and a test keeps the
schema (docs/chat-format.md). Numbers in it count from 1 and mean something in this file only.
"""

import msgspec

from runner.protocol.engine import Sampling
from runner.store.values import Attachment, Run, TurnState

FORMAT = "lightwell.chat/1"
"""A field may be added under this number; a change of meaning raises it."""


class QuestionInFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that was asked; several turns may answer it."""

    id: int
    text: str
    attachments: tuple[Attachment, ...] = ()


class TurnInFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An answer to a question, with the runs that made it.

    Attributes:
        parent: the turn that it follows, which stands earlier in the file; absent for the first.
        question: the question that it answers.
        tokens: what the answer was made of, where it was kept.
    """

    id: int
    parent: int | None = None
    question: int
    answer: str = ""
    thinking: str = ""
    state: TurnState = TurnState.DONE
    reason: str = ""
    runs: tuple[Run, ...] = ()
    tokens: tuple[int, ...] = ()
    created: float = 0.0


class ChatFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A chat with all its branches.

    Attributes:
        shown: the last turn of the branch on show.
    """

    format: str
    title: str = ""
    named: bool = False
    created: float = 0.0
    changed: float = 0.0
    system: str = ""
    sampling: Sampling | None = None
    preset: str = ""
    shown: int | None = None
    questions: tuple[QuestionInFile, ...] = ()
    turns: tuple[TurnInFile, ...] = ()
