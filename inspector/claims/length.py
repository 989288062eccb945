"""The rule on the context length that a card states."""

import re
from collections.abc import Iterator

from inspector.claims.case import Maker
from inspector.claims.numbers import NUMBER, is_length_in_thousands, number, told
from inspector.claims.size import cells, compares, is_of_a_family
from inspector.claims.text import Hit, around
from inspector.claims.values import Claim, Grade, Verdict
from inspector.facts import Fact

_CONTEXT = (
    re.compile(
        rf"(?i)\bcontext[-_ ](?:length|window|size)s?(?: (?:length|size))?(?: \([^()]{{1,30}}\))?(?: (?:of|for) (?:the|this) model)?(?: (?:of|up to|is|was|supports?|extended to|that it can support))*\s?\**\s?[:|=]?\s?\**\s?(?:up to |of |full |a )*({NUMBER})\s?(k\b|M\b)?"
    ),
    # Without "length" it may be a year: "in the context of 2024".
    re.compile(
        rf"(?i)\bcontext(?: (?:of|up to|extended to|is))*:? (?:up to )?({NUMBER})(?:\s?(k|M)\b|(?=[ -]tokens?\b))"
    ),
    re.compile(rf"(?i)(?<![\w.])({NUMBER})\s?-?(k|M)?[- ]?(?:tokens?[- ])?(?:of )?context\b"),
    re.compile(
        rf"(?i)\b(?:max_position_embeddings|sequence length|seq_len|n_ctx)\b\s?(?:\([^()]{{1,30}}\)\s?)?(?:(?:was |is )?(?:limited to|of)|is|[:|=])?\s?({NUMBER})\s?(k)?"
    ),
)
_THE_MODEL = re.compile(
    r"(?i)\b(?:the|this) model\b(?! (?:family|series|collection|cards?|suite|line|variants?|sizes?)\b)"
)
_A_SIZE = re.compile(r"(?i)(?<![\w.])\d{1,4}(?:\.\d{1,2})?\s?(?:M|B|million|billion)\b")
_LIST = re.compile(r"^\s*(?:[-+*|]|\d{1,2}[.)])\s?")
_ASIDE = re.compile(
    r"(?i)\b(?:test(?:ed|ing)|try|tried|trying|attempt\w*|plan(?:s|ned|ning)?|wants?|theoretical\w*|experiment\w*|extrapolat\w*|NTK|koboldai|if you)\b"
    r"|\balpha ?=|\bgpus? can\b|\b\d+ ?gb (?:cards?|gpus?)\b|\bVRAM\w*"
)
"""What stands before a length that somebody tries or sets."""

_OF_THE_BASE = re.compile(r"(?i)\bbase model\b.{0,20}\b(?:has|had|with|supports)\b")

_ASIDE_AFTER = re.compile(r"(?i)\b(?:exl\w*|temp(?:erature)?|samplers?)\b|\balpha ?=")
_ANOTHERS = re.compile(r"(?i)\b(?:original|other|previous)\s+(?:\w+ ){0,2}$")
_SETTINGS = re.compile(r"(?i)\b(?:samplers?|presets?)\b")
_IS_CONTEXT = re.compile(r"(?i)context")
_LENGTH = re.compile(rf"(?i)^\s*(?:up to )?({NUMBER})\s?(k|m)?\s*(?:tokens)?\s*$")


_Stated = tuple[tuple[float, ...], Hit]
"""What a length may mean, and where it stands."""


def context(maker: Maker) -> Iterator[Claim]:
    """CTX: the context length that the card states, and the header's."""
    case = maker.case
    if case.text is None:
        yield maker.no_card()
        return
    trained = case.summary.context_trained
    length = trained.number
    hits = []
    if case.text.has("context", "sequence length", "seq_len", "max_position", "n_ctx"):
        hits = [hit for pattern in _CONTEXT for hit in case.text.search(pattern)]
    stated = [(lengths, hit) for hit in hits if (lengths := _lengths(hit, length))]
    stated += list(_context_cells(maker, length))
    if not stated:
        yield maker.not_stated(evidence=(trained,))
        return
    # What the base model has, this one has from it; another number is for a person.
    meant = [
        one
        for one in stated
        if not _is_aside(one[1]) and (length in one[0] or not _is_of_the_base(one[1]))
    ]
    if not meant and length is not None:
        yield _unsettled(maker, "aside", stated, length, trained)
        return
    stated = meant or stated
    if length is None:
        yield maker.claim(
            Verdict.CANNOT,
            "no_header",
            Grade.CARD,
            passages=maker.places([hit for _, hit in stated]),
            evidence=(trained,),
        )
        return
    fitting = [one for one in stated if length in one[0]]
    ours = [one for one in stated if _is_of_this_model(one[1])]
    distinct = len({one[0] for one in stated})
    if fitting and len(fitting) == len(stated):
        yield _length(maker, length, length, [hit for _, hit in fitting], trained)
        return
    if fitting:
        yield _unsettled(maker, "one_of_several", fitting, length, trained, distinct)
    elif distinct > 1:
        yield _unsettled(maker, "several", stated, length, trained, distinct)
    elif not ours and is_of_a_family(maker):
        yield _unsettled(maker, "family", stated, length, trained)
    else:
        yield _length(maker, stated[0][0][0], length, [hit for _, hit in stated], trained)


