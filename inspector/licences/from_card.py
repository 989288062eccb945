"""What a model's card states of licences: its fields for the weights, its sentences for every part."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from inspector.cards.front_matter import Field
from inspector.cards.slots import says_nothing
from inspector.cards.values import Card, Table
from inspector.facts import Fact, Source, SourceKind, known, unknown
from inspector.licences.names import identify
from inspector.licences.parts import Part
from inspector.licences.report import Label, Relative
from inspector.lineage.card import card_parents
from inspector.lineage.values import Relation
from inspector.untrusted import shown
from resources import table

MOST_LINES = 4_000
MOST_RELATIVES = 8
MOST_NAMED = 8
"""Licences that one field lists, of which each is told."""

_LONGEST_NAME = 9
"""Words of the longest name of a licence that is tried."""

_RELATIONS = {
    Relation.QUANTISED: "quantised",
    Relation.FINETUNED: "fine-tuned",
    Relation.MERGED: "merged",
    Relation.ADAPTER: "adapter",
}
"""As `Relative` calls them."""

_ARTICLES = frozenset({"a", "an", "the", "this", "our"})
_MOST_WORDS = 40
_JOINTS = frozenset({"and", "by", "for", "from", "in", "of", "on", "or", "to", "with"})
"""Words that end no name."""

_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\]\([^)\n]{0,400}\)")
_MARKS = re.compile(r"\*\*|__|`|<[^>\n]{0,80}>")
_LABEL = re.compile(
    r"^\s{0,4}(?:[-*+]\s{1,4})?\*\*([^*\n]{0,40}[Ll]icen[cs]e[^*\n]{0,20}?)(?::\s{0,4}\*\*|\*\*\s{0,4}:)(.*)$"
)
_BOUND = 800
_ITEM = re.compile(r"\s{0,12}(?:[-*+]|\d{1,3}[.)])\s")
_BLOCK = re.compile(r"\s{0,12}(?:[#|>`~<]|(?:[-*+]|\d{1,3}[.)])\s)")
"""How a line begins that is no more of the paragraph above."""

_MOST_WRAPPED = 3
"""Lines over which a sentence is followed."""


class _Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `licence_parts.toml`."""

    schema: int
    likely: str
    sentence: str
    not_meant: str
    label: str
    corner: str
    row: str
    prose: str
    parts: dict[str, str]


def labels_from_card(card: Card, lines: Sequence[str], first: int) -> tuple[Label, ...]:
    """Returns at most one label for each part.

    Args:
        card: what was read of it.
        lines: its text after the fields.
        first: the number of the first of these.
    """
    found = {one.part: one for one in _of_sentences(card, lines, first)}
    found |= {one.part: one for one in _of_labels(card, lines, first)}
    front = _of_fields(card)
    if front.stated.is_known or front.name.is_known:
        found[Part.WEIGHTS] = front
    return tuple(found[part] for part in Part if part in found)


def relatives_from_card(card: Card) -> tuple[Relative, ...]:
    """Returns the base models that the card's fields name; under which licence they are, it does not say."""
    named = [field for field in card.front.all("base_model") if str(field.value).strip()]
    return tuple(
        Relative(
            model=shown(str(field.value).strip(), 120),
            relation=_relation(card),
            stated=unknown("settle.base_licence", [_of_field(card, field)]),
        )
        for field in named[:MOST_RELATIVES]
    )


def _relation(card: Card) -> str:
    """Returns how the card's model comes from what it names: what a quantiser's names is no base of it."""
    said = card_parents(card)
    if said.relation is Relation.UNKNOWN and card.front.first("quantized_by") is not None:
        return "quantised"
    return _RELATIONS.get(said.relation, "base")


def _of_fields(card: Card) -> Label:
    return Label(
        part=Part.WEIGHTS,
        stated=_stated(card, "license"),
        name=_stated(card, "license_name"),
        link=_stated(card, "license_link"),
    )


def _stated(card: Card, key: str) -> Fact:
    fields = [one for one in card.front.all(key) if str(one.value).strip()][:MOST_NAMED]
    if not fields:
        return unknown("settle.licence")
    said = ", ".join(str(one.value).strip() for one in fields)
    return known(shown(said, 200), *(_of_field(card, one) for one in fields))


def _of_field(card: Card, field: Field) -> Source:
    return Source(
        kind=SourceKind.FRONT_MATTER,
        document=card.document,
        where=shown(field.path, 80),
        line=field.line,
        revision=card.revision,
        read_at=card.read_at,
    )


def _of_sentences(card: Card, lines: Sequence[str], first: int) -> Iterator[Label]:
    """Yields what sentences say, the last first: where several name a part, the first one counts."""
    rules = _rules()
    labels: list[Label] = []
    for number, line in enumerate(lines[:MOST_LINES]):
        plain = _plain(line)
        more = "".join(f" {_plain(next_line)}" for next_line in _goes_on(lines, number))
        if not _pattern(rules.likely).search(plain + more):
            continue
        for met in _pattern(rules.sentence).finditer(plain + more):
            if met.start() >= len(plain):
                # It begins in the next line, and is found there.
                continue
            stated = _named(met.group("licence"))
            what = met.group("what")
            if stated is None or _pattern(rules.not_meant).search(what):
                continue
            source = Source(
                kind=SourceKind.CARD_TEXT,
                document=card.document,
                line=first + number,
                quote=shown(met.group().strip(), 200),
                revision=card.revision,
                read_at=card.read_at,
            )
            labels += [
                Label(part=Part(part), stated=known(stated, source))
                for part, words in rules.parts.items()
                if _pattern(words).search(what)
            ]
    yield from reversed(labels)


