"""The line of figures below an answer."""

from runner.protocol.engine import Done, StopReason

REASONS = {
    StopReason.END_TOKEN: "the model ended it",
    StopReason.STOP_TEXT: "a stop text ended it",
    StopReason.TOKEN_LIMIT: "the token limit ended it",
    StopReason.CONTEXT_FULL: "the context is full",
    StopReason.STOPPED: "you stopped it",
}


def figures(done: Done, seed: int) -> str:
    """Returns counts, speed, the seed and why the answer ended."""
    parts = [
        f"{done.tokens} tokens",
        *([f"{done.decode_tps:.1f} tokens/s"] if done.decode_tps else []),
        f"first token after {done.first_token_s:.2f} s",
        f"context {done.context_used}",
        f"seed {seed}",
        REASONS[done.reason],
    ]
    return f"[{' · '.join(parts)}]"
