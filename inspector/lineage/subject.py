"""Whether a card that lies beside a file is about it: whether it names the model, or its family, anywhere.

Most downloads end in one folder, and every card is called README.md. A card of another model says
nothing false, and all of it would be read as if it were said of this one.
"""

import re
from collections.abc import Iterable, Iterator

from inspector.cards.front_matter import Field
from inspector.cards.slots import normal
from inspector.cards.values import Card
from inspector.lineage.names import stem
from inspector.lineage.values import Doubt

NOT_NAMED = "lineage.card_names_another"
NAMES_FILE_ONLY = "lineage.card_names_file_only"
NOT_OF_IT = frozenset({NOT_NAMED, NAMES_FILE_ONLY})

SHORTEST = 4
"""Letters of a name that is looked for; a shorter one stands in other words."""

_SIZE = re.compile(r"(?i)[-_ .]?\b\d{1,4}(?:\.\d{1,3})?[mbt]\b.*")
_FIRST_WORD = re.compile(r"[A-Za-z]{5,}")
_HEAD = 3
"""Sections at the top of a card in whose headings its subject is named."""

_WORDS = re.compile(r"\w+")
_OWN_NAMES = frozenset({"model_name", "model-index"})
"""Fields of a card in which it names its own subject."""

_NOBODYS = frozenset({"", "model card", "model card for model id", "model id", "readme"})
"""Headings of cards that nobody filled in."""

_NO_NAME = re.compile(r"[^a-z0-9\n]+")
_ANYBODYS = frozenset(
    {"", "ggmlmodel", "gguf", "ggml", "model", "pytorchmodel", "consolidated", "main"}
)
"""What converters and people call files that they give no name."""


def families(names: Iterable[str]) -> tuple[str, ...]:
    """Returns names without the size and what follows it: what a whole family is called."""
    return tuple(_SIZE.sub("", name) or name for name in names)


def names_one(text: str, names: Iterable[str]) -> bool:
    """Whether a text has one of some names in it, however it is spelt."""
    plain = _plain(text)
    return any(len(one) >= SHORTEST and one in plain for one in map(stem, names))


def named_nowhere(card: Card, header: Iterable[str], others: Iterable[str] = ()) -> Doubt | None:
    """Returns the doubt about a card that does not name the model that its header names.

    Args:
        card: a card that lies beside a file.
        header: what the header calls the model.
        others: what file, folder and parents are called; they count only where the header gives no name,
            for whoever gives a file a false name gives it the false card, too.
    """
    every = tuple(header)
    told, besides = _usable(every), _usable(others)
    short = [one for one in every if one and one not in told]
    wanted = told or besides
    if not wanted or card.cut or _names_nobody(card) or _is_named(card, wanted):
        return None
    if not told and _is_headed(card, short):
        return None
    own = next((one.heading for one in card.sections if one.heading), "")
    own = own or next((one.text.strip() for one in card.sections if one.text.strip()), "")
    own = own or next((str(one.value) for one in _own_names(card)), "")
    shortest = {stem(one): one.strip(" -_.") for one in reversed(families(wanted))}
    code = NAMES_FILE_ONLY if told and besides and _is_named(card, besides) else NOT_NAMED
    return Doubt(
        code,
        {
            "names": ", ".join(reversed(shortest.values()))[:200],
            "document": card.document,
            "heading": own[:120],
        },
    )


def _is_headed(card: Card, names: Iterable[str]) -> bool:
    """Whether a title has one of some names as its words: one that is too short to be looked for in a text."""
    titles = [f" {' '.join(_WORDS.findall(one.heading.lower()))} " for one in card.sections[:_HEAD]]
    wanted = [" ".join(_WORDS.findall(one.lower())) for one in names]
    return any(f" {one} " in title for one in wanted if one for title in titles)


def _names_nobody(card: Card) -> bool:
    """Whether a card has nothing in which a model could be named: fields alone, or an unfilled template.

    Such a card is not another model's for that; of its fields only those count that name its own subject.
    """
    return not any(_own_names(card)) and all(
        section.is_empty and (bool(section.slots) or normal(section.heading) in _NOBODYS)
        for section in card.sections
    )


def _own_names(card: Card) -> Iterator[Field]:
    return (one for one in card.front.fields if one.path.split(".", 1)[0] in _OWN_NAMES)


def looked_for(header: Iterable[str], others: Iterable[str] = ()) -> tuple[str, ...]:
    """Returns the names by which a card is known to be of a model: the header's, or the others where it has none."""
    return _usable(header) or _usable(others)


def _usable(names: Iterable[str]) -> tuple[str, ...]:
    """Returns the names that can be looked for: long enough, and not anybody's."""
    return tuple(
        one
        for one in dict.fromkeys(filter(None, names))
        if (
            len(plain := stem(*families((one,)))) >= SHORTEST
            and plain.strip("0123456789") not in _ANYBODYS
        )
        or "/" in one
    )


def _is_named(card: Card, names: tuple[str, ...]) -> bool:
    wanted = families(names)
    # In one pass, for a card is long: each text on a line of its own, so that no name reaches over two.
    lines = "\n".join(text.replace("\n", " ") for text in _texts(card)).lower()
    plain = _NO_NAME.sub("", lines)
    stems = [one for one in map(stem, wanted) if len(one) >= SHORTEST]
    if any(one in plain for one in (*stems, *(_plain(one) for one in names if "/" in one))):
        return True
    # Titles leave out owners, versions and hyphens as they like: there the name's first word will do.
    firsts = [found.group() for one in wanted if (found := _FIRST_WORD.match(one))]
    return any(names_one(section.heading, firsts) for section in card.sections[:_HEAD])


def _texts(card: Card) -> Iterator[str]:
    for section in card.sections:
        yield section.heading
        yield section.text
    yield from (f"{one.label} {one.text}" for one in card.labels)
    yield from (str(one.value) for one in card.front.fields)
    for link in card.links:
        yield link.text
        yield link.address
    for table in card.tables:
        for row in (table.header, *table.rows):
            yield from row


def _plain(text: str) -> str:
    return "".join(re.findall(r"[a-z0-9]+", text.lower()))
