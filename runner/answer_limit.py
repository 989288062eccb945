"""How much of an answer is taken from an engine: what was asked for, and not a word more.

An engine that works never reaches the limit. One that a file has taken over could write without
end; whoever shows, counts and keeps the answer would grow with it.
"""

import msgspec

from runner.protocol.engine import Chunk

SLACK_TOKENS = 16
"""An end token and the like, over what was asked for."""

MOST_TOKENS = 2**20
"""More than any context that an answer fills today; how large its own is says the engine itself."""

BLOCK_BYTES, ENTRY_BYTES = 64, 8
"""What one token's probabilities have beside the alternatives, rounded up, and for each of these."""

BYTES_PER_TOKEN, LEAST_BYTES, MOST_BYTES = 256, 64 * 1024, 32 * 1024 * 1024
"""The longest tokens of vocabularies are a run of 128 to 256 spaces."""


class AnswerLimit(msgspec.Struct):
    """What may still come of one answer.

    Attributes:
        tokens: how many more; a piece of text without one counts as one.
        text_bytes: how much more text.
        frame_bytes: how much more of its tokens' probabilities.
    """

    tokens: int = 0
    text_bytes: int = 0
    frame_bytes: int = 0

    @classmethod
    def of(cls, asked: int, context: int, alternatives: int = 0) -> "AnswerLimit":
        """Returns the limit of an answer.

        Args:
            asked: tokens at most; 0 for as many as the context holds.
            context: tokens of context, as the engine says.
            alternatives: how many of each token's were asked for; 0 for no probabilities.
        """
        tokens = min(asked or context, context, MOST_TOKENS) + SLACK_TOKENS
        return cls(
            tokens,
            min(LEAST_BYTES + tokens * BYTES_PER_TOKEN, MOST_BYTES),
            tokens * (BLOCK_BYTES + ENTRY_BYTES * alternatives) if alternatives else 0,
        )

    def take(self, chunk: Chunk) -> bool:
        """Says whether a piece is still within the limit."""
        self.tokens -= max(1, len(chunk.tokens))
        self.text_bytes -= len(chunk.text.encode("utf-8", "replace"))
        return self.tokens >= 0 and self.text_bytes >= 0

    def take_frame(self, size: int) -> bool:
        """Says whether some probabilities are still within the limit."""
        self.frame_bytes -= size
        return self.frame_bytes >= 0
