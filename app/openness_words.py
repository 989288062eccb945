"""Words of the openness profile, the same for the window, the command line and reports. No Qt."""

from functools import cache

import msgspec

from app.wording import LANGUAGE
from inspector.findings.values import Finding
from inspector.frameworks.verdict import Verdict
from resources import table


class OpennessWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every word by its code, as `resources/texts/en/openness.toml` has them."""

    tile: dict[str, str]
    availability: dict[str, str]
    terms: dict[str, str]
    link: dict[str, str]
    answer: dict[str, str]
    confidence: dict[str, str]
    kind: dict[str, str]
    rated: dict[str, str]
    sentence: dict[str, str]


@cache
def openness_words() -> OpennessWords:
    """Returns the words."""
    read: OpennessWords = table(f"texts/{LANGUAGE}/openness.toml", OpennessWords)
    return read


def said_of(finding: Finding) -> str:
    """Returns both values of a finding in words, with the licence where there is one."""
    words = openness_words()
    said = [words.availability[finding.availability.value]]
    if finding.availability in _HAS_TERMS:
        terms = words.terms[finding.terms.value]
        said.append(f"{terms} ({finding.licence})" if finding.licence else terms)
    return ", ".join(said)


def range_of(verdict: Verdict) -> str:
    """Returns what would change if the unknowns turned out closed or open."""
    sentence = openness_words().sentence
    if verdict.worst == verdict.best:
        return sentence["settled"]
    return sentence["range"].format(worst=verdict.worst, best=verdict.best)


def next_of(verdict: Verdict) -> str:
    """Returns what is missing for the next level; empty at the top."""
    if not verdict.next or not verdict.missing:
        return ""
    missing = ", ".join(verdict.missing)
    return openness_words().sentence["next"].format(next=verdict.next, missing=missing)


_HAS_TERMS = frozenset({"public", "gated", "partly"})
