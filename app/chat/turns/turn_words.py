"""Words about a turn: its counts, and why it ended. Knows no Qt but its translation."""

import msgspec

from app.chat.turns.turn_items import TurnItem
from app.words.translation import translate
from app.words.wording import words
from runner.protocol.engine import StopReason
from runner.store.values import INTERRUPTED, Turn, TurnState


def counts_line(turn: Turn) -> str:
    """Returns what a run measured in one quiet line; empty while nothing is known."""
    counts = turn.counts
    if not counts.tokens:
        return ""
    parts = [_tokens(counts.tokens)]
    if counts.decode_tps:
        parts.append(translate("Turn", "{:.0f} tokens/s").format(counts.decode_tps))
    if counts.first_token_s:
        parts.append(translate("Turn", "first in {:.2f} s").format(counts.first_token_s))
    if reason := reason_words(turn.reason):
        parts.append(reason)
    return " · ".join(parts)


def reason_words(reason: str) -> str:
    """Returns why an answer ended, in a few words; empty for an error's code."""
    said: dict[str, str] = {
        StopReason.END_TOKEN: translate("Turn", "ended by the model"),
        StopReason.STOP_TEXT: translate("Turn", "ended at a stop text"),
        StopReason.TOKEN_LIMIT: translate("Turn", "token limit reached"),
        StopReason.CONTEXT_FULL: translate("Turn", "context full"),
        StopReason.STOPPED: translate("Turn", "stopped by you"),
    }
    return said.get(reason, "")


def note(turn: Turn) -> str:
    """Returns the sentence below an answer that did not end as it should; empty otherwise."""
    if turn.reason == INTERRUPTED:
        return translate(
            "Turn", "The app ended while this was being written. What was on screen is here."
        )
    if turn.state is TurnState.FAILED and turn.reason:
        said = words(turn.reason)
        return f"{said.title} {said.meaning}".strip()
    if turn.reason == StopReason.CONTEXT_FULL:
        return translate("Turn", "The context is full, so the answer ends here.")
    return ""


def thinking_title(*, seconds: float, running: bool) -> str:
    """Returns the heading of a fold with thinking."""
    if running:
        return translate("Turn", "Thinking…")
    if seconds > 0:
        return translate("Turn", "Thought for {:.1f} s").format(seconds)
    return translate("Turn", "Thinking")


class Deletion(msgspec.Struct, frozen=True):
    """What deleting a turn takes away: as an offer, and once it is done; and what stays beside it."""

    offer: str
    done: str
    stays: str


def deletion(item: TurnItem) -> Deletion:
    """Returns the words for deleting a turn."""
    if item.place.versions > 1:
        offer = translate("Turn", "Delete this answer")
        done = translate("Turn", "Answer deleted")
        stays = translate("Turn", "The question and its other answers stay. Can be undone.")
        if item.is_followed:
            offer = translate("Turn", "Delete this answer and all that follows")
            done = translate("Turn", "Answer deleted, with all that followed")
        return Deletion(offer, done, stays)
    offer = translate("Turn", "Delete question and answer")
    done = translate("Turn", "Question and answer deleted")
    stays = translate("Turn", "What was said before stays. Can be undone.")
    if item.is_followed:
        offer = translate("Turn", "Delete question, answer and all that follows")
        done = translate("Turn", "Question and answer deleted, with all that followed")
    if item.place.edits > 1:
        stays = translate("Turn", "The other wordings of the question stay. Can be undone.")
    return Deletion(offer, done, stays)


def _tokens(count: int) -> str:
    if count == 1:
        return translate("Turn", "1 token")
    return translate("Turn", "{} tokens").format(f"{count:,}")