def _unsettled(
    maker: Maker, reason: str, stated: list[_Stated], length: float, trained: Fact, count: int = 1
) -> Claim:
    """Returns what is for a person to read, or true of one length in several."""
    is_there = reason == "one_of_several"
    return maker.claim(
        Verdict.AGREES_IN_PART if is_there else Verdict.PERSON,
        reason,
        Grade.HEADER,
        passages=maker.places([hit for _, hit in stated]),
        evidence=(trained,),
        count=count,
        card=told(stated[0][0][0]),
        file=told(length),
    )


def _is_of_the_base(hit: Hit) -> bool:
    return _OF_THE_BASE.search(around(hit)[0] + hit.found.group()) is not None


def _is_aside(hit: Hit) -> bool:
    """Whether a length is one that somebody tries or sets, or another model's."""
    before, after = around(hit)
    return bool(
        _SETTINGS.search(hit.line.heading)
        or _ANOTHERS.search(before)
        or _ASIDE.search(before + hit.found.group())
        or _ASIDE_AFTER.search(after)
    )


def _is_of_this_model(hit: Hit) -> bool:
    """Whether a sentence says "the model" of its length, outside of a list of several models."""
    line, at = hit.line.text, hit.found.start()
    before = re.split(r"[.!?] ", line[:at])[-1]
    if _LIST.match(line) or compares(hit) or _A_SIZE.search(before):
        return False
    return _THE_MODEL.search(before + hit.found.group()) is not None


def _length(maker: Maker, stated: float, length: float, hits: list[Hit], trained: Fact) -> Claim:
    case = maker.case
    scaling = [
        case.header(case.model.arch_key(ending))
        for ending in (
            "rope.scaling.type",
            "rope.scaling.factor",
            "rope.scaling.original_context_length",
        )
    ]
    scaled = [fact for fact in scaling if fact.is_known and fact.text != "none"]
    if length == stated:
        verdict, reason = Verdict.AGREES, "equal"
    elif stated < length:
        verdict, reason = Verdict.AGREES_IN_PART, "smaller"
    elif scaled:
        verdict, reason = Verdict.AGREES_IN_PART, "scaled"
    else:
        verdict, reason = Verdict.DIFFERS, "larger"
    return maker.claim(
        verdict,
        reason,
        Grade.HEADER,
        passages=maker.places(hits),
        evidence=(trained, *scaled),
        card=told(stated),
        file=told(length),
    )


def _lengths(hit: Hit, held: float | None) -> tuple[float, ...]:
    """Returns what a stated length may mean: `128k` is 128,000, or 131,072.

    Rounded, it means what the header holds, too: 32,768 is called 33k as well as 32k.
    """
    digits, scale = hit.found.group(1), (hit.found.group(2) or "").lower()
    value = number(digits)
    if value is None:
        return ()
    lengths = {"": (value,), "k": (value * 1000, value * 1024), "m": (value * 1e6, value * 2**20)}
    if lengths[scale][0] < 256:
        # A small number without a scale is a footnote or a list's number, not a length.
        return ()
    if held is not None and scale and is_length_in_thousands(held, digits, scale):
        return (*lengths[scale], held)
    return lengths[scale]


def _context_cells(maker: Maker, held: float | None) -> Iterator[tuple[tuple[float, ...], Hit]]:
    for cell, line in cells(maker, _IS_CONTEXT):
        found = _LENGTH.match(cell)
        if found and (lengths := _lengths(Hit(line, found), held)):
            yield lengths, Hit(line, found)
