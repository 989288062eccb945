"""A card's lines for the rules: bounded, with headings, and without what stands in code.

Every pattern of a rule is used line by line on at most `LINE` characters, so that no card can make
it slow.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.cards.front_matter import split
from inspector.cards.read import LINES, READ
from inspector.claims.values import QUOTED, Passage
from inspector.untrusted import shortened

LINE = 1_500
MOST_HITS = 60
_MOST_BLOCKS = 200

_FENCE = re.compile(r"^\s{0,3}(```|~~~)")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.{1,200})")
_LINKED = re.compile(r"\[([^\[\]]{0,200})\]\([^()\s]{0,500}\)")
_TAG = re.compile(r"<[^<>]{0,300}>")
_ENDS = re.compile(r"[.!?] ")
_WIDE = re.compile(r"(?<=\S)[ \t]{2,}")
_GOES_ON = re.compile(r"^\s{0,3}(?:>\s?)?(?!--)[^\s#|<>=].*[^\s.!?:|]\s?$")
"""A line of prose that does not end its sentence; after two blanks Markdown breaks a line for good."""

_BEGINS = re.compile(r"^\s*(?:[-+*]\s|\d{1,2}[.)]\s|#|\||<|$)")
_LED = 200
_SLANTED = re.compile(r"(?<![\w/])_{1,3}(?=\w)|(?<=\w)_{1,3}(?![\w/])")
_MARKS = str.maketrans("", "", "*`\\")


@dataclass(frozen=True, slots=True)
class CardLine:
    """A line: its number in the file, its text without marks of Markdown, what it stands below.

    Attributes:
        path: the headings above it, the outermost first, joined.
        led: the end of the line before, where a sentence may go on from there.
    """

    number: int
    text: str
    heading: str
    path: str = ""
    led: str = ""


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """What stands between two fences, as it was written.

    Attributes:
        line, end: its first and last line.
        before: the last line with words before it.
    """

    line: int
    end: int
    text: str
    heading: str
    before: str


@dataclass(frozen=True, slots=True)
class Hit:
    """What a pattern found."""

    line: CardLine
    found: re.Match[str]


def around(hit: Hit) -> tuple[str, str]:
    """Returns what stands before and after what was found, within its sentence.

    What stands before may begin in the line above: many writers break their lines.
    """
    text = hit.line.text
    before, after = text[: hit.found.start()], text[hit.found.end() :]
    if hit.line.led:
        before = f"{hit.line.led} {before.lstrip('> ')}"
    return _ENDS.split(before)[-1], _ENDS.split(after, maxsplit=1)[0]


def sentence(hit: Hit) -> str:
    """Returns the sentence around what was found."""
    before, after = around(hit)
    return before + hit.found.group() + after


class CardText:
    """The lines of one card that a rule may search."""

    def __init__(self, raw: bytes, document: str, revision: str = "") -> None:
        text = raw[:READ].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
        self.document = document
        self.revision = revision
        self._blocks: list[CodeBlock] = []
        self.lines = tuple(_lines(text, self._blocks))
        self._small = "\n".join(line.text for line in self.lines).lower()

    @property
    def code(self) -> tuple[CodeBlock, ...]:
        """The blocks of code, which no rule on sentences reads."""
        return tuple(self._blocks)

    def has(self, *words: str) -> bool:
        """Whether any of some words in small letters stands anywhere: cheap, before a search."""
        return any(word in self._small for word in words)

    def search(
        self, pattern: re.Pattern[str], *, under: re.Pattern[str] | None = None
    ) -> list[Hit]:
        """Returns what a pattern finds, line by line; `under` asks for a heading too."""
        hits = []
        for line in self.lines:
            if under is not None and not under.search(line.path):
                continue
            for found in pattern.finditer(line.text):
                hits.append(Hit(line, found))
                if len(hits) >= MOST_HITS:
                    return hits
        return hits

    def passage(self, line: CardLine, quote: str = "") -> Passage:
        """Returns where a line stands."""
        return Passage(
            document=self.document,
            line=line.number,
            end=line.number,
            heading=shortened(line.heading, 120),
            quote=shortened(quote or line.text.strip(), QUOTED),
            revision=self.revision,
        )


def _lines(text: str, blocks: list[CodeBlock]) -> Iterator[CardLine]:
    """Yields the lines outside of code, and puts the blocks of code aside."""
    _, body_at, _ = split(text)
    first = text.count("\n", 0, body_at)
    above: list[tuple[int, str]] = []
    fence, before, led = "", "", ""
    inside: list[str] = []
    for number, raw in enumerate(text[body_at:].split("\n")[:LINES], first + 1):
        line = raw[:LINE]
        if fence:
            if line.lstrip().startswith(fence):
                fence = ""
                if len(blocks) < _MOST_BLOCKS:
                    path = " / ".join(title for _, title in above)
                    begin = number - len(inside)
                    block = CodeBlock(begin, number - 1, "\n".join(inside), path, before)
                    blocks.append(block)
            else:
                inside.append(line)
            continue
        if found := _FENCE.match(line):
            led = ""
            fence, inside = found.group(1), []
            continue
        if found := _HEADING.match(line):
            depth = len(found.group(1))
            above = [one for one in above if one[0] < depth]
            above.append((depth, plain(found.group(2)).strip(" #")))
        path = " / ".join(title for _, title in above)
        before = line.strip() or before
        words = plain(line)
        led = "" if _BEGINS.match(line) else led
        yield CardLine(number, words, above[-1][1] if above else "", path, led)
        led = words.strip()[-_LED:] if _GOES_ON.match(line) else ""


def plain(text: str) -> str:
    """Returns a line without marks of Markdown: links as their words, no tags, no wide gaps."""
    if "](" in text:
        text = _LINKED.sub(r"\1", text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "_" in text:
        text = _SLANTED.sub("", text)
    # Tables are filled up with blanks, so that their columns stand below each other.
    return _WIDE.sub(" ", text.translate(_MARKS))
