"""The fingerprint: the stack as small tiles, the same picture wherever it stands.

`tiles` is the geometry, in units of one tile; the window draws it with Qt, `svg` writes it as a
file. A tile's shape carries its word, so that it reads without colour; the words carry it without
any picture. A line below a tile says that the part is this app's or this machine's, and no finding on
the model.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib.metadata import PackageNotFoundError, version

import msgspec

from inspector.findings.stack import stack
from inspector.findings.values import Findings, Tile
from inspector.untrusted import legible
from resources import names, table, text


class Place(msgspec.Struct, frozen=True):
    """Where one part's tile stands: column and row, counted from 0."""

    part: str
    name: str
    group: str
    column: int
    row: int


class Heading(msgspec.Struct, frozen=True):
    """A group's heading, above its tiles; components and attributes are two fields."""

    group: str
    title: str
    kind: str
    row: int


class Layout(msgspec.Struct, frozen=True):
    """The geometry of the whole fingerprint, in tiles."""

    columns: int
    rows: int
    headings: tuple[Heading, ...]
    places: tuple[Place, ...]


class Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one word is drawn.

    Attributes:
        word: what stands for it in text.
        icon: the shape: a file of resources/icons, in a box of 24 by 24.
        role: the theme's colour for it in the window.
        colour: of exported pictures.
        letter: what stands for it where a fingerprint is kept.
        small: the shape in lines of dots, for pictures too small for the icon.
    """

    word: str
    icon: str
    role: str
    colour: str
    letter: str
    small: tuple[str, ...]

    @property
    def shape(self) -> str:
        """The shape as SVG elements, in its colour."""
        whole = text(f"icons/{self.icon}.svg")
        start, end = whole.index(">") + 1, whole.rindex("</svg>")
        # What the outer element says of fill and stroke holds for the shapes inside it.
        outer = whole[: start - 1].partition('viewBox="0 0 24 24"')[2]
        return f"<g{outer}>{whole[start:end].strip()}</g>".replace(_PLACEHOLDER, self.colour)


class _Looks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    tile: dict[Tile, Look]


OURS = "this app's or this machine's"
"""Whose a part is that has a line below its tile."""

_KINDS = ("component", "attribute")
_PLACEHOLDER = "#000000"
"""The one colour that the icons are drawn in."""


@cache
def looks() -> dict[Tile, Look]:
    """Returns the shape, colour and word of every tile."""
    read: _Looks = table("stack/looks.toml", _Looks)
    return read.tile


@cache
def layout() -> Layout:
    """Returns where every part's tile stands: one row for each group, in the stack's order."""
    headings, places = [], []
    for row, group in enumerate(stack().group):
        headings.append(Heading(group=group.id, title=group.title, kind=group.kind, row=row))
        under = [part for part in stack().part if part.group == group.id]
        places += [
            Place(part=part.id, name=part.name, group=group.id, column=column, row=row)
            for column, part in enumerate(under)
        ]
    return Layout(
        columns=1 + max(place.column for place in places),
        rows=len(headings),
        headings=tuple(headings),
        places=tuple(places),
    )


@cache
def compact() -> Layout:
    """Returns the geometry for lists: the same rows, with the attributes beside the components."""
    whole = layout()
    first = {kind: min(one.row for one in whole.headings if one.kind == kind) for kind in _KINDS}
    kinds = {one.group: one.kind for one in whole.headings}
    gap = 2 + max(one.column for one in whole.places if kinds[one.group] == _KINDS[0])
    beside = {_KINDS[0]: 0, _KINDS[1]: gap}
    places = tuple(
        msgspec.structs.replace(
            one,
            column=one.column + beside[kinds[one.group]],
            row=one.row - first[kinds[one.group]],
        )
        for one in whole.places
    )
    return Layout(
        columns=1 + max(one.column for one in places),
        rows=1 + max(one.row for one in places),
        headings=(),
        places=places,
    )


def letters(found: Findings) -> str:
    """Returns the fingerprint as one letter for each part, in the stack's order, to be kept."""
    return letters_of({part.id: _tile(found, part.id) for part in stack().part})


def letters_of(tiles: Mapping[str, Tile]) -> str:
    """Returns the letters of these tiles; what isn't among them is unknown."""
    return "".join(looks()[tiles.get(part.id, Tile.UNKNOWN)].letter for part in stack().part)


def tiles_of(kept: str) -> dict[str, Tile]:
    """Returns the word on each part's tile from its letters; none where they are another stack's."""
    by_letter = {look.letter: tile for tile, look in looks().items()}
    if len(kept) != len(stack().part) or not set(kept) <= set(by_letter):
        return {}
    return {part.id: by_letter[letter] for part, letter in zip(stack().part, kept, strict=True)}


@cache
def rules_stamp() -> str:
    """Returns what tells one set of rules from another: a kept fingerprint of others is made anew."""
    told = hashlib.blake2b(_version().encode(), digest_size=12)
    for folder in ("stack", "licences"):
        for name in sorted(names(folder, ".toml")):
            told.update(text(name).encode())
    return told.hexdigest()


def _version() -> str:
    """Returns the app's version: another one may read cards otherwise."""
    try:
        return version("lightwell")
    except PackageNotFoundError:
        return ""


