"""From tokens' bytes to text that may be shown: whole characters, and nothing of a stop text."""

import codecs
from collections.abc import Sequence


class TextAssembler:
    """Joins the bytes of tokens into whole characters, and looks for texts that end an answer.

    A token may hold a part of a character, and a stop text may lie across tokens: what could still
    become either is kept back until it is decided.

    Args:
        stops: texts that end the answer; empty ones are ignored.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stops = [stop for stop in stops if stop]
        self._longest = max(map(len, self._stops), default=0)
        self._kept_back = ""
        self.stop_text = ""

    def add(self, piece: bytes) -> str:
        """Takes a token's bytes; returns the text that is now certain.

        Once a stop text has appeared, `stop_text` names it and what follows is dropped.
        """
        return self._settle(self._decoder.decode(piece))

    def finish(self) -> str:
        """Returns what was kept back, for the answer has ended; broken characters are replaced."""
        text = self._settle(self._decoder.decode(b"", final=True)) + self._kept_back
        self._kept_back = ""
        return text

    def _settle(self, fresh: str) -> str:
        if self.stop_text:
            return ""
        text = self._kept_back + fresh
        found = [(text.find(stop), stop) for stop in self._stops if stop in text]
        if found:
            # The one that is complete first, so that it doesn't matter how tokens cut the text.
            start, self.stop_text = min(found, key=lambda at: (at[0] + len(at[1]), at[0]))
            self._kept_back = ""
            return text[:start]
        certain = len(text) - self._undecided(text)
        self._kept_back = text[certain:]
        return text[:certain]

    def _undecided(self, text: str) -> int:
        """The length of the longest end of the text that is the beginning of a stop text."""
        for length in range(min(len(text), self._longest - 1), 0, -1):
            end = text[-length:]
            if any(stop.startswith(end) for stop in self._stops):
                return length
        return 0
