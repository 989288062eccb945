"""The rule on the architecture that a card names."""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from inspector.claims.case import Maker
from inspector.claims.size import COMPARES
from inspector.claims.text import CardText, Hit, sentence
from inspector.claims.values import Claim, Grade, Verdict
from resources import table

_ARCHITECTURE = (
    re.compile(r"(?i)\b(?:model[ _])?(?:type|architecture)s?\s*[:|]\s*(.{2,120})"),
    re.compile(
        r"(?i)\b([a-z][\w.+-]{1,30}(?: ?\d(?:\.\d)?)?)(?:'s)?(?: transformer)? architecture\b"
    ),
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._+-]{1,40}(?: \d(?:\.\d)?[a-z]?\b)?")
_IS_A = re.compile(
    r"(?i)(?:[\s-]+[\w.-]+){0,4}?\s+(?:(?:is|are|was|were)\s+(?:an?|the)|has|have|contains)\b"
)
_POINTS_ELSEWHERE = re.compile(
    r"(?i)\brefer to\b.{0,40}\b(?:report|paper|documentation|card)\b|\btechnical report\b|\bcompatible with\b|\b(?:not|un|being) ?supported\b"
)
"""Where a reader is sent, or what some program can run: no word on this model."""

_ALIKE = re.compile(r"(?i)^[\w. -]{1,30}?(?:[- ](?:style|like|inspired)\b|(?: model)? with\b)")
"""`GPT-2 style` and `GPT-2 with multi-query attention` name what an architecture comes from."""

_MANY_WORDS = 8


class _Architectures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    names: dict[str, tuple[str, ...]]


@cache
def _names() -> dict[str, str]:
    read: _Architectures = table("claims/architectures.toml", _Architectures)
    return {name: arch for arch, names in read.names.items() for name in (*names, arch)}


def architecture(maker: Maker) -> Iterator[Claim]:
    """ARCH: the architecture that the card names, and the header's."""
    case = maker.case
    if case.text is None or case.card is None:
        yield maker.no_card()
        return
    own = case.model.architecture
    header = case.header("general.architecture")
    labelled, product = [], None
    for hit in _said(case.text):
        named = list(_known(hit.found.group(1)))
        if not named:
            labelled.append(hit)
            continue
        verdict, reason = _architecture_verdict(own, named, hit)
        if verdict is Verdict.AGREES and _is_a_product(hit.found.group(1)):
            verdict, reason = Verdict.STATED, "product"
        claim = maker.claim(
            verdict,
            reason,
            Grade.HEADER if own else Grade.CARD,
            passages=maker.places([hit]),
            evidence=(header,),
            card=", ".join(named),
            file=own,
        )
        if reason != "product":
            yield claim
            return
        # A model's name says less than what may be said of its architecture further on.
        product = product or claim
    if product is not None:
        yield product
        return
    labels = [hit for hit in labelled if "architecture" in hit.line.text.lower()]
    if labels:
        yield maker.claim(
            Verdict.STATED,
            "not_in_list",
            Grade.CARD,
            passages=maker.places(labels[:1]),
            evidence=(header,),
            file=own,
        )
    else:
        yield maker.not_stated(evidence=(header,))


def _said(text: CardText) -> Iterator[Hit]:
    """Yields where a card speaks of an architecture or type, and not of another thing's."""
    for pattern in _ARCHITECTURE if text.has("architecture", "type") else ():
        for hit in text.search(pattern):
            if not _POINTS_ELSEWHERE.search(sentence(hit)):
                yield hit


def _architecture_verdict(own: str, named: list[str], hit: Hit) -> tuple[Verdict, str]:
    if not own:
        return Verdict.CANNOT, "no_header"
    if own in named:
        return Verdict.AGREES, "equal"
    if any(own.startswith(one) or _stem(own) == one for one in named):
        # "Gemma" for gemma3: said loosely, not wrongly.
        return Verdict.STATED, "family"
    if _ALIKE.search(hit.line.text[hit.found.start(1) :][:120]):
        return Verdict.STATED, "alike"
    if len(hit.found.group(1).split()) > _MANY_WORDS or COMPARES.search(hit.line.text):
        # A sentence on several parts, or on another model; which of them is meant, nobody can tell.
        return Verdict.STATED, "not_in_list"
    return Verdict.DIFFERS, "other"


def _is_a_product(text: str) -> bool:
    """Whether the name is only a model's, of which a sentence goes on to tell: `Llama 3.2 is a …`."""
    found = _NAME.search(text[:200])
    return found is not None and _IS_A.match(text, found.end()) is not None


def _stem(name: str) -> str:
    return re.split(r"\d", name, maxsplit=1)[0]


def _known(text: str) -> Iterator[str]:
    """Yields the architectures that a text names."""
    seen = set()
    for found in _NAME.finditer(text[:200]):
        whole = found.group().lower()
        for name in (whole, whole.split(" ", 1)[0]):
            arch = _names().get(re.sub(r"[^a-z0-9]", "", name))
            if arch and arch not in seen:
                seen.add(arch)
                yield arch
                break