def _plain(line: str) -> str:
    return _MARKS.sub("", _LINK.sub(r"\1", line[: 4 * _BOUND]))[:_BOUND]


def _goes_on(lines: Sequence[str], number: int) -> Iterator[str]:
    """Yields the lines in which a paragraph goes on after a line: cards are often wrapped by hand."""
    first = lines[number]
    if not first.strip() or (_BLOCK.match(first) and not _ITEM.match(first)):
        return
    for line in lines[number + 1 : number + 1 + _MOST_WRAPPED]:
        if not line.strip() or _BLOCK.match(line):
            return
        yield line


def _of_labels(card: Card, lines: Sequence[str], first: int) -> Iterator[Label]:
    """Yields what labels and tables say, the last first."""
    rules = _rules()
    labels: list[Label] = []
    for name, said, line in sorted(_label_places(card, lines, first), key=lambda one: one[2]):
        if not _pattern(rules.label).match(name.strip(" *:")):
            continue
        stated = _in_label(_MARKS.sub("", _LINK.sub(r"\1", said[:_BOUND])).strip(), rules)
        if stated is None:
            continue
        source = Source(
            kind=SourceKind.CARD_TEXT,
            document=card.document,
            line=line,
            quote=shown(f"{name}: {said}", 200),
            revision=card.revision,
            read_at=card.read_at,
        )
        parts = [Part(part) for part, words in rules.parts.items() if _pattern(words).search(name)]
        labels += [
            Label(part=part, stated=known(stated, source)) for part in parts or (Part.WEIGHTS,)
        ]
    yield from reversed(labels)


def _label_places(card: Card, lines: Sequence[str], first: int) -> Iterator[tuple[str, str, int]]:
    for number, line in enumerate(lines[:MOST_LINES]):
        if (met := _LABEL.match(line[:_BOUND])) and not says_nothing(met.group(2)):
            yield met.group(1), met.group(2), first + number
    for table_ in card.tables:
        if len(table_.header) > 2 or _lists_parts(table_):
            yield from _wide_places(table_)
            continue
        if len(table_.header) == 2:
            yield (*table_.header, table_.line)
        for number, row in enumerate(table_.rows):
            if len(row) == 2 and not says_nothing(row[1]):
                yield (*row, table_.line_of(number))


def _lists_parts(two: Table) -> bool:
    """Whether a table of two columns has a part in the first and its licence in the second."""
    rules = _rules()
    return (
        len(two.header) == 2
        and _pattern(rules.corner).match(two.header[0].strip(" *:")) is not None
        and _pattern(rules.label).match(two.header[1].strip(" *:")) is not None
    )


def _wide_places(wide: Table) -> Iterator[tuple[str, str, int]]:
    """Yields what a table of more than two columns says of licences, one line for each part.

    Either a column is headed with a part ("Code licence"), and every row says the same in it; or one is
    headed "Licence", and the first cell of a row is a part ("Weights"). A row of another kind is about
    a model, a data set or something else that has a licence, and says nothing of this model's parts.
    """
    rules = _rules()
    for column, head in enumerate(wide.header):
        name = head.strip(" *:")
        if not _pattern(rules.label).match(name):
            continue
        cells = [
            (row[0], row[column], wide.line_of(number))
            for number, row in enumerate(wide.rows)
            if column < len(row) and not says_nothing(row[column])
        ]
        if any(_pattern(words).search(name) for words in rules.parts.values()):
            if cells and len({said for _, said, _ in cells}) == 1:
                yield name, cells[0][1], cells[0][2]
            continue
        corner = wide.header[0].strip(" *:")
        for first, said, line in cells if column and _pattern(rules.corner).match(corner) else ():
            if _pattern(rules.row).match(first.strip(" *:")):
                yield f"{first.strip(' *:')} {name}", said, line


def _in_label(said: str, rules: _Rules) -> str | None:
    """Returns the licence that a label's text names: all of a short text, or a known name in a sentence."""
    words = said.split()
    if not words or _pattern(rules.not_meant).search(said):
        return None
    if len(words) <= _LONGEST_NAME and not _pattern(rules.prose).search(said):
        return _named(said) or shown(said.rstrip(" ."), 120)
    for start, first in enumerate(words[:_MOST_WORDS]):
        # A name begins with a capital, and a sentence often with an article.
        if not first[0].isupper() or first.lower() in _ARTICLES:
            continue
        name = _named(" ".join(words[start : start + _LONGEST_NAME]))
        if name and "licen" in name.lower():
            return name
    return None


def _named(words: str) -> str | None:
    """Returns the longest beginning of some words that is a licence's name; None where none is."""
    every = words.split()
    for length in range(min(_LONGEST_NAME, len(every)), 0, -1):
        name = " ".join(every[:length]).strip(" ,\"'“”()")
        if every[length - 1].lower() not in _JOINTS and name and identify(name).ids:
            return name
    return None


def _rules() -> _Rules:
    read: _Rules = table("cards/licence_parts.toml", _Rules)
    return read


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)
