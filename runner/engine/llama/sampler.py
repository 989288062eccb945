"""How the next token is chosen: llama.cpp's own samplers, in llama.cpp's own order."""

from collections.abc import Sequence

from runner.engine.llama import binding
from runner.engine.llama.binding import ContextHandle
from runner.protocol.engine import Sampling


class Sampler:
    """A chain of samplers for one answer; the same seed and the same logits draw the same tokens.

    The order is that of llama.cpp: penalties, top-k, top-p, min-p, temperature, draw. At a
    temperature of 0 the likeliest token is taken, after penalties.

    Args:
        settings: the parameters; a sampler that its value switches off is left out.
        seed: of the draw.
        vocabulary_size: tokens of the vocabulary.
        before: the prompt's tokens, whose last ones count as said for the repeat penalty.
    """

    def __init__(
        self, settings: Sampling, seed: int, vocabulary_size: int, before: Sequence[int]
    ) -> None:
        self._chain = chain = binding.new_chain()
        penalised = settings.repeat_penalty > 0 and settings.repeat_penalty != 1.0
        penalised = penalised and settings.repeat_last > 0
        if penalised:
            binding.add_penalties(
                chain, vocabulary_size, settings.repeat_last, settings.repeat_penalty
            )
        if settings.temperature <= 0:
            binding.add_greedy(chain)
        else:
            if settings.top_k > 0:
                binding.add_top_k(chain, settings.top_k)
            if settings.top_p < 1:
                binding.add_top_p(chain, settings.top_p)
            if settings.min_p > 0:
                binding.add_min_p(chain, settings.min_p)
            binding.add_temperature(chain, settings.temperature)
            binding.add_draw(chain, seed)
        if penalised:
            for token in before[-settings.repeat_last :]:
                binding.accept(chain, token)

    def draw(self, context: ContextHandle) -> int:
        """Draws from the logits of the last evaluation."""
        return binding.sample(self._chain, context)

    def take(self, token: int) -> int:
        """Takes a token that was chosen elsewhere, so that penalties know of it."""
        binding.accept(self._chain, token)
        return token

    def free(self) -> None:
        """Gives the chain's memory back; the sampler must not be used again."""
        binding.free_chain(self._chain)
