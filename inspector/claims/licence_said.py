"""The licences that sentences of a card name, and whether they are the model's or something else's."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inspector.claims.case import Maker
from inspector.claims.text import Hit, around
from inspector.licences.names import Named, identify

_SAID = (
    re.compile(
        r"(?i)\b(?:licen[cs]ed|released|available|provided|distributed)\s+under\s+(?:an?\s+|the\s+)?([A-Za-z][^,;()\n]{1,60}?)(?:\s+licen[cs]e\b|[,;()]|\.(?!\d)|$)"
    ),
    re.compile(r"(?i)\bgoverned by (?:an? |the )?([A-Za-z][^,;()\n]{1,60}?)\s+licen[cs]e\b"),
    re.compile(r"(?i)^[\s>*-]*licen[cs]e\s?:\s*(.{2,80}?)(?:\s+licen[cs]e\b|[;(]|\.(?!\d)|$)"),
)
_CLAUSE = re.compile(r"[,;:]\s|\s(?:and|but|while|whereas)\s(?=(?:the|our|its|all)\s)")
_OF_THE_MODEL = re.compile(
    r"(?i)(?<!base )(?<!parent )(?<!teacher )(?<!original )\b(?:models?|weights|checkpoints?|parameters|ggufs?|quants?|everything)\b"
)
_OF_A_PART = re.compile(
    r"(?i)\b(?:code\w*|scripts?|software|librar(?:y|ies)|packages?|tools?|demos?|apps?|spaces?|data|data ?sets?|corp(?:us|ora)|annotations|papers?|documentation|docs|figures|images|benchmarks?|tokeni[sz]er)\b"
)
_OF_ANOTHER = re.compile(
    r"(?i)\b(?:base|parent|teacher|original)\s+models?\b|\b(?:previous(?:ly)?|formerly|earlier|used to be|was once)\b"
)
_REST = re.compile(
    r"(?i)\b(?:models?|weights|checkpoints?)\b.{0,60}\b(?:licen[cs]es?|terms|agreements?|subject|under)\b"
)
"""What follows where the model is under something else than what was named first."""

_NAME = re.compile(
    r"^\W*((?:[A-Z][\w.+-]*|\d[\w.]*)(?:\s+(?:[A-Z][\w.+-]*|\d[\w.]*))*)\s+(?:is|are|was|were)\b"
)
_WORDS = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
_NO_NAME = frozenset(
    ["this", "the", "it", "all", "both", "these", "our", "we", "they", "license", "licence", "model", "card", "for"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A licence that a sentence names; `is_aside` where it is that of something else."""

    named: Named
    hit: Hit
    is_aside: bool


def said_licences(maker: Maker) -> Iterator[Said]:
    """Yields the licences that sentences of the card name, as far as we know their names."""
    text = maker.case.text
    if text is None or not text.has("licen", " under "):
        return
    ours = _our_names(maker)
    for pattern in _SAID:
        for hit in text.search(pattern):
            named = identify(" ".join(hit.found.group(1).split()))
            if named.ids:
                yield Said(named, hit, _is_aside(hit, ours))


def _is_aside(hit: Hit, ours: Iterable[str]) -> bool:
    """Whether a licence is said to be that of a part, of another model, or one of before."""
    before, after = around(hit)
    if _OF_ANOTHER.search(before):
        return True
    subject = _CLAUSE.split(before)[-1]
    if _OF_THE_MODEL.search(subject):
        return False
    if _OF_A_PART.search(subject) or _REST.search(after):
        return True
    named = _NAME.match(subject)
    called = set(_WORDS.findall(named.group(1).lower())) - _NO_NAME if named else set()
    return bool(called) and bool(ours) and not called & set(ours)


def _our_names(maker: Maker) -> set[str]:
    """Returns the words of what this model is called, by header, file and the card's title."""
    case = maker.case
    title = next((one.heading for one in case.card.sections if one.level), "") if case.card else ""
    names = (case.summary.name.text, case.header("general.basename").text, title)
    return {word for name in names for word in _WORDS.findall(name.lower())} - _NO_NAME
