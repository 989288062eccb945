"""Reads a card: bytes in, a `Card` out, whatever the bytes are."""

import hashlib
import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

from inspector.cards.figures import figures
from inspector.cards.front_matter import FrontMatter, read_front_matter, split
from inspector.cards.html_tables import html_tables
from inspector.cards.slots import filled_slots, says_nothing, slots_of
from inspector.cards.values import Card, CardLink, Label, Section, Table
from inspector.errors import InspectorError
from inspector.facts import now
from inspector.untrusted import shortened

LARGEST = 10 * 1024 * 1024
"""The largest card file that is opened at all."""

READ = 256 * 1024
"""What is read of one; the longest card that we know of has a quarter of this."""

LINES = 8_000
"""Lines of one; ten times what the longest card that we know of has."""

LINE = 8_000
"""Characters of one line; what parses a line takes the square of its length, at worst."""

MOST = 2_000
CELLS = 4_000
SECTION_TEXT = 2_000
_NESTING = 12
_TAG = re.compile(r"<[^<>]{0,400}>")
_COMMENT_LINES = re.compile(r"<!--(.*?)-->", re.DOTALL)
_ADDRESS = re.compile(r"(?:href|src)\s{0,3}=\s{0,3}[\"']([^\"'<>\s]{1,2000})[\"']", re.IGNORECASE)
_REFERENCE = re.compile(r"^\s{0,3}\[([^\[\]^][^\[\]]{0,200})\]:\s{1,8}<?((?!#)[^\s<>]{1,2000})")
_LABEL = re.compile(r"^\s{0,4}(?:[-*+]\s+)?\*\*(.{2,60}?)(?::\s*\*\*|\*\*\s*:)\s*(.{0,4000})$")
_MARKS = re.compile(r"[*`]+")
_DEEP_START = re.compile(r"^(?:\s{0,3}(?:>|[-*+]\s|\d{1,9}[.)]\s)){8,}")
_LINK_SIGNS = re.compile(r"[\[\]]")
_WORD = re.compile(r"\w{2,}")
_FEW_WORDS = 6
"""Words by which a line of plain text is found among those that were written."""

_QUOTED = 400
_FAR = 40
"""Lines that one of plain text is looked for in: comments and empty labels between are left out."""


def read_card(path: Path, revision: str = "") -> Card:
    """Returns the card at `path`.

    Raises:
        InspectorError: `card.missing` or `card.too_large`.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise InspectorError("card.too_large", name=path.name, size=size // 1024)
        raw = path.read_bytes()[:LARGEST]
    except OSError as error:
        raise InspectorError("card.missing", str(error), name=path.name) from error
    return card_from_bytes(raw, path.name, revision)


def card_from_bytes(raw: bytes, document: str, revision: str = "") -> Card:
    """Returns a card from its bytes; never raises."""
    return msgspec.structs.replace(_read(raw), document=document, revision=revision, read_at=now())


@lru_cache(maxsize=2)
def _read(raw: bytes) -> Card:
    """Reads a card once: each part of a dossier asks for the same one."""
    text = raw[: READ + 4].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    ends = [found.start() for found in itertools.islice(re.finditer("\n", text), LINES)]
    cut = len(raw) > READ or len(ends) == LINES
    if len(ends) == LINES:
        text = text[: ends[-1]]
    text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    source, at, problem = split(text)
    front = FrontMatter((), (problem,)) if problem else read_front_matter(source)
    first_line = text.count("\n", 0, at)
    body = _tamed(text[at:])
    tokens = _tokens(body)
    sections = tuple(_sections(tokens, body, first_line))
    links = list(_links(tokens, body, first_line))
    tables = (*_tables(tokens, sections, first_line), *_in_html(tokens, body, sections, first_line))
    labels = tuple(_labels(body, first_line))
    more = max(0, len(sections) - MOST) + max(0, len(links) - MOST)
    return Card(
        document="",
        sha256=hashlib.sha256(raw).hexdigest(),
        bytes=len(raw),
        read_at=now(),
        cut=cut,
        more=more,
        front=front,
        sections=sections[:MOST],
        labels=labels[:MOST],
        tables=tables,
        figures=tuple(figures(front, tables))[:MOST],
        links=tuple(links[:MOST]),
        slots=filled_slots(front, sections[:MOST], labels[:MOST]),
    )


def _tamed(body: str) -> str:
    """Returns a body that parses in time that grows with its length: shorter lines, less nesting.

    Lines stay where they are, so that every line number is the file's.
    """
    lines = []
    for line in body.split("\n"):
        if len(line) > LINE:
            line = line[:LINE]
        if _DEEP_START.match(line):
            line = line.lstrip(" >-*+0123456789.)")
        if len(_LINK_SIGNS.findall(line)) > 400:
            line = _LINK_SIGNS.sub(" ", line)
        lines.append(line)
    return "\n".join(lines)


def _tokens(body: str) -> list[Token]:
    # Blocks only, with html off: what is inline is read by our own few patterns, which are linear.
    parser = MarkdownIt(
        "commonmark", {"html": False, "maxNesting": _NESTING, "linkify": False}
    ).enable("table")
    parser.disable(["html_block", "reference", "entity"], ignoreInvalid=True)
    parser.core.ruler.disable(["inline"])
    try:
        return parser.parse(body)
    except (RecursionError, IndexError, ValueError):
        # A parser's own mistake on a text made for it costs the outline, not the card.
        return []


def _plain(text: str) -> str:
    return _MARKS.sub("", _TAG.sub(" ", _unlinked(text))).strip()


def _unlinked(text: str) -> str:
    """Returns a text with links as their words."""
    if "](" not in text:
        return text
    out, at = [], 0
    for start, end, words, _, _ in _inline_links(text):
        out += [text[at:start], words]
        at = end
    return "".join([*out, text[at:]])


def _inline_links(text: str) -> Iterator[tuple[int, int, str, str, bool]]:
    """Yields start, end, words, address and whether it is a picture, in one pass from `](` on."""
    at = 0
    while (middle := text.find("](", at)) >= 0:
        start = text.rfind("[", at, middle)
        end = text.find(")", middle, middle + 2_000)
        if start < 0 or end < 0 or "\n\n" in text[start:end]:
            at = middle + 2
            continue
        is_picture = start > at and text[start - 1] == "!"
        address = text[middle + 2 : end].strip().split(" ", 1)[0].strip("<>")
        yield start - is_picture, end + 1, text[start + 1 : middle], address, is_picture
        at = end + 1


def _sections(tokens: list[Token], body: str, first_line: int) -> Iterator[Section]:
    lines = body.split("\n")
    heads: list[tuple[str, int, int, int]] = [("", 0, 0, 0)]
    for number, token in enumerate(tokens):
        if token.type == "heading_open" and token.map and token.level == 0:
            title = _plain(tokens[number + 1].content) if number + 1 < len(tokens) else ""
            heads.append((shortened(title, 200), int(token.tag[1:]), token.map[0], token.map[1]))
    ends = [head[2] for head in heads[1:]] + [len(lines)]
    for (title, level, start, below), end in zip(heads, ends, strict=True):
        text = "\n".join(lines[below:end])
        text = "\n".join(filter(_is_own, _COMMENT_LINES.sub(" ", text).split("\n")))
        plain = shortened(_plain(text[: 8 * SECTION_TEXT]), SECTION_TEXT)
        first = first_line + below + 1
        if level == 0 and not plain:
            continue
        yield Section(
            heading=title,
            level=level,
            line=first_line + start + 1,
            end=first_line + end + 1,
            slots=slots_of(title) if level else (),
            text=plain,
            is_empty=says_nothing(plain),
            lines=tuple(_lines_in(plain, lines[below:end], first)) if plain else (),
        )


def _lines_in(plain: str, written: list[str], first: int) -> Iterator[int]:
    """Yields where each line of a section's plain words was written; one that was joined, about where."""
    at, following = 0, 0
    for words in plain.split("\n"):
        if known := _WORD.findall(words[:_QUOTED])[:_FEW_WORDS]:
            near = range(following, min(len(written), following + _FAR))
            at = next((one for one in near if all(word in written[one] for word in known)), at)
            following = at + 1
        yield first + at


