"""HTML in a card → Markdown, so that a page's own marks are not read as text; knows no Qt.

Cards are written for a web page that takes some HTML. The window draws none: what has a meaning
of its own (pictures, links, tables, headings) becomes Markdown, what only decorates falls away,
and what a page would hide is handed back apart. One pass, every search bounded.
"""

import re
from dataclasses import dataclass, field

LONGEST_TAG = 4_000
LONGEST_COMMENT = 20_000
MOST_HIDDEN = 200

MOST_TAGS = 20_000
"""Signs `<` that are looked at in one card; what comes after the last of them is text."""

_NAME = re.compile(r"/?\s{0,3}([a-zA-Z][a-zA-Z0-9]{0,19})(?=[\s/>])")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]{2,20})\s{0,5}=\s{0,5}(?:\"([^\"]{0,3000})\"|'([^']{0,3000})')")
_FENCE = re.compile(r"^ {0,6}(`{3,}|~{3,})")
_CODE = re.compile(r"`+")
_PICTURE_IN_LINK = re.compile(
    r"\[!\[([^\[\]\n]{0,300})\]\(([^()\s]{1,1000})[^()\n]{0,200}\)\]\(([^()\s]{1,1000})\)"
)

_SIGNS = {
    "b": "**",
    "strong": "**",
    "i": "*",
    "em": "*",
    "del": "~~",
    "strike": "~~",
    "code": "`",
    "tt": "`",
    "kbd": "`",
}
_BREAKS = frozenset(
    [
        "p",
        "div",
        "center",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "aside",
        "nav",
        "details",
        "blockquote",
        "figure",
        "figcaption",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "pre",
        "summary",
        "tbody",
        "thead",
    ]
)
_DROPPED = frozenset(
    [
        "span",
        "font",
        "sub",
        "sup",
        "u",
        "small",
        "big",
        "picture",
        "figure",
        "mark",
        "abbr",
        "cite",
        "label",
        "body",
        "html",
        "head",
        "a",
        "ins",
        "nobr",
        "wbr",
        "col",
        "colgroup",
    ]
)
"""Marks alone: not those that models write too, such as `<s>`, or that stand for a word to be put in."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN = frozenset({"script", "style", "svg", "template", "noscript", "title"})
_EMBEDDED = frozenset({"img", "video", "audio", "iframe", "embed", "object", "source"})


@dataclass(frozen=True, slots=True)
class Hidden:
    """Words that a page would not show: a comment, or what stands in an unseen element."""

    line: int
    text: str


@dataclass(slots=True)
class Written:
    """A card as Markdown alone.

    Attributes:
        lines: each with the line of the file that it came from.
        hidden: what a page would not show.
    """

    lines: list[tuple[int, str]] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)


def as_markdown(text: str, first_line: int) -> Written:
    """Returns `text` without HTML; its first line is line `first_line` of the file."""
    if "<" not in text:
        lines = [_with_pictures_apart(line) for line in text.split("\n")]
        return Written(list(enumerate(lines, first_line)))
    return _Pass(text, first_line).run()


class _Pass:
    """One pass over a text, with what is open."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._line = first_line  # where the pass has come to
        self._began = first_line  # where the line that is being written began
        self._now: list[str] = []
        self._made = Written()
        self._links: list[tuple[int, str]] = []  # place in `_now`, and the address
        self._rows: list[list[str]] | None = None  # of an open table
        self._cell: int | None = None  # place in `_now` where the open cell began
        self._ticks = -1  # where the next backtick stands; -1 where nobody has looked
        self._tags = 0

    def run(self) -> Written:
        """Goes through the text."""
        fence = ""
        at = 0
        while at <= len(self._text):
            end = self._text.find("\n", at)
            end = len(self._text) if end < 0 else end
            if not self._now and not self._links and (found := _FENCE.match(self._text, at, end)):
                fence = "" if fence and found[1].startswith(fence) else (fence or found[1][:3])
                self._now.append(self._text[at:end])
                self._newline(end)
                at = end + 1
            elif fence:
                self._now.append(self._text[at:end])
                self._newline(end)
                at = end + 1
            else:
                at = self._one_line(at, end)
        self._end_table()
        if self._now:
            self._put()
        return self._made

    def _one_line(self, at: int, end: int) -> int:
        """Writes what stands up to `end`; returns where the text goes on."""
        if self._links and not self._text[at:end].strip():
            # A link ends with its paragraph; one that was never closed is none.
            self._links.clear()
            if self._cell is None:
                self._put()
        while at < end:
            sign = self._text.find("<", at, end)
            code = self._code(at, end)
            if code and (sign < 0 or code.start() < sign):
                close = self._text.find(code.group(), code.end(), end)
                stop = code.end() if close < 0 else close + len(code.group())
                self._now.append(self._text[at:stop])
                at = stop
                continue
            if sign < 0:
                break
            self._now.append(self._text[at:sign])
            if (after := self._tag(sign)) is None:
                self._now.append("<")
                at = sign + 1
                continue
            self._line += self._text.count("\n", sign, after)
            at = after
            if at > end:
                end = self._text.find("\n", at)
                end = len(self._text) if end < 0 else end
        self._now.append(self._text[at:end])
        self._newline(end)
        return end + 1

    def _code(self, at: int, end: int) -> re.Match[str] | None:
        """Returns the next backticks before `end`; looks at each letter once, however often asked."""
        if self._ticks < at:
            found = self._text.find("`", at)
            self._ticks = len(self._text) if found < 0 else found
        return _CODE.match(self._text, self._ticks, end) if self._ticks < end else None

    def _newline(self, end: int) -> None:
        """Ends a line, unless it is one inside a link or a cell."""
        if self._links or self._cell is not None:
            self._now.append(" ")
        else:
            self._put()
        if end < len(self._text):
            self._line += 1
        if not self._now:
            self._began = self._line

    def _put(self) -> None:
        line = "".join(self._now)
        self._made.lines.append((self._began, _with_pictures_apart(line)))
        self._now = []
        self._began = self._line

    def _apart(self) -> None:
        """Begins a block of its own."""
        if self._cell is not None or self._links:
            self._now.append(" ")
            return
        if "".join(self._now).strip():
            self._put()
        self._now = []
        self._made.lines.append((self._line, ""))
        self._began = self._line

    # ---- tags --------------------------------------------------------------------------------

    def _tag(self, start: int) -> int | None:
        """Takes the tag or comment at `start`; returns where it ends, None where there is none."""
        text = self._text
        self._tags += 1
        if self._tags > MOST_TAGS:
            return None
        if text.startswith("<!--", start):
            end = text.find("-->", start, start + LONGEST_COMMENT)
            if end < 0:
                return None
            self._hide(text[start + 4 : end])
            return end + 3
        named = _NAME.match(text, start + 1, start + 40)
        if named is None:
            return None
        name = named[1].lower()
        end = text.find(">", named.end(), start + LONGEST_TAG)
        if end < 0:
            return None
        inside = text[named.end() : end]
        if name in _UNSEEN and text[start + 1] != "/":
            close = text.find(f"</{name}", end, end + LONGEST_COMMENT)
            close_end = text.find(">", close, close + 40) if close >= 0 else -1
            if close_end < 0:
                return None
            self._hide(text[end + 1 : close])
            return close_end + 1
        known = self._close(name) if text[start + 1] == "/" else self._open(name, inside)
        return end + 1 if known else None

    def _open(self, name: str, inside: str) -> bool:
        attributes = {
            found[1].lower(): found[2] or found[3] or "" for found in _ATTRIBUTE.finditer(inside)
        }
        if name in _SIGNS:
            self._now.append(_SIGNS[name])
        elif name in _EMBEDDED:
            self._picture(name, attributes)
        elif name == "a" and attributes.get("href") and not self._links:
            self._links.append((len(self._now), attributes["href"]))
        elif name == "br":
            self._end_line()
        elif name == "hr":
            self._apart()
            self._now.append("---")
            self._apart()
        elif name in _HEADINGS:
            self._apart()
            self._now.append("#" * int(name[1]) + " ")
        elif name == "li":
            self._apart()
            self._now.append("- ")
        elif name in {"table", "tr", "td", "th"}:
            self._open_table(name)
        elif name in _BREAKS:
            self._apart()
            if name == "summary":
                self._now.append("**")
        else:
            return name in _DROPPED
        return True

    def _close(self, name: str) -> bool:
        if name in _SIGNS:
            self._now.append(_SIGNS[name])
        elif name == "a" and self._links:
            place, address = self._links.pop()
            words = "".join(self._now[place:]).strip()
            del self._now[place:]
            self._now.append(_link(words, address))
        elif name in {"td", "th"} and self._cell is not None:
            self._end_cell()
        elif name == "table":
            self._end_table()
        elif name == "summary":
            self._now.append("**")
            self._apart()
        elif name in _BREAKS | _HEADINGS:
            self._apart()
        else:
            return name in _DROPPED | _EMBEDDED | _UNSEEN | {"li", "tr", "td", "th", "br", "hr"}
        return True

    def _end_line(self) -> None:
        if self._cell is not None or self._links:
            self._now.append(" ")
        elif self._now:
            # Two spaces end a line of Markdown; at the end of a paragraph they are nothing.
            self._now.append("  ")
            self._put()

    def _picture(self, name: str, attributes: dict[str, str]) -> None:
        address = attributes.get("src") or attributes.get("data") or attributes.get("srcset", "")
        address = "".join(address.split())[:2_000].strip("<>")
        if address:
            words = " ".join(attributes.get("alt", "").split()).translate(_PLAIN)
            self._now.append(f"![{words[:200] or ('' if name == 'img' else name)}](<{address}>)")

    def _hide(self, untrusted_text: str) -> None:
        if untrusted_text.strip() and len(self._made.hidden) < MOST_HIDDEN:
            self._made.hidden.append(Hidden(self._line, untrusted_text.strip()[:2_000]))

    # ---- tables ------------------------------------------------------------------------------

    def _open_table(self, name: str) -> None:
        if name == "table":
            self._end_table()
            self._apart()
            self._rows = []
        elif self._rows is not None:
            self._end_cell()
            if name == "tr" or not self._rows:
                self._rows.append([])
            if name != "tr":
                self._cell = len(self._now)

    def _end_cell(self) -> None:
        if self._cell is not None and self._rows:
            words = " ".join("".join(self._now[self._cell :]).split()).replace("|", "\\|")
            self._rows[-1].append(words)
            del self._now[self._cell :]
        self._cell = None

    def _end_table(self) -> None:
        if self._rows is None:
            return
        self._end_cell()
        rows, self._rows = [row for row in self._rows if row], None
        if not any(any(row) for row in rows):
            # A frame around another table, which stands by itself.
            return
        columns = max(map(len, rows))
        self._apart()
        for number, row in enumerate(rows):
            cells = [*row, *([""] * (columns - len(row)))]
            self._made.lines.append((self._line, f"| {' | '.join(cells)} |"))
            if number == 0:
                self._made.lines.append((self._line, f"|{' --- |' * columns}"))
        self._apart()


_PLAIN = str.maketrans({"[": "(", "]": ")", "\\": "/", "`": "'"})


def _link(words: str, address: str) -> str:
    """Returns a link; a picture that was all of it comes after, so that both can be pressed."""
    address = "".join(address.split())[:2_000].strip("<>")
    if words.startswith("![") and words.endswith(")") and words.count("![") == 1:
        alt, _, rest = words[2:].partition("](")
        return f"[{alt or address}](<{address}>) ![]({rest}"
    return f"[{words}](<{address}>)" if words else f"[{address.translate(_PLAIN)}](<{address}>)"


def _with_pictures_apart(line: str) -> str:
    """Returns a line in which a picture that is a link stands beside it: both can be pressed."""
    if "[![" not in line:
        return line
    return _PICTURE_IN_LINK.sub(r"[\1](<\3>) ![](<\2>)", line)
