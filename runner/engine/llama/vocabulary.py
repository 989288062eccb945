"""A model's vocabulary: the tokens that mean something, and the bytes of each."""

import re

from runner.engine.llama import binding
from runner.engine.llama.binding import ModelHandle

_END_TOKENS = re.compile(r"print_info: EO[GST] token\s*= (\d+) ")


class Vocabulary:
    """The vocabulary of a loaded model.

    Args:
        model: the model, which must stay open.
        log: what the library said while it loaded; it lists there every token that ends an answer.
    """

    def __init__(self, model: ModelHandle, log: str = "") -> None:
        self.handle = binding.vocabulary(model)
        self.size = binding.vocabulary_size(self.handle)
        special = binding.special_tokens(self.handle)
        self.bos = special["bos"]
        self.adds_bos = binding.adds_bos(self.handle) and self.bos >= 0
        self.bos_text = self._text(special["bos"])
        self.eos_text = self._text(special["eos"])
        candidates = {special["eos"], special["eot"], *map(int, _END_TOKENS.findall(log))}
        self.end_texts = [
            self._text(token)
            for token in sorted(candidates)
            if 0 <= token < self.size and binding.is_end(self.handle, token)
        ]
        self._pieces: dict[int, bytes] = {}

    def ends(self, token: int) -> bool:
        """Says whether a token ends an answer."""
        return binding.is_end(self.handle, token)

    def piece(self, token: int) -> bytes:
        """The bytes that a token adds to an answer; none for a mark of the format."""
        if token not in self._pieces:
            self._pieces[token] = binding.piece(self.handle, token)
        return self._pieces[token]

    def _text(self, token: int) -> str:
        return binding.token_text(self.handle, token) if 0 <= token < self.size else ""
