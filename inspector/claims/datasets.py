"""Rules on data sets: whether training data is named, and under which licences."""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from inspector.claims.case import Maker
from inspector.claims.text import CardLine, Hit
from inspector.claims.values import Claim, Grade, Passage, Verdict
from inspector.lineage.names import repository
from resources import table

MOST = 40
"""Data sets whose licences are looked up."""

_WEB = re.compile(
    r"(?i)\b(?:publicly available (?:online |web )?(?:data|sources|text)|web data|internet (?:data|text)|crawled? (?:data|from the web)|public(?:ly available)? (?:web|internet))\b"
)
_DATA_HEADING = re.compile(r"(?i)\b(?:data|datasets?|corpus|training)\b")
_DATASET_LINK = re.compile(
    r"(?i)(?:huggingface\.co|hf\.co)/datasets/([\w.-]{1,96}/[\w.-]{0,95}[\w-])"
)


_OF_RESULTS = re.compile(
    r"(?i)\b(?:results?|evaluat\w+|benchmark\w*|leaderboards?|scores?|test(?:ed|ing)? (?:on|set|data))\b"
)
_OF_TRAINING = re.compile(
    r"(?i)\b(?:(?:pre-?)?train\w*|(?:fine-?)?tun(?:ed|ing)|corp(?:us|ora)|mixtures?|sft|dpo)\b"
)


class DatasetLicence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A data set and the licence that its page stated, as our list has it."""

    start: str
    licence: str


class DatasetLicences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`resources/claims/datasets.toml`."""

    schema: int
    read: str
    how: str
    restricted: frozenset[str]
    names: tuple[str, ...]
    dataset: tuple[DatasetLicence, ...]


def dataset_licences() -> DatasetLicences:
    """Returns the list of data sets' licences."""
    read: DatasetLicences = table("claims/datasets.toml", DatasetLicences)
    return read


def datasets(maker: Maker) -> Iterator[Claim]:
    """DATASETS: whether training data is named, partly named, or only called web data."""
    case = maker.case
    sets = case.lineage.datasets
    if case.text is None:
        if sets:
            yield maker.claim(
                Verdict.STATED,
                "named",
                Grade.HEADER,
                text=", ".join(fact.text for fact in sets[:20]),
                evidence=sets,
                count=len(sets),
            )
        else:
            yield maker.no_card()
        return
    addresses = _named_in_text(maker)
    web = case.text.search(_WEB, under=_DATA_HEADING) or case.text.search(_WEB)
    count = len({fact.text.lower() for fact in sets} | set(addresses))
    document = case.text.document
    places = [
        Passage(document=document, line=line, end=line, quote=name)
        for name, line in addresses.items()
    ]
    places += [
        Passage(document=document, line=one.line, end=one.line, quote=fact.text)
        for fact in sets
        for one in fact.sources
        if one.line
    ]
    if count:
        reason = "partly" if web else "named"
        yield maker.claim(
            Verdict.STATED,
            reason,
            Grade.CARD,
            text=", ".join([*(fact.text for fact in sets[:20]), *sorted(addresses)[:20]]),
            passages=[*places, *maker.places(web[:2])],
            evidence=sets,
            count=count,
        )
    elif web:
        yield maker.claim(Verdict.STATED, "web_only", Grade.CARD, passages=maker.places(web[:3]))
    else:
        yield maker.not_stated()


def data(maker: Maker) -> Iterator[Claim]:
    """LIC-DATA: the licences of the named data sets, as far as our list has them."""
    case = maker.case
    sets, in_text = case.lineage.datasets, _named_in_text(maker)
    if not sets and not in_text:
        yield maker.not_stated() if case.card is not None else maker.no_card()
        return
    stated = {fact.text.lower().rpartition("/")[2] for fact in sets}
    in_text = {
        name: line for name, line in in_text.items() if name.rpartition("/")[2] not in stated
    }
    names = [*(fact.text for fact in sets), *in_text][:MOST]
    listed = [(name, licence) for name in names if (licence := licence_of_dataset(name))]
    restricted = [name for name, licence in listed if licence in dataset_licences().restricted]
    places = [
        Passage(document=one.document, line=one.line, end=one.line, quote=fact.text)
        for fact in sets
        for one in fact.sources
        if one.line
    ]
    document = case.text.document if case.text is not None else ""
    places += [
        Passage(document=document, line=line, end=line, quote=name)
        for name, line in in_text.items()
    ]
    yield maker.claim(
        Verdict.PERSON if restricted else Verdict.STATED,
        "restricted" if restricted else "listed",
        Grade.CARD,
        text=", ".join(names),
        passages=places,
        evidence=tuple(sets),
        count=len(names),
        known=len(listed),
        rest=len(names) - len(listed),
        listed="; ".join(f"{name}: {licence}" for name, licence in listed) or "–",
        restricted=", ".join(restricted) or "–",
        read=dataset_licences().read,
    )


@cache
def licence_of_dataset(name: str) -> str:
    """Returns the licence that our list has for a data set; empty where it has none."""
    plain = name.casefold().partition("huggingface.co/datasets/")[2] or name.casefold()
    plain = repository(plain) or plain
    fitting = [one for one in dataset_licences().dataset if plain.startswith(one.start)]
    return max(fitting, key=lambda one: len(one.start)).licence if fitting else ""


def _named_in_text(maker: Maker) -> dict[str, int]:
    """Returns data sets that a card names as training data in a sentence or link, with their lines."""
    case = maker.case
    if case.text is None:
        return {}
    lines = {line.number: line for line in case.text.lines}
    addresses = {
        hit.found.group(1).lower(): hit.line.number
        for hit in _dataset_links(maker)
        if not _is_of_results(hit.line)
    }
    for one in case.card.links if case.card is not None else ():
        found = _DATASET_LINK.search(one.address)
        if found and not _is_of_results(lines.get(one.line)):
            addresses.setdefault(found.group(1).lower(), one.line)
    for hit in case.text.search(_names_of_datasets()):
        name = hit.found.group(1).lower().removeprefix("the ")
        if not _is_of_results(hit.line) and not any(
            one.rpartition("/")[2].replace("-", " ") == name.replace("-", " ") for one in addresses
        ):
            addresses[name] = hit.line.number
    return addresses


def _is_of_results(line: CardLine | None) -> bool:
    """Whether a line tells what a model was tested on, or where its results are kept."""
    if line is None:
        return False
    said = f"{line.heading} {line.text}"
    return _OF_RESULTS.search(said) is not None and _OF_TRAINING.search(said) is None


@cache
def _names_of_datasets() -> re.Pattern[str]:
    names = sorted(dataset_licences().names, key=len, reverse=True)
    return re.compile(rf"(?<![\w/-])({'|'.join(map(re.escape, names))})(?![\w/-])")


def _dataset_links(maker: Maker) -> list[Hit]:
    text = maker.case.text
    return text.search(_DATASET_LINK) if text is not None and text.has("/datasets/") else []
