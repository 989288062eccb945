"""What of a chat is handed to the model, and what of it fits. Knows no Qt."""

from collections.abc import Sequence

import msgspec

from runner.protocol.engine import Loaded, Role, Said, Sampling, Sourced
from runner.store.values import Attachment, Turn

PROMPT_BYTES = 256 * 1024
"""A question larger than this is refused before it is tokenised, which takes the square of it."""

BYTES_PER_TOKEN = 16
"""Far more than any text has; a question of more bytes per token of context cannot fit."""

TEMPLATE_TOKENS = 16
"""What a chat template adds to one message, rounded up."""


UNRECORDED_MARKS = ("<think>\n", "\n</think>\n\n")
"""What most models write around their thinking, for answers from before it was written down."""


class Plan(msgspec.Struct, frozen=True):
    """A conversation as it will be sent.

    Attributes:
        left_out: how many of the oldest turns are not in it.
    """

    said: tuple[Said, ...]
    left_out: int = 0

    @property
    def bytes(self) -> int:
        """How long its texts are in UTF-8."""
        return sum(len(part.text.encode("utf-8", "replace")) for part in self.said)

    @property
    def most_tokens(self) -> int:
        """More tokens than it can have: a token is at least one byte."""
        return self.bytes + TEMPLATE_TOKENS * (len(self.said) + 1)


def question_text(question: str, attachments: Sequence[Attachment]) -> str:
    """Returns a question with the texts of its files, each under its name."""
    parts = [f"File {file.name}:\n\n{file.text}\n" for file in attachments]
    return "\n".join([*parts, question]) if parts else question


def plan(system: str, turns: Sequence[Turn], question: str, left_out: int = 0) -> Plan:
    """Returns the conversation of `turns` with a new question at its end."""
    said = [Said(Role.SYSTEM, system)] if system.strip() else []
    for turn in turns[left_out:]:
        said.append(Said(Role.USER, question_text(turn.question, turn.attachments)))
        if turn.answer:
            said.append(Said(Role.ASSISTANT, turn.answer))
    said.append(Said(Role.USER, question))
    return Plan(tuple(said), left_out)


def prefill(turn: Turn) -> str:
    """Returns what an answer that goes on begins with, its thinking included."""
    if not turn.thinking:
        return turn.answer
    opening, closing = turn.recipe.thinking_marks or UNRECORDED_MARKS
    return f"{opening}{turn.thinking}{closing}{turn.answer}"


def room_for_answer(context: int) -> int:
    """Returns the tokens that are kept free for an answer."""
    return min(1024, context // 4)


def surely_fits(conversation: Plan, context: int) -> bool:
    """Says whether it fits whatever its tokens are, so that nobody has to count."""
    return conversation.most_tokens <= context - room_for_answer(context)


def largest_question(context: int) -> int:
    """Returns how many bytes a question may have to be looked at further."""
    return min(PROMPT_BYTES, context * BYTES_PER_TOKEN) if context else PROMPT_BYTES


def turns_to_leave_out(
    system: str, turns: Sequence[Turn], question: str, *, tokens: int, left_out: int, context: int
) -> int | None:
    """Returns how many of the oldest turns to leave out, judging by bytes; None if that won't do.

    `tokens` is what the conversation without its first `left_out` turns was counted to have.
    """
    whole = plan(system, turns, question, left_out)
    a_token = max(0.5, whole.bytes / max(1, tokens))
    goal = (context - room_for_answer(context)) * 0.95
    rest = whole.bytes
    # One turn after the other comes off the sum: adding up anew each time froze a long chat.
    for count, turn in enumerate(turns[left_out:], left_out + 1):
        rest -= plan("", (turn,), "").bytes
        if rest / a_token <= goal:
            return count
    return None


def larger_context(loaded: Loaded | None, tokens: int) -> int:
    """Returns a context in which a conversation of `tokens` goes on for a while; 0 for none.

    The model was trained for no more than the header states.
    """
    if loaded is None:
        return 0
    wanted = min(loaded.context_trained, 2 * (tokens + room_for_answer(tokens)))
    return wanted if wanted > max(loaded.context, tokens) else 0


class InForce(msgspec.Struct, frozen=True):
    """The sampling of the next answer, and where each value comes from."""

    sampling: Sampling
    sources: dict[str, str]


def sampling_in_force(
    own: Sampling | None, preset: str, presets: dict[str, Sampling], loaded: Loaded | None
) -> InForce:
    """Returns a chat's own sampling, else the chosen preset, else the file's defaults over ours."""
    fields = Sampling.__struct_fields__
    if own is not None:
        source = f"preset:{preset}" if preset else "chat"
        return InForce(own, dict.fromkeys(fields, source))
    if preset in presets:
        return InForce(presets[preset], dict.fromkeys(fields, f"preset:{preset}"))
    values: dict[str, float | int] = {}
    sources = dict.fromkeys(fields, "app")
    told: dict[str, Sourced] = loaded.sampling if loaded else {}
    for name, sourced in told.items():
        if name in fields:
            whole = isinstance(getattr(Sampling(), name), int)
            values[name] = int(sourced.value) if whole else sourced.value
            sources[name] = sourced.source
    return InForce(Sampling(**values), sources)  # type: ignore[arg-type]
