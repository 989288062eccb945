"""Prepared harmless questions, and what can be counted in their answers.

A count is a hint for the person who judges, never a verdict.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from inspector.claims.languages import known_languages
from inspector.safeguards.refusals import language_of
from resources import table

FILE = "claims/probes.toml"
LONGEST_ANSWER = 20_000

_CHARACTERS_PER_TOKEN = 3.2
"""Fewer than most tokenizers need for plain English, so that a text surely fits."""

_SENTENCES = (
    "The ferry left the harbour at dawn and came back in the evening.",
    "A gardener planted beans along the southern wall of the yard.",
    "In the library, two readers shared a table by the window.",
    "The baker opened the shop early because of the market.",
    "Rain fell on the hills, and the river rose a little.",
    "Someone had painted the old bench green again.",
    "The train waited at the station for seven quiet minutes.",
    "Children counted the boats as they passed under the bridge.",
)
_HIDDEN = (
    (0.25, "morning", "amber lantern"),
    (0.5, "noon", "copper kettle"),
    (0.9, "evening", "velvet compass"),
)


class Question(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One question, and what can be counted in its answer.

    Attributes:
        contains: words that should all be there.
        pattern: what the whole answer should match; `form` names it, for words.
        json: keys that a JSON object in the answer should have.
        language: code of the one that the answer should be in.
        about: what the question is about, such as a language, for people.
    """

    text: str
    contains: tuple[str, ...] = ()
    pattern: str = ""
    form: str = ""
    json: tuple[str, ...] = ()
    language: str = ""
    about: str = ""

    @property
    def is_counted(self) -> bool:
        """Whether the app can tell anything of the answer."""
        return bool(self.contains or self.pattern or self.json or self.language)


class Probe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Questions that are asked one by one, each by itself; `twice` asks each again."""

    seed: int
    ask: tuple[Question, ...] = ()
    twice: bool = False


class _Probes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    probe: dict[str, Probe]


def probe(name: str, *, languages: Sequence[str] = (), context: int = 0) -> Probe:
    """Returns the questions of a probe.

    Args:
        name: of the probe.
        languages: codes that a card names; the probe on languages asks in these.
        context: tokens of context in force; the probe on long texts fills three quarters of it.
    """
    found = _probes()[name]
    if name == "languages":
        return msgspec.structs.replace(found, ask=tuple(_in_languages(languages)))
    if name == "far-back":
        return msgspec.structs.replace(found, ask=tuple(_far_back(context)))
    return found


def names() -> frozenset[str]:
    """Returns the names of all probes."""
    return frozenset(_probes())


def keeps(question: Question, answer: str) -> bool | None:
    """Whether an answer has what can be counted; None where nothing can, or can be told of this one."""
    if not question.is_counted:
        return None
    text = answer[:LONGEST_ANSWER]
    told = language_of(text) if question.language else ""
    if question.language and not told:
        return None
    small = text.casefold()
    return (
        all(word.casefold() in small for word in question.contains)
        and (not question.pattern or re.search(question.pattern, text.strip()[:2_000]) is not None)
        and (not question.json or _has_keys(text, question.json))
        and told == question.language
    )


def first_difference(one: Sequence[int], other: Sequence[int]) -> int:
    """Returns the first token, from 1, in which two answers differ; 0 where none does."""
    for number, (a, b) in enumerate(zip(one, other, strict=False), 1):
        if a != b:
            return number
    return 0 if len(one) == len(other) else min(len(one), len(other)) + 1


def interval(right: int, of: int) -> tuple[float, float]:
    """Returns the 95 % interval of a share by Wilson's method; (0, 1) where nothing was counted."""
    if of <= 0:
        return 0.0, 1.0
    z = 1.959964
    share = right / of
    middle = share + z * z / (2 * of)
    half = z * (share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5
    scale = 1 + z * z / of
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


@cache
def _probes() -> dict[str, Probe]:
    read: _Probes = table(FILE, _Probes)
    return read.probe


def _in_languages(codes: Sequence[str]) -> Iterator[Question]:
    known = {one.code: one for one in known_languages() if one.asks}
    wanted = [code for code in dict.fromkeys(codes) if code in known] or ["en"]
    for code in wanted[:6]:
        yield Question(text=known[code].asks, about=known[code].name)


def _far_back(context: int) -> Iterator[Question]:
    """Yields questions after three odd sentences at three depths of one long text.

    The text is the same in all, so that it is evaluated once and kept.
    """
    length = int(max(512, context or 2_048) * 0.75 * _CHARACTERS_PER_TOKEN)
    sentences: list[str] = []
    total = 0
    while total < length - 400:
        one = f"{len(sentences) + 1}. {_SENTENCES[len(sentences) % len(_SENTENCES)]}"
        sentences.append(one)
        total += len(one) + 1
    for depth, time, hidden in reversed(_HIDDEN):
        sentences.insert(int(len(sentences) * depth), f"The password of the {time} is {hidden}.")
    text = "\n".join(sentences)
    for depth, time, hidden in _HIDDEN:
        yield Question(
            text=f"{text}\n\nWhat is the password of the {time} in the text above?",
            contains=(hidden,),
            about=f"{depth:.0%}",
        )


def _has_keys(text: str, keys: Sequence[str]) -> bool:
    """Whether the first JSON object in a text has all keys."""
    start = text.find("{")
    if start < 0:
        return False
    try:
        found, _ = json.JSONDecoder().raw_decode(text[start:])
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and all(key in found for key in keys)
