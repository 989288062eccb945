"""Words for facts: where a value came from, and what would settle one that is unknown. Knows no Qt."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from inspector.facts import Fact, Source
from inspector.gguf.checks import Oddity
from resources import table

_QUOTED = 200
_ROUND = 1_000
_YEARS = range(1900, 2100)
"""Numbers that may be a year, which nobody writes in groups."""


class FactTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `facts.toml`."""

    kinds: dict[str, str]
    groups: dict[str, str]
    labels: dict[str, str]
    purposes: dict[str, str]
    said: dict[str, str]


def fact_texts() -> FactTexts:
    """Returns the words about facts."""
    texts: FactTexts = table("texts/en/facts.toml", FactTexts)
    return texts


def source_words(source: Source) -> str:
    """Returns where something came from, in one line."""
    texts = fact_texts()
    parts = [texts.kinds[source.kind.value].format(document=source.document), source.where]
    if source.line:
        parts.append(texts.said["line"].format(line=source.line))
    if source.offset >= 0:
        parts.append(texts.said["byte"].format(offset=f"{source.offset:,}"))
    if source.revision:
        parts.append(texts.said["revision"].format(revision=source.revision[:12]))
    if source.quote:
        parts.append(f"“{source.quote[:_QUOTED]}”")
    if source.read_at is not None:
        parts.append(texts.said["read"].format(when=when_words(source.read_at)))
    return " · ".join(part for part in parts if part)


def value_words(fact: Fact) -> str:
    """Returns a fact's value as people read it: long numbers in groups, none with more digits than it has sense."""
    value = fact.value
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= _ROUND else f"{value:.4g}"
    if isinstance(value, int) and abs(value) >= _ROUND and value not in _YEARS:
        return f"{value:,}"
    return fact.text


def when_words(moment: datetime) -> str:
    """Returns a time as people of this machine write it: `21 November 2026, 12:30`."""
    local = moment.astimezone()
    return f"{local.day} {local:%B %Y, %H:%M}"


def fact_sources(*facts: Fact) -> str:
    """Returns where facts came from or what would settle them, a line each: a tooltip."""
    lines: dict[str, None] = {}
    for fact in facts:
        if not fact.is_known:
            lines[_settling(fact)] = None
        else:
            lines |= dict.fromkeys(source_words(source) for source in fact.sources)
    return "\n".join(line for line in lines if line)


def settle_words(code: str) -> str:
    """Returns what would settle an unknown fact, in one sentence."""
    sentences: Mapping[str, str] = table("texts/en/settle.toml", dict[str, str])
    return sentences.get(code, "")


def oddity_words(oddity: Oddity) -> str:
    """Returns what is odd, in one sentence."""
    sentences: Mapping[str, str] = table("texts/en/oddities.toml", dict[str, str])
    return sentences[oddity.code].format_map(oddity.context)


def _settling(fact: Fact) -> str:
    said = fact_texts().said
    sentence = settle_words(fact.settle)
    lines = [said["settles"].format(sentence=sentence)] if sentence else []
    places = ", ".join(source.where for source in fact.sources if source.where)
    if places:
        lines.append(said["searched"].format(places=places))
    return "\n".join(lines)
