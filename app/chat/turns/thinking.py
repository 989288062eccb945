"""The thinking of an answer, told apart from the answer while both are still arriving. Knows no Qt."""

import re
from dataclasses import dataclass

import msgspec

from resources import table


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one kind of model marks its thinking; `then` is dropped from the start of the answer."""

    opening: str
    closing: str
    then: str = ""


class _File(msgspec.Struct, frozen=True):
    pair: list[Pair]


@dataclass(frozen=True, slots=True)
class Told:
    """What some more text turned out to be.

    Attributes:
        rethought: what was taken for the answer until now was thinking; it is said again in
            `thinking`, and what has been drawn of the answer is void.
    """

    thinking: str = ""
    answer: str = ""
    rethought: bool = False


class ThoughtSplitter:
    """Takes the text as it comes; cuts of any kind give the same thinking and answer."""

    def __init__(self) -> None:
        self._pairs = table("chat/thinking.toml", _File).pair
        closings = "|".join(re.escape(pair.closing) for pair in self._pairs[:-1])
        self._ends = re.compile(f"^(?:{closings})", re.MULTILINE)
        self._pair: Pair | None = None
        self._held = ""  # may be the start of a mark
        self._begun = False  # whether the first visible text has come
        self._dropping = ""  # what may stand between the closing mark and the answer
        self.thinking = ""
        self.answer = ""
        self.is_thinking = False
        self.has_thought = False
        self.marks: tuple[str, ...] = ()
        """What stood around the thinking: before it, empty where a template opened it, and after it,
        empty while it goes on."""

    @classmethod
    def within(cls, opening: str) -> "ThoughtSplitter":
        """Returns one for what goes on in the midst of thinking that began with this mark."""
        splitter = cls()
        splitter._pair = next((pair for pair in splitter._pairs if pair.opening == opening), None)
        splitter.is_thinking = splitter._begun = splitter.has_thought = True
        splitter.marks = (opening, "")
        return splitter

    def feed(self, text: str) -> Told:
        """Takes more text."""
        self._held += text
        told = Told()
        while True:
            step = self._step()
            if step is None:
                return told
            told = Told(
                thinking=step.thinking if step.rethought else told.thinking + step.thinking,
                answer=step.answer if step.rethought else told.answer + step.answer,
                rethought=told.rethought or step.rethought,
            )

    def finish(self) -> Told:
        """Gives out what was held back in case it was a mark."""
        held, self._held = self._held, ""
        return self._out(held)

    def _step(self) -> Told | None:
        if self.is_thinking:
            return self._in_thinking()
        if not self._begun:
            return self._at_start()
        return self._in_answer()

    def _at_start(self) -> Told | None:
        seen = self._held.lstrip()
        for pair in self._pairs:
            if seen.startswith(pair.opening):
                self._held = seen[len(pair.opening) :]
                self._pair, self.is_thinking, self._begun = pair, True, True
                self.has_thought = True
                self.marks = (pair.opening, "")
                return Told()
        if not seen or any(pair.opening.startswith(seen) for pair in self._pairs):
            return None
        self._begun = True
        return Told()

    def _in_thinking(self) -> Told | None:
        pair = self._pair or self._pairs[0]
        before, mark, after = self._held.partition(pair.closing)
        if mark:
            told = self._out(before)
            self.marks = (self.marks[0], pair.closing)
            self._held, self.is_thinking = after, False
            self._dropping = pair.then or "\n"
            return told
        return self._all_but(pair.closing)

    def _in_answer(self) -> Told | None:
        if self._dropping:
            return self._after_thinking()
        if self.has_thought:
            return self._all_but("")
        # A template may have opened the thinking: then only its end appears, on its own line.
        for end in self._ends.finditer(self._held):
            if end.start() == 0 and self.answer and not self.answer.endswith("\n"):
                continue
            self.thinking = self.answer + self._held[: end.start()]
            self.answer = ""
            self._held = self._held[end.end() :]
            self.marks = ("", end.group())
            self.has_thought, self._dropping = True, "\n"
            return Told(thinking=self.thinking, rethought=True)
        return self._all_but(*(pair.closing for pair in self._pairs[:-1]))

    def _after_thinking(self) -> Told | None:
        seen = self._held.lstrip("\n")
        if not seen or (self._dropping != "\n" and self._dropping.startswith(seen)):
            return None
        rest = seen.removeprefix(self._dropping)
        opening, closing = self.marks
        self.marks = (opening, closing + self._held[: len(self._held) - len(rest)])
        self._held = rest
        self._dropping = ""
        return Told()

    def _all_but(self, *marks: str) -> Told | None:
        """Gives out everything but an end that may be the start of one of `marks`."""
        keep = max((_overlap(self._held, mark) for mark in marks), default=0)
        out, self._held = (
            self._held[: len(self._held) - keep],
            self._held[len(self._held) - keep :],
        )
        return self._out(out) if out else None

    def _out(self, text: str) -> Told:
        if self.is_thinking:
            self.thinking += text
            return Told(thinking=text)
        self.answer += text
        return Told(answer=text)


def _overlap(text: str, mark: str) -> int:
    """Returns how much of `mark`'s start `text` ends with."""
    if mark[:1] not in text[-len(mark) :]:
        return 0
    for length in range(min(len(text), len(mark) - 1), 0, -1):
        if text.endswith(mark[:length]):
            return length
    return 0
