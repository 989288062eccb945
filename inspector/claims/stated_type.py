"""What a card says of the type of this very file, of its weights, or of its repository.

A quantiser's card lists many files and says of none that it is the one at hand; a base model's card
says how it was trained and in which floats it lies. Neither is read as a word on this file: a sentence
has to speak of this file, these weights or this repository, and one on floats of a GGUF.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.claims.text import CardText, Hit
from inspector.claims.this_model import THIS_MODEL

_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?!\s|$)[^.!?]*)*")
_THIS_FILE = re.compile(
    r"(?i)\b(?:this (?:\w+ )?(?:file|quant)\b|this gguf\b(?! (?:repo|collection))|this is an? \S)"
)
_THIS_PLACE = re.compile(
    r"(?i)\b(?:(?:these|the|its) (?:model |gguf )?(?:weights|files?|gguf)\b|^\s*(?:quanti[sz]ed|converted)\b|this (?:model |gguf )?(?:repo(?:sitory)?|checkpoint|conversion|upload|weights)\b)"
)
_THE_MODEL = re.compile(rf"(?i)\b{THIS_MODEL}\b(?! (?:family|series|collection|cards?))")
_SAYS = re.compile(
    r"(?i)\b(?:is|are|was|were|been|contains?|holds?|comes?|uses?|stored|provided|provides|hosts|ships|quanti[sz]ed|converted)\b"
)
_SETTING = re.compile(
    r"(?i)^[\s|*+-]*(?:quanti[sz]ation|quant)(?: (?:type|method|level|format))?\s*[:|=]\s*(.{2,40}?)[\s|.]*$"
)
_BITS = re.compile(
    r"(?i)(?<![\w.])(?:int)?([2-8])(?:[- ]bits?\b(?=\s*(?:$|[.,;)]|quant|gguf|weights|integers?))|(?<=int\d)\b)"
)
_OTHERWISE = re.compile(
    r"(?i)\b(?:not|never|no|can|could|may|might|would|should|if|when|unlike|than|also|other|others|instead|available|recommend\w*|train\w*|pre-?train\w*|fine-?tun\w*|inference|evaluat\w*|measur\w*|bench\w*|perplexity|scores?|figures?|results?|optimi[sz]ed|load\w*|cache|embeddings?|tensors?|layers?|output|attention|activations?|experts?|vision|mmproj|projector|draft|needs?|requires?|example|either|most|some|each|every|all)\b"
)
_MADE_FROM = re.compile(
    r"(?i)\b(?:from|of|original|originally|out of|based on|using)\s+(?:the |its |an? )?(?:original |full |unquanti[sz]ed )?$"
)
_ROW = re.compile(r"^\s*(?:[-+*|#]|\d{1,2}[.)]\s)")
_FLOAT = re.compile(r"(?i)^B?F")
_GGUF = re.compile(r"(?i)\bthis (?:\w+ )?(?:file|quant)\b|\bgguf\b")
_MOST = 6


@dataclass(frozen=True, slots=True)
class Stated:
    """A type that the card gives this file.

    Attributes:
        written: as it stands there.
        bits: the number of bits alone, where it names no more than that.
    """

    written: str
    hit: Hit
    bits: str = ""


def stated_types(text: CardText, label: re.Pattern[str]) -> list[Stated]:
    """Returns what a card's sentences say of this file's type; of one of many files, nothing."""
    found = list(_stated(text, label))
    if _lists_several(text, label):
        found = [one for one in found if one[1]]
        if len({one.written.upper() for one, _ in found}) > 1:
            # A sentence below each file's heading: which is about this one, nobody can tell.
            return []
    return [one for one, _ in found][:_MOST]


def _lists_several(text: CardText, label: re.Pattern[str]) -> bool:
    """Whether rows, headings or names of files tell of several types, as a quantiser's card does."""
    named = {
        hit.found.group(1).upper()
        for hit in text.search(label)
        if _ROW.match(hit.line.text) or ".gguf" in hit.line.text.lower()
    }
    return len(named) > 1


def _stated(text: CardText, label: re.Pattern[str]) -> Iterator[tuple[Stated, bool]]:
    """Yields types with whether it is the very file that is spoken of, and not where it lies."""
    for line in text.lines:
        if not (label.search(line.text) or _BITS.search(line.text)):
            continue
        if setting := _SETTING.match(line.text):
            found = label.search(setting.group(1)) or _BITS.search(setting.group(1))
            if found is not None and len(label.findall(setting.group(1))) < 2:
                yield _as_stated(found, Hit(line, found)), False
            continue
        for sentence in _SENTENCE.finditer(line.text):
            said = sentence.group()
            who = _THIS_FILE.search(said) or _THIS_PLACE.search(said) or _THE_MODEL.search(said)
            if who is None or _OTHERWISE.search(said):
                continue
            types = _types(said, label)
            if len({one.group().upper() for one in types}) != 1 or types[0].start() < who.start():
                continue
            if not _SAYS.search(said, who.start(), types[0].start()):
                continue
            is_file = _THIS_FILE.search(said) is not None
            if _FLOAT.match(types[0].group()) and not _GGUF.search(said):
                # How a base model's numbers are kept: its card often lies beside what was made of it.
                continue
            yield _as_stated(types[0], Hit(line, types[0])), is_file


def _types(said: str, label: re.Pattern[str]) -> list[re.Match[str]]:
    """Returns the types in a sentence, but for one that the file was made from."""
    labels = [one for one in label.finditer(said) if not _MADE_FROM.search(said[: one.start()])]
    return labels or list(_BITS.finditer(said))


def _as_stated(found: re.Match[str], hit: Hit) -> Stated:
    is_bits = _BITS.fullmatch(found.group()) is not None or found.group()[:1].isdigit()
    return Stated(found.group(), hit, found.group(1) if is_bits else "")
