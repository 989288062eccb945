"""What the store keeps, as frozen values: chats, turns, runs with their recipes, attachments.

They are the same in the database, in exports and in the window. `Recipe` and `Counts` are stored
as JSON; a field may be added with a default, and none may be renamed.
"""

from enum import StrEnum
from typing import NewType

import msgspec

from runner.protocol.engine import Sampling

ChatId = NewType("ChatId", int)
TurnId = NewType("TurnId", int)
QuestionId = NewType("QuestionId", int)
FileId = NewType("FileId", int)

MARK_START, MARK_END = "\x02", "\x03"
"""They surround what a search matched; control characters that no text keeps on a screen."""

INTERRUPTED = "interrupted"
"""The reason of an answer that was still being written when the app ended."""


class TurnState(StrEnum):
    """How far an answer has come. Stored as these words, never renumbered."""

    STREAMING = "streaming"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Recipe(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a run was made from: enough to repeat it with the same settings.

    Empty or zero means "not recorded". The prompt's own text is not here: it follows from the
    chat's system prompt and the turns above, and `prompt_sha256` tells whether it still does.

    Attributes:
        model: the model's name as it was shown.
        engine_build: name and version of the engine, and of the library below it.
        template: where the chat template came from: `file`, or `none` for raw completion.
        splits: the sizes of the prompt's evaluations, oldest first.
        prefilled: characters of this answer that were there before the run (a continued answer).
        thinking_marks: what the model wrote before and after its thinking; the first is empty where
            the template opened it, the second where the thinking was stopped. Empty without thinking.
    """

    model: str = ""
    file_name: str = ""
    file_sha256: str = ""
    file_size: int = 0
    engine_build: dict[str, str] = {}
    devices: tuple[str, ...] = ()
    layers: int = 0
    layers_offloaded: int = 0
    template: str = ""
    template_sha256: str = ""
    prompt_sha256: str = ""
    splits: tuple[int, ...] = ()
    sampling: Sampling | None = None
    preset: str = ""
    seed: int = 0
    max_tokens: int = 0
    context: int = 0
    threads: int = 0
    prefilled: int = 0
    thinking_marks: tuple[str, ...] = ()


class Counts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a run measured; the engine's `Done` names each."""

    prompt_tokens: int = 0
    kept: int = 0
    evaluated: int = 0
    tokens: int = 0
    first_token_s: float = 0.0
    total_s: float = 0.0
    decode_tps: float = 0.0
    thinking_s: float = 0.0
    context_used: int = 0
    turns_left_out: int = 0


class Run(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One generation. An answer has one, and one more for each time it was continued."""

    recipe: Recipe = Recipe()
    counts: Counts = Counts()
    reason: str = ""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file's text that goes with a question; the file itself is not kept."""

    name: str
    text: str
    sha256: str
    tokens: int = 0


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One question and one answer to it.

    Turns with the same `question_id` are versions of an answer. Turns below the same parent with
    another `question_id` are edits of the question.

    Attributes:
        parent_id: the turn that this one follows; None where the chat begins.
        reason: why the answer ended: a stop reason of the engine, an error's code, or
            `interrupted`; empty while it streams.
        runs: what made the answer, oldest first.
        created: seconds since 1970.
    """

    id: TurnId
    chat_id: ChatId
    parent_id: TurnId | None
    question_id: QuestionId
    question: str
    answer: str = ""
    thinking: str = ""
    state: TurnState = TurnState.STREAMING
    reason: str = ""
    runs: tuple[Run, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    file_id: FileId | None = None
    created: float = 0.0

    @property
    def run(self) -> Run:
        """The latest run; an empty one where none is recorded."""
        return self.runs[-1] if self.runs else Run()

    @property
    def recipe(self) -> Recipe:
        """The latest run's recipe."""
        return self.run.recipe

    @property
    def counts(self) -> Counts:
        """The latest run's counts."""
        return self.run.counts

    @property
    def was_interrupted(self) -> bool:
        """Whether the app ended while this answer was being written."""
        return self.reason == INTERRUPTED


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """A chat without its turns.

    Attributes:
        title: as shown; `named` tells whether a person chose it.
        changed: when something was last asked or answered; seconds since 1970, like `created`.
        leaf_id: the last turn of the branch on show; None while nothing was asked.
        sampling: this chat's own; None follows the settings.
        deleted: when it was deleted; it can be restored until it is purged.
        turns: how many turns it has, those of other branches included.
        deleted_turns: how many more can be put back, until they are purged.
    """

    id: ChatId
    title: str = ""
    named: bool = False
    pinned: bool = False
    created: float = 0.0
    changed: float = 0.0
    leaf_id: TurnId | None = None
    system: str = ""
    sampling: Sampling | None = None
    preset: str = ""
    draft: str = ""
    file_id: FileId | None = None
    deleted: float | None = None
    turns: int = 0
    deleted_turns: int = 0
