"""Text that is still growing → blocks that stay, and a tail that may still change.

A settled block is parsed once and never again. The tail is what stands after the last settled one:
one paragraph, one list item, some rows, some lines of code. It is small whatever the text is like,
so asking for it costs little, and an answer of any length costs the same per token.
"""

from app.markdown.blocks import Block
from app.markdown.long_lines import broken
from app.markdown.parser import Parser
from app.markdown.splitter import Splitter

DRAWN_CHARS = 256 * 1024
"""What is drawn of one text; the rest is kept, copied and exported, but not drawn."""


class MarkdownStream:
    """One text on its way. Feeding it in any cuts gives the same blocks as feeding it whole.

    Args:
        keeps_lines: see `Parser`.
    """

    def __init__(self, *, keeps_lines: bool = False) -> None:
        self._parser = Parser(keeps_lines=keeps_lines)
        self._splitter = Splitter()
        self._line = ""
        self._room = DRAWN_CHARS
        self.is_finished = False
        self.settled: list[Block] = []
        self.omitted = 0
        """Characters beyond what is drawn."""

    def feed(self, text: str) -> list[Block]:
        """Takes more text, and returns the blocks that are settled now."""
        drawn, beyond = text[: self._room], text[self._room :]
        self._room -= len(drawn)
        self.omitted += len(beyond)
        *lines, last = (self._line + drawn).split("\n")
        found: list[Block] = []
        for line in lines:
            for part in broken(line):
                found += self._settle(part)
        *parts, self._line = broken(last)
        for part in parts:
            found += self._settle(part)
        self.settled += found
        return found

    def tail(self) -> list[Block]:
        """Returns the blocks of what is not settled yet; none once it is finished."""
        if self.is_finished:
            return []
        return [
            block
            for piece in self._splitter.peek(self._line.rstrip("\r"))
            for block in self._parser.blocks(piece, settled=False)
        ]

    def finish(self) -> list[Block]:
        """Settles what is left, and returns it; nothing may be fed afterwards."""
        found = self._settle(self._line) if self._line else []
        self._line = ""
        self.is_finished = True
        for piece in self._splitter.finish():
            found += self._parser.blocks(piece)
        self.settled += found
        return found

    def _settle(self, line: str) -> list[Block]:
        return [
            block
            for piece in self._splitter.line(line.rstrip("\r"))
            for block in self._parser.blocks(piece)
        ]


def blocks(text: str) -> list[Block]:
    """Returns the blocks of a text that is all here."""
    stream = MarkdownStream()
    stream.feed(text)
    stream.finish()
    return stream.settled
