"""The standard template's slots, their synonyms, and what counts as empty."""

import re
from collections.abc import Iterable
from functools import cache

import msgspec

from inspector.cards.front_matter import FrontMatter
from inspector.cards.values import Label, Section, Slot
from resources import table

_NUMBER = re.compile(r"^\d+(?:[.)]\d+)*[.)]?\s+|^[ivx]{1,4}[.)]\s+", re.IGNORECASE)
_OPTIONAL = re.compile(r"\[optional\]", re.IGNORECASE)
_OTHER = re.compile(r"[^\w]+|_+")
_UNFILLED = re.compile(r"\{\{[^{}]{0,300}\}\}|\{[a-z_0-9]{1,40}\}")
_BEGINNING = 4_000
_SHORT = 3
_NO_MATTER = frozenset(
    {"and", "or", "the", "of", "its", "current", "known", "potential", "possible"}
)
"""Words of a heading that say nothing of what stands below it."""


class SlotRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A slot; `opening` where the words before the first heading fill it too."""

    id: str
    headings: tuple[str, ...]
    fields: tuple[str, ...] = ()
    opening: bool = False


class SlotRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`resources/cards/sections.toml`."""

    schema: int
    version: str
    placeholders: tuple[str, ...]
    standing: tuple[str, ...]
    slot: tuple[SlotRule, ...]


def slot_rules() -> SlotRules:
    """Returns the slots."""
    read: SlotRules = table("cards/sections.toml", SlotRules)
    return read


@cache
def _by_heading() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for slot in slot_rules().slot:
        for heading in slot.headings:
            found[heading] = (*found.get(heading, ()), slot.id)
    return found


@cache
def _by_words() -> dict[frozenset[str], tuple[str, ...]]:
    # One word alone has no order, and too many headings hold it.
    several = {heading: slots for heading, slots in _by_heading().items() if " " in heading}
    return {words: slots for heading, slots in several.items() if (words := _words(heading))}


def _words(heading: str) -> frozenset[str]:
    """Returns what a heading names, in any order: "Bias & Limitations" is "Limitations and Biases"."""
    return frozenset(_singular(one) for one in heading.split() if one not in _NO_MATTER)


def _singular(word: str) -> str:
    return re.sub(r"(?<=s)es$|(?<=[^s])s$", "", word) if len(word) > _SHORT else word


def normal(text: str) -> str:
    """Returns a heading as it is compared: small, without numbers and punctuation."""
    plain = _OPTIONAL.sub(" ", text[:400]).strip(" *_#:")
    plain = _NUMBER.sub("", plain)
    return _OTHER.sub(" ", plain.lower()).strip()


def slots_of(heading: str) -> tuple[str, ...]:
    """Returns the slots that a heading stands for."""
    plain = normal(heading)
    if " " not in plain:
        # One word is no list of words, and its plural may be another thing: supports, downloads.
        return _by_heading().get(plain, ())
    return _by_heading().get(plain) or _by_words().get(_words(plain), ())


def says_nothing(text: str) -> bool:
    """Whether a text is empty, a placeholder, or the template's own standing words."""
    plain = _OTHER.sub(" ", _UNFILLED.sub(" ", text[:_BEGINNING]).lower()).strip()
    rules = slot_rules()
    for words in rules.standing:
        plain = plain.replace(words, " ")
    for words in rules.placeholders:
        plain = re.sub(rf"\b{re.escape(words)}\b", " ", plain) if words in plain else plain
    return not plain.strip()


def filled_slots(
    front: FrontMatter, sections: Iterable[Section], labels: Iterable[Label]
) -> tuple[Slot, ...]:
    """Returns every slot, with the first place that fills it."""
    every, marked = tuple(sections), tuple(labels)
    return tuple(_slot(rule, front, every, marked) for rule in slot_rules().slot)


def _slot(
    rule: SlotRule, front: FrontMatter, sections: tuple[Section, ...], labels: tuple[Label, ...]
) -> Slot:
    empty: Slot | None = None
    for label in labels:
        if rule.id in label.slots:
            found = Slot(rule.id, not label.is_empty, label.line, label.label, label.is_empty)
            if found.filled:
                return found
            empty = empty or found
    for number, section in enumerate(sections):
        if rule.id in section.slots:
            is_empty = section.is_empty and not _has_filled_below(sections, number)
            found = Slot(rule.id, not is_empty, section.line, section.heading, is_empty)
            if found.filled:
                return found
            empty = empty or found
    for field in rule.fields:
        if front.has(field):
            first = next(one for one in front.fields if one.path.split(".", 1)[0] == field)
            return Slot(rule.id, filled=True, line=first.line, where=field)
    if rule.opening:
        for section in sections[:2]:
            if section.level <= 1 and len(section.text.split()) > 8 and not section.is_empty:
                return Slot(rule.id, filled=True, line=section.line, where=section.heading)
    return empty or Slot(rule.id, filled=False)


def _has_filled_below(sections: tuple[Section, ...], number: int) -> bool:
    """Whether a heading with nothing under it has filled ones below it that no slot claims."""
    level = sections[number].level
    for section in sections[number + 1 :]:
        if section.level <= level:
            return False
        if not section.is_empty and not section.slots:
            return True
    return False
