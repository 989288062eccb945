"""Whose the figures of a card are: its sentence on that, and columns with another model's name."""

import re
from dataclasses import dataclass

from inspector.cards.values import Card, Figure, Table
from inspector.claims.case import Maker
from inspector.claims.text import Hit, sentence
from inspector.lineage.values import Place

_FILE = r"(?:this|these)\s+(?:(?:very|exact|same|quanti[sz]ed|gguf|i?q\d\w*)\s+){0,3}(?:files?|ggufs?|quants?|quanti[sz]ations?|quanti[sz]ed (?:model|version))\b"
_FIGURES = r"\b(?:figures?|results?|scores?|numbers?|evaluat(?:ed|ions?)|benchmark(?:s|ed|ing)|measured|tested)\b"
_OF_THIS_FILE = re.compile(
    rf"(?i){_FIGURES}[^.!?]{{0,80}}\b{_FILE}|\b{_FILE}[^.!?]{{0,30}}{_FIGURES}"
)
_NOT_OF_IT = re.compile(
    r"(?i)\bnot\b|n't\b|\bwithout\b|\bbefore\b|\boriginal\b|\bunquanti[sz]ed\b|\bfull[- ]precision\b|\bbase model\b"
    r"|\bwill\b|\byet\b|\bpending\b|\bplanned\b|\bsoon\b|\blater\b"
)
_THIS = re.compile(r"(?i)^\W*(?:this|our|ours)\b(?! (?:test|eval|data|benchmark|set)\w*)")
_ASIDE = re.compile(r"\s*\([^()]{0,40}\)\s*$")
_SAID_OURS = re.compile(r"(?i)\((?:this(?: model)?|ours?)\)")
_MEASURE = re.compile(
    r"(?i)^\W*(?:scores?|metrics?|values?|results?|accuracy|acc\w*|f1|exact.?match|em|pass@?\d*|(?:\d+|n|zero|few|five)?[-_ ]?shots?|std\w*|stderr|error|delta|diff\w*|change|gain|average|avg|mean|median|points?|percent|rank|version|filter)\b"
)
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Whose:
    """The figures of a card.

    Attributes:
        own: those that may be this file's: all but `others`.
        others: those in a column or a row with another model's name.
        said: where a sentence calls them this file's.
        names: the other models, as their columns or rows name them.
    """

    own: tuple[Figure, ...]
    others: tuple[Figure, ...]
    said: tuple[Hit, ...]
    names: tuple[str, ...] = ()

    @property
    def named(self) -> str:
        """The other models' names, as one text."""
        return ", ".join(self.names)


def whose_figures(maker: Maker) -> Whose:
    """Returns the figures of the card, by whose they are; none where no card was read."""
    card, text = maker.case.card, maker.case.text
    if card is None or text is None:
        return Whose((), (), ())
    ours, parents = _own_names(maker, card), _parents(maker)
    sides = [_sides(one, ours, parents) for one in card.tables]
    names = {id(one): _another(one, sides, ours, parents) for one in card.figures}
    others = [one for one in card.figures if names[id(one)]]
    own = [one for one in card.figures if not names[id(one)]]
    if not own:
        # Whoever quantises a model often leaves its card as it was: the column is the model's.
        own, others = others, []
    headings = {one.where for one in own}
    said = [
        hit
        for hit in text.search(_OF_THIS_FILE)
        if hit.line.heading in headings and not _NOT_OF_IT.search(sentence(hit))
    ]
    named = dict.fromkeys(names[id(one)] for one in others)
    return Whose(tuple(own), tuple(others), tuple(said), tuple(named))


@dataclass(frozen=True, slots=True)
class _Sides:
    """What a table says of whose its figures are: by its columns, or by its rows.

    Attributes:
        rows: what its rows begin with, where one of them is this model.
    """

    table: Table
    has_our_column: bool
    has_measures: bool
    rows: frozenset[str]


def _sides(table: Table, ours: set[Words], parents: set[Words]) -> _Sides:
    heads = table.header[1:]
    rows = {row[0] for row in table.rows if row}
    return _Sides(
        table,
        any(_is_ours(head, ours, parents) for head in heads),
        any(map(_MEASURE.match, heads)),
        frozenset(rows if any(_is_ours(row, ours, parents) for row in rows) else ()),
    )


def _another(figure: Figure, sides: list[_Sides], ours: set[Words], parents: set[Words]) -> str:
    """Returns the other model that a figure is of; empty where it may be this one's."""
    side = next((one for one in sides if _holds(one.table, figure)), None)
    if side is not None and side.has_our_column:
        return figure.of if _is_other(figure.of, ours, parents) else ""
    if side is not None and figure.what in side.rows:
        return figure.what if _is_other(figure.what, ours, parents) else ""
    # A parent's card is often left beside what was made of it, and its column is the card's own then.
    is_parents = side is not None and side.has_measures and _words(figure.of) in parents
    return figure.of if is_parents and _is_other(figure.of, ours, parents) else ""


def _is_other(name: str, ours: set[Words], parents: set[Words]) -> bool:
    return bool(_words(name)) and not _MEASURE.match(name) and not _is_ours(name, ours, parents)


def _is_ours(head: str, ours: set[Words], parents: set[Words]) -> bool:
    """Whether a column is this model's: by its whole name, or by how that begins."""
    named = _words(_ASIDE.sub("", head))
    if not named or named in ours or _SAID_OURS.search(head):
        return bool(named)
    begins = any(one[: len(named)] == named for one in ours)
    return bool(_THIS.match(head)) or (begins and named not in parents)


def _holds(table: Table, figure: Figure) -> bool:
    rows = len(table.rows)
    return bool(rows) and table.line_of(0) <= figure.line <= table.line_of(rows - 1)


def _own_names(maker: Maker, card: Card) -> set[Words]:
    """Returns what the model is called: by its card's title, its header and its file."""
    case = maker.case
    title = next((one.heading for one in card.sections if one.level == 1), "")
    ends = [node.name.text for node in case.lineage.at(Place.END_MODEL)]
    stem = case.model.name.removesuffix(".gguf")
    every = {_words(name) for name in (title, case.summary.name.text, stem, *ends)}
    return {one for one in every if one}


def _parents(maker: Maker) -> set[Words]:
    named = [node.repository or node.name.text for node in maker.case.lineage.at(Place.BASE_MODEL)]
    return {words for name in named if (words := _words(name.rpartition("/")[2]))}


def _words(name: str) -> Words:
    return tuple(_WORD.findall(name.lower()))
