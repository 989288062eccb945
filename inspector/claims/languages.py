"""LANG: the languages of front matter, sentences and header, and of the card of the model that came of it."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

import msgspec

from inspector.cards.front_matter import Field
from inspector.cards.values import Card
from inspector.claims.case import Maker
from inspector.claims.text import CardLine
from inspector.claims.values import Claim, Grade, Passage, Verdict
from resources import table

_LANGUAGE_LINE = re.compile(r"(?i)\blanguages?\b|\bmultilingual\b")
_OF_THE_MODEL = re.compile(
    r"(?i)(?<!natural )(?<!programming )\blanguages?\b(?! (?:models?|processing|modell?ing|understanding|inference))|\bmultilingual\b"
)
_OF_DATA = re.compile(
    r"(?i)\b(?:data ?sets?|(?:pre-?)?training data|corp(?:us|ora)|benchmarks?|test sets?|XNLI|programming languages)\b"
)
_NAME = re.compile(r"[A-Z][a-z]{2,19}")
_MANY = frozenset({"multilingual", "multi", "mul", "many", "various", "all"})
"""What says of a list of languages that it is not the whole."""

_NO_LANGUAGE = _MANY | {"code", "bilingual", "und", "other", "n/a", "none"}
"""What the field for languages holds that is none of which a header could say the same."""

_NAMED = re.compile(r"[^\W\d_]\D*")
"""A code or a name: `30+ languages` and `*` are neither."""

_NUMBER = re.compile(
    r"(?i)\b(\d{2,4})\+?\s+(?:different |natural |human |world |spoken )?languages\b(?!\s+models?\b)"
)


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A language: its code, English name, and a harmless question in it.

    Attributes:
        also: its other codes, of three letters or of old, which some cards write.
    """

    code: str
    name: str
    asks: str = ""
    also: tuple[str, ...] = ()


