"""The text of an answer on its way to the screen: thinking and body, each a Markdown stream. Knows no Qt."""

from app.chat.turns.thinking import ThoughtSplitter
from app.markdown.blocks import Block, Paragraph, Span
from app.markdown.long_lines import broken
from app.markdown.neutral import visible
from app.markdown.stream import DRAWN_CHARS, MarkdownStream

SLICE_CHARS = 4096
"""How much of a stored text is read between two paints."""


class AnswerText:
    """An answer that is arriving, or one from the store that is read slice by slice.

    Attributes:
        version: raised when what was drawn is void, because it turned out to be thinking.
    """

    def __init__(self) -> None:
        self._splitter = ThoughtSplitter()
        self._before_thinking = self._before_answer = ""
        self._waiting_thinking = self._waiting_answer = ""
        self._expects_no_thinking = False
        self.thinking: MarkdownStream | None = None
        self.body = MarkdownStream(keeps_lines=True)
        self.version = 0

    @classmethod
    def stored(cls, thinking: str, answer: str) -> "AnswerText":
        """Returns an ended answer; `read_more` reads it."""
        text = cls()
        text._before_thinking, text._before_answer = thinking, answer
        text._waiting_thinking, text._waiting_answer = thinking, answer
        text._expects_no_thinking = True
        if thinking:
            text.thinking = MarkdownStream(keeps_lines=True)
        return text

    @classmethod
    def continuing(cls, thinking: str, answer: str, marks: tuple[str, ...] = ()) -> "AnswerText":
        """Returns an answer that goes on after `answer`, or in its thinking where that had no end.

        Args:
            thinking: all of it so far.
            answer: all of it so far.
            marks: what the model wrote around its thinking.
        """
        text = cls.stored(thinking, answer)
        while text._read_slice():
            pass
        if marks and not marks[-1]:
            text._splitter = ThoughtSplitter.within(marks[0])
            text._expects_no_thinking = False
        elif text.thinking is not None:
            text.thinking.finish()
        return text

    @property
    def thinking_text(self) -> str:
        """All of the thinking so far."""
        return self._before_thinking + (
            "" if self._expects_no_thinking else self._splitter.thinking
        )

    @property
    def answer_text(self) -> str:
        """All of the answer so far, without its thinking."""
        return self._before_answer + self._splitter.answer

    @property
    def thinking_marks(self) -> tuple[str, ...]:
        """What stood before and after the thinking, as the model wrote it; empty without any."""
        return self._splitter.marks

    @property
    def is_thinking(self) -> bool:
        """Whether what arrives now is thinking."""
        return self._splitter.is_thinking

    def feed(self, text: str) -> None:
        """Takes text as the engine sends it."""
        if self._expects_no_thinking:
            self._splitter.answer += text
            self.body.feed(text)
            return
        told = self._splitter.feed(text)
        self._take(told.thinking, told.answer, rethought=told.rethought)

    def finish(self) -> None:
        """Settles what is left; nothing may be fed afterwards."""
        while self._read_slice():
            pass
        told = self._splitter.finish()
        self._take(told.thinking, told.answer, rethought=False)
        if self.thinking is not None and not self.thinking.is_finished:
            self.thinking.finish()
        if not self.body.is_finished:
            self.body.finish()

    def read_more(self) -> bool:
        """Reads the next slice of a stored answer; says whether there is more to read."""
        if self.body.is_finished:
            return False
        if self._read_slice():
            return True
        self.finish()
        return False

    def _read_slice(self) -> bool:
        if self._waiting_thinking and self.thinking is not None:
            self.thinking.feed(self._waiting_thinking[:SLICE_CHARS])
            self._waiting_thinking = self._waiting_thinking[SLICE_CHARS:]
            return True
        if self._waiting_answer:
            at_once = SLICE_CHARS if self.body.omitted == 0 else len(self._waiting_answer)
            self.body.feed(self._waiting_answer[:at_once])
            self._waiting_answer = self._waiting_answer[at_once:]
            return bool(self._waiting_answer)
        return False

    def _take(self, thinking: str, answer: str, *, rethought: bool) -> None:
        if rethought:
            self.version += 1
            self.thinking, self.body = (
                MarkdownStream(keeps_lines=True),
                MarkdownStream(keeps_lines=True),
            )
        if thinking or (self._splitter.is_thinking and self.thinking is None):
            self.thinking = self.thinking or MarkdownStream(keeps_lines=True)
            self.thinking.feed(thinking)
        if answer:
            if self.thinking is not None and not self.thinking.is_finished:
                self.thinking.finish()
            self.body.feed(answer)


class PlainText:
    """A question: shown as it was typed, without reading Markdown into it.

    It has what a view asks of a stream, and is all here from the start.
    """

    is_finished = True

    def __init__(self, text: str, most: int = DRAWN_CHARS // 8) -> None:
        self.omitted = max(0, len(text) - most)
        self.settled: list[Block] = []
        lines: list[str] = []
        for line in visible(text[:most].replace("\r\n", "\n")).split("\n"):
            for part in broken(line):
                lines.append(part)
                if sum(map(len, lines[-40:])) > 2000 or len(lines) >= 40:
                    self._settle(lines)
                    lines = []
        self._settle(lines)

    def _settle(self, lines: list[str]) -> None:
        if lines:
            self.settled.append(Paragraph((Span("\n".join(lines)),)))

    def tail(self) -> list[Block]:
        """Nothing is left open."""
        return []