def _is_own(line: str) -> bool:
    """Whether a line is more than a label that nobody has filled in."""
    found = _LABEL.match(line[:5_000]) if "**" in line else None
    return found is None or not says_nothing(_plain(found.group(2)))


def _labels(body: str, first_line: int) -> Iterator[Label]:
    for number, line in enumerate(body.split("\n"), first_line + 1):
        if "**" in line and (found := _LABEL.match(line[:5_000])):
            label, said = _plain(found.group(1)), _plain(_COMMENT_LINES.sub(" ", found.group(2)))
            if slots := slots_of(label):
                yield Label(label, shortened(said, 400), number, slots, says_nothing(said))


def _in_html(
    tokens: list[Token], body: str, sections: tuple[Section, ...], first_line: int
) -> Iterator[Table]:
    code = _lines_of_code(tokens)
    starts = [one.line for one in sections]

    def section_at(line: int) -> str:
        at = bisect_right(starts, line) - 1
        return sections[at].heading if at >= 0 else ""

    return html_tables(body, first_line, section_at, CELLS, code.__contains__)


def _lines_of_code(tokens: list[Token]) -> set[int]:
    return {
        line
        for token in tokens
        if token.type in {"fence", "code_block"} and token.map
        for line in range(*token.map)
    }


def _links(tokens: list[Token], body: str, first_line: int) -> Iterator[CardLink]:
    in_code = _lines_of_code(tokens)
    for number, line in enumerate(body.split("\n")):
        if number in in_code:
            continue
        at = first_line + number + 1
        for _, _, words, address, is_picture in _inline_links(line):
            yield CardLink(shortened(_plain(words), 200), shortened(address, 500), at, is_picture)
        if found := _REFERENCE.match(line):
            # Where the address stands; a footnote (`[^1]:`) is a text, and no address.
            words = shortened(_plain(found.group(1)), 200)
            yield CardLink(words, shortened(found.group(2), 500), at, False)
        for found in _ADDRESS.finditer(line):
            is_picture = found.group().lower().startswith("src")
            yield CardLink("", shortened(found.group(1), 500), at, is_picture)


def _tables(tokens: list[Token], sections: tuple[Section, ...], first_line: int) -> Iterator[Table]:
    cells = 0
    row: list[str] = []
    rows: list[tuple[str, ...]] = []
    total, line, columns = 0, 0, 0
    for number, token in enumerate(tokens):
        if token.type == "table_open":
            rows, total, line = [], 0, first_line + (token.map[0] if token.map else 0) + 1
        elif token.type == "tr_open":
            row = []
        elif token.type in {"th_open", "td_open"} and number + 1 < len(tokens):
            row.append(shortened(_plain(tokens[number + 1].content[:400]), 120))
        elif token.type == "tr_close":
            total += 1
            if cells < CELLS:
                rows.append(tuple(row))
            cells += len(row)
        elif token.type == "table_close" and rows:
            columns = len(rows[0])
            where = next((one.heading for one in reversed(sections) if one.line <= line), "")
            yield Table(line, rows[0][:columns], tuple(rows[1:]), total - 1, where)