class Languages(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`resources/claims/languages.toml`."""

    schema: int
    language: tuple[Language, ...]


def known_languages() -> tuple[Language, ...]:
    """Returns the languages whose names are recognised."""
    read: Languages = table("claims/languages.toml", Languages)
    return read.language


@cache
def _by_name() -> dict[str, str]:
    return {one.name.lower(): one.code for one in known_languages()}


@cache
def _by_other_code() -> dict[str, str]:
    return {code: one.code for one in known_languages() for code in one.also}


def languages(maker: Maker) -> Iterator[Claim]:
    """Compares what names languages: with the header first, where the header names any."""
    case = maker.case
    header = case.summary.languages
    if case.card is None or case.text is None:
        if header.is_known:
            yield maker.claim(
                Verdict.STATED, "header_no_card", Grade.HEADER, text=header.text, evidence=(header,)
            )
        else:
            yield maker.no_card()
        return
    stated, places = _fields(maker)
    in_text, lines = _in_text(case.text.lines)
    places += [case.text.passage(line) for line in lines]
    said = stated or in_text
    in_header = _each([header.text]) if header.is_known else []
    ours = _codes(in_header)
    context = {"card": _named(said), "file": _named(ours), "more": _named(said - ours)}
    if not said and not ours:
        yield maker.not_stated(evidence=(header,))
        return
    if said and ours:
        is_whole = not _says_many(in_header)
        verdict, reason, grade = _with_header(said, ours, stated=bool(stated), is_whole=is_whole)
    elif ours:
        verdict, reason, grade = Verdict.STATED, "header_only", Grade.HEADER
    else:
        verdict, reason, grade = Verdict.STATED, "card_only", Grade.CARD
    yield maker.claim(
        verdict,
        reason,
        grade,
        passages=places,
        evidence=(header,),
        text=context["card"],
        context=context,
    )
    yield from _two_places(maker, stated, lines)


def _with_header(
    said: set[str], ours: set[str], *, stated: bool, is_whole: bool
) -> tuple[Verdict, str, Grade]:
    if said == ours:
        return Verdict.AGREES, "equal", Grade.HEADER
    if said < ours or not is_whole:
        return Verdict.AGREES_IN_PART, "some", Grade.HEADER
    if stated:
        return Verdict.DIFFERS, "beyond" if said & ours else "other", Grade.HEADER
    if said & ours:
        # It may be those of a sibling, or of its data: a sentence promises less than front matter.
        return Verdict.PERSON, "text_beyond", Grade.HEADER
    # A sentence names some languages, seldom all: that others are missing says nothing.
    return Verdict.STATED, "named_in_text", Grade.CARD


def _two_places(maker: Maker, stated: set[str], lines: list[CardLine]) -> Iterator[Claim]:
    """Compares front matter with sentences, and with the card that the file itself has.

    A sentence may name a language for another reason than that the model writes it, so what it has
    beyond the front matter is for a person to read.
    """
    text, own = maker.case.text, maker.case.own
    listed = _each(str(one.value) for one in _front(maker.case.card))
    if not stated or text is None or _says_many(listed):
        # Beyond a list that says of itself that there are more, nothing can contradict it.
        return
    of_the_model = [line for line in lines if _speaks_of_the_model(line)]
    if beyond := _in_text(of_the_model)[0] - stated:
        saying = [line for line in of_the_model if _in_text([line])[0] & beyond]
        yield maker.claim(
            Verdict.PERSON,
            "text_more",
            Grade.TWO_PLACES,
            which="text",
            passages=[text.passage(line) for line in saying],
            text=_named(beyond),
            card=_named(stated),
            more=_named(beyond),
        )
    numbers = [
        hit
        for hit in text.search(_NUMBER)
        if int(hit.found.group(1)) > len(stated) and _speaks_of_the_model(hit.line)
    ]
    if numbers:
        yield maker.claim(
            Verdict.PERSON,
            "count_other",
            Grade.TWO_PLACES,
            which="count",
            passages=maker.places(numbers[:2]),
            number=numbers[0].found.group(1),
            count=len(stated),
            card=_named(stated),
        )
    theirs = _codes(_each(str(one.value) for one in _front(own)))
    if added := theirs - stated:
        yield maker.claim(
            Verdict.PERSON,
            "own_more",
            Grade.TWO_PLACES,
            which="own",
            passages=_fields(maker)[1],
            text=_named(added),
            card=_named(stated),
            more=_named(added),
        )


def _speaks_of_the_model(line: CardLine) -> bool:
    """Whether a line on languages is on those of the model, and not of its data or of a field of study."""
    return bool(_OF_THE_MODEL.search(line.text)) and not _OF_DATA.search(line.text)


def _fields(maker: Maker) -> tuple[set[str], list[Passage]]:
    """Returns the languages of the front matter, and where they stand."""
    fields = _front(maker.case.card)
    codes = _codes(_each(str(one.value) for one in fields))
    return codes, [maker.case.stated(one)[1] for one in fields]


def _front(card: Card | None) -> list[Field]:
    if card is None:
        return []
    return list(card.front.all("language") or card.front.all("languages"))


def _in_text(lines: Iterable[CardLine]) -> tuple[set[str], list[CardLine]]:
    """Returns the languages that lines on languages name, and those lines."""
    found: set[str] = set()
    saying = []
    for line in lines:
        if not _LANGUAGE_LINE.search(line.text):
            continue
        named = {word.lower() for word in _NAME.findall(line.text)} & _by_name().keys()
        if named:
            found |= {_by_name()[word] for word in named}
            saying.append(line)
    return found, saying


def _each(values: Iterable[str]) -> list[str]:
    """Returns what a field's values name, one by one: some write several into one."""
    every = (one.strip().lower() for value in values for one in value.split(","))
    return [one for one in every if one]


def _says_many(named: Iterable[str]) -> bool:
    """Whether a list says that it is not the whole."""
    return any(one in _MANY or not _NAMED.fullmatch(one) for one in map(_code, named))


def _codes(named: Iterable[str]) -> set[str]:
    codes = filter(_NAMED.fullmatch, map(_code, named))
    return {code for code in codes if code not in _NO_LANGUAGE}


def _code(named: str) -> str:
    code = _by_name().get(named, re.split(r"[-_]", named, maxsplit=1)[0])
    return _by_other_code().get(code, code)


def _named(codes: set[str]) -> str:
    """Returns languages by their English names, as far as we know these."""
    names = {one.code: one.name for one in known_languages()}
    return ", ".join(sorted(names.get(code, code) for code in codes)) or "–"
