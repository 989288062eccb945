"""The likeliest tokens at each place of an answer, from the logits, at numpy's cost."""

import numpy as np
from numpy.typing import NDArray

from runner.protocol.logprobs import LogprobBlock


def log_probabilities(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """The natural logarithm of each token's probability, before any sampler."""
    shifted = logits - logits.max()
    total = np.exp(shifted).sum(dtype=np.float64)
    logs: NDArray[np.float32] = shifted - np.float32(np.log(total))
    return logs


def block(index: int, token: int, logits: NDArray[np.float32], top: int) -> LogprobBlock:
    """The block for one token of an answer.

    Args:
        index: the token's place in the answer, from 0.
        token: the token that was taken.
        logits: the row that it was drawn from.
        top: how many of the likeliest tokens to name.
    """
    top = min(top, len(logits))
    # Only the best are sorted: a full sort of 100,000 entries would take longer than some tokens.
    best = np.argpartition(logits, -top)[-top:]
    best = best[np.argsort(-logits[best], kind="stable")]
    logs = log_probabilities(logits)
    return LogprobBlock(
        first=index,
        top=top,
        tokens=np.array([token], "<i4").data,
        logprobs=logs[[token]].astype("<f4").data,
        top_tokens=best.astype("<i4").data,
        top_logprobs=logs[best].astype("<f4").data,
    )