def words(found: Findings) -> str:
    """Returns the fingerprint as text, group by group, for screen readers and plain files."""
    lines = []
    for heading in layout().headings:
        said = [
            f"{place.name}{_whose(place.part)}: {looks()[_tile(found, place.part)].word}"
            for place in layout().places
            if place.group == heading.group
        ]
        lines.append(f"{heading.title}. {'; '.join(said)}.")
    return "\n".join(lines)


def tally(found: Findings) -> str:
    """Returns the counts in one line, components and attributes apart, and apart what isn't the model's."""
    pieces = []
    both = (("components", stack().of("component")), ("attributes", stack().of("attribute")))
    for title, parts in both:
        every = [_tile(found, part.id) for part in parts if part.id not in stack().ours]
        counts = [f"{every.count(one)} {looks()[one].word}" for one in Tile if one in every]
        others = len(parts) - len(every)
        beside = f", {others} {OURS}" if others else ""
        pieces.append(f"{len(parts)} {title}: {', '.join(counts)}{beside}")
    return "; ".join(pieces)


_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)" role')
_TILE, _GAP, _LABELS, _HEAD, _FOOT, _LEGEND_LINE = 24, 6, 132, 30, 68, 18


def svg(found: Findings, *, title: str = "") -> str:
    """Returns the fingerprint as a picture that stands alone, with its legend and its words."""
    plan = layout()
    step = _TILE + _GAP
    width = _LABELS + plan.columns * step + _GAP
    height = _HEAD + plan.rows * step + _GAP + _FOOT
    name = title or found.subject
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{_text(name)}</title>",
        f"<desc>{_text(words(found))}</desc>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{_GAP}" y="19" font-size="12" font-weight="600" fill="#1d1b18">{_text(name)}</text>',
    ]
    for heading in plan.headings:
        y = _HEAD + heading.row * step + 16
        weight = ' font-style="italic"' if heading.kind == "attribute" else ""
        drawn.append(
            f'<text x="{_GAP}" y="{y}" font-size="11" fill="#4a463f"{weight}>{_text(heading.title)}</text>'
        )
    for place in plan.places:
        look = looks()[_tile(found, place.part)]
        x, y = _LABELS + place.column * step, _HEAD + place.row * step
        tip = f"{place.name}{_whose(place.part)}: {look.word}"
        drawn.append(_shape(look, x, y, tip))
        if place.part in stack().ours:
            drawn.append(_line_below(x, y + _TILE + 2, _TILE))
    drawn += _legend(_HEAD + plan.rows * step + _GAP, width)
    return "\n".join([*drawn, "</svg>\n"])


def svg_beside(every: Sequence[Findings], titles: Sequence[str]) -> str:
    """Returns several fingerprints side by side in one picture, each with its name and its words."""
    drawn, left, height = [], 0, 0
    for found, title in zip(every, titles, strict=True):
        head, _, rest = svg(found, title=title).partition("\n")
        wide, high = map(int, _SIZE.findall(head)[0])
        # A group, because small readers of SVG draw no picture within a picture.
        group = f'<g class="fingerprint" role="img" transform="translate({left} 0)">'
        drawn += [group, rest.removesuffix("</svg>\n"), "</g>"]
        left, height = left + wide, max(height, high)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" viewBox="0 0 {left} {height}">'
    return "\n".join([head, *drawn, "</svg>\n"])


def _legend(y: int, width: int) -> Sequence[str]:
    drawn, x = [], _GAP
    for look in looks().values():
        # As wide as a wide font needs it: which one draws this is not ours to say.
        needed = 26 + 6 * len(look.word)
        if x + needed > width and x > _GAP:
            x, y = _GAP, y + _LEGEND_LINE
        drawn.append(_shape(look, x, y, look.word, scale=0.6))
        drawn.append(
            f'<text x="{x + 18}" y="{y + 11}" font-size="9" fill="#4a463f">{_text(look.word)}</text>'
        )
        x += needed
    y += _LEGEND_LINE
    drawn.append(_line_below(_GAP, y + 8, 14))
    drawn.append(f'<text x="{_GAP + 18}" y="{y + 11}" font-size="9" fill="#4a463f">{OURS}</text>')
    return drawn


def _line_below(x: float, y: float, width: float) -> str:
    return f'<path class="ours" d="M{x + 2} {y}h{width - 4}" stroke="#6b665d" stroke-width="1.5"/>'


def _whose(part: str) -> str:
    return f" ({OURS})" if part in stack().ours else ""


def _shape(look: Look, x: float, y: float, tip: str, scale: float = 1.0) -> str:
    scaled = "" if scale == 1.0 else f" scale({scale})"
    return (
        f'<g class="tile" transform="translate({x} {y}){scaled}">'
        f"<title>{_text(tip)}</title>{look.shape}</g>"
    )


def _tile(found: Findings, part: str) -> Tile:
    finding = found.all.get(part)
    return finding.tile if finding else Tile.UNKNOWN


def _text(untrusted: str) -> str:
    """Escapes a name for XML; a sign that isn't seen, or that XML can't hold, is written as an escape."""
    return escape(legible(untrusted.replace("\t", " ")), quote=False)
