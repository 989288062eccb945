"""Whether a sentence of a card gives a size to this very model, and not to a family or another one."""

import re

from inspector.claims.text import CardText, Hit

_TITLE = re.compile(r"^\s{0,3}#\s+(.{1,200})")
_LIST = re.compile(r"^\s*(?:[-+*|]|\d{1,2}[.)])\s")
_SENTENCE = re.compile(r"[.!?:;] ")
_SAYS = re.compile(
    r"(?i)^(?P<who>.{1,120}?),?\s+(?:is|was|has|have|contains|comprises|consists of|counts|comes with)\b"
    r"(?P<gap>(?:,?\s+[A-Za-z][\w'’-]*(?:/\w+)?,?){0,10})[\s(~≈]*$"
)
THIS_MODEL = r"(?:this(?: [a-z]+)?|the(?: (?:language|final|resulting|released|whole|quanti[sz]ed|converted))?) model"
"""Any word may come after "this"; after "the", most tell one model from others: the base model, the largest."""

_THIS = re.compile(rf"(?i)^(?:\w+, )?{THIS_MODEL}$")
_OF_A_PART = re.compile(r"(?i)\b(?:active|activated|trainable)\b")
_OF_ANOTHER = re.compile(
    r"(?i)\b(?:from|than|to|by|on|like|as|for|not|outperform\w*|compar\w+|version|variant|sibling|teacher|distill\w*|derivative|merge|adapter|fine-?tune|quanti[sz]ation|conversion|family|series|suite|collection|original|base)\b"
)
_A_SIZE = re.compile(r"(?i)(?<![a-z0-9.])\d{1,4}(?:\.\d{1,3})?\s?[MB](?![a-z0-9])")
_WORDS = re.compile(r"[a-z0-9]+")
_NO_NAME = frozenset({"the", "model", "card", "for", "of", "gguf", "instruct", "chat", "it", "our"})


def is_of_this_model(text: CardText, hit: Hit, called: str = "") -> bool:
    """Whether what was found is said of "this model", "the model" or one that is called the same.

    Args:
        text: the card.
        hit: what was found in it.
        called: the header's name of this model; the card's title names it, too.
    """
    line, at = hit.line.text, hit.found.start()
    if hit.found.string != line or _LIST.match(line):
        # A row or a point of a list tells of one after another.
        return False
    if _OF_A_PART.search(hit.found.group()):
        return False
    title = _title(text)
    if _A_SIZE.search(hit.line.path.removeprefix(title)):
        return False
    said = _SAYS.match(_SENTENCE.split(line[:at])[-1].strip() + " ")
    if said is None or _OF_ANOTHER.search(said["gap"]):
        return False
    who = said["who"].strip()
    if _THIS.match(who):
        return True
    return _name(who) != [] and _name(who) in (_name(title), _name(called))


def _title(text: CardText) -> str:
    first = next((line for line in text.lines if _TITLE.match(line.text)), None)
    return first.path if first is not None else ""


def _name(words: str) -> list[str]:
    """Returns a name without what titles add to it; one with a size in it is kept whole."""
    return [one for one in _WORDS.findall(words.lower()) if one not in _NO_NAME]
