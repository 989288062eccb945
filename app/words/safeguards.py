"""Words for the Safeguards tab: each safeguard, what is known of it, and who holds it. No Qt."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from app.words.facts import source_words
from inspector.facts import Fact, Source, SourceKind
from inspector.safeguards.values import By, Evidence, Level, Presence, Safeguard, SafeguardReport
from inspector.untrusted import shown
from resources import table

_MOST_EVIDENCE = 8


class SafeguardTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `safeguards.toml`."""

    said: dict[str, str]
    presence: dict[str, str]
    inspect: dict[str, str]
    by: dict[str, str]
    short_by: dict[str, str]
    short_rules: dict[str, str]
    levels: dict[str, str]
    parties: dict[str, str]
    rules: dict[str, str]
    names: dict[str, str]
    in_sentence: dict[str, str]
    what: dict[str, str]
    settle: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeguardLine:
    """A label, what it says, and where that was read."""

    label: str
    said: str
    source: str = ""


def safeguard_texts() -> SafeguardTexts:
    """Returns the words of the Safeguards tab."""
    texts: SafeguardTexts = table("texts/en/safeguards.toml", SafeguardTexts)
    return texts


def hosted_sentence(report: SafeguardReport) -> str:
    """Returns the sentence that matters: which safeguards of a service come with no file."""
    texts = safeguard_texts()
    names = _listed(texts.in_sentence[one] for one in report.stay_behind)
    return texts.said["stays_behind"].format(names=names)


def guards_sentence(report: SafeguardReport) -> tuple[str, str]:
    """Returns which guard models the card names, and the sources; empty where it names none."""
    if not report.named_guards:
        return "", ""
    said = safeguard_texts().said
    names = _listed(fact.text for fact in report.named_guards)
    sources = [source for fact in report.named_guards for source in fact.sources]
    told = said["named_guards"].format(names=names, where=_place(sources[0]))
    return told, "\n".join(dict.fromkeys(map(source_words, sources)))


def not_of_it_sentence(report: SafeguardReport) -> str:
    """Returns that a card is another model's and counts for nothing; empty where none is."""
    if not report.left_out:
        return ""
    return safeguard_texts().said["left_out"].format(document=shown(report.left_out, 80))


def not_read_sentence(report: SafeguardReport) -> str:
    """Returns that a card is in another language than the rules know; empty where none is."""
    if not report.not_english:
        return ""
    return safeguard_texts().said["not_english"].format(document=shown(report.not_english, 80))


def removed_sentences(report: SafeguardReport) -> tuple[tuple[str, str], ...]:
    """Returns each sign that safeguards were removed, as the claim that it is, with its source."""
    said = safeguard_texts().said
    found: dict[str, list[Source]] = {}
    for one in report.removed:
        found.setdefault(one.word.lower(), []).extend(one.sources)
    return tuple(
        (
            said["removed"].format(word=word, where=_listed(dict.fromkeys(map(_place, sources)))),
            "\n".join(map(source_words, sources)),
        )
        for word, sources in found.items()
    )


def presence_words(safeguard: Safeguard) -> str:
    """Returns whether it is there, and by whose word: `present, in the template`."""
    texts = safeguard_texts()
    if short := texts.short_rules.get(safeguard.decided_by):
        return short
    word = texts.presence[safeguard.presence.value]
    decided = _decided(safeguard)
    if decided is not None and is_claimed(safeguard):
        return texts.said["claimed"].format(word=word, by=texts.by[decided.value])
    return f"{word}, {texts.short_by[decided.value]}" if decided else word


def is_claimed(safeguard: Safeguard) -> bool:
    """Whether nothing but somebody's word says so: a card that tells of tests shows none."""
    return _decided(safeguard) in {By.CARD, By.FILE}


def _decided(safeguard: Safeguard) -> By | None:
    rule = safeguard.decided_by
    return next((one.by for one in safeguard.evidence if one.rule == rule), None)


def held_words(safeguard: Safeguard, level: Level) -> str:
    """Returns who holds it and who can remove it, at a level of access, in one line."""
    said = safeguard_texts().said
    if safeguard.presence is Presence.ABSENT:
        return said["would_be"].format(parties=_parties(safeguard.control[level]))
    control = said["control"].format(parties=_parties(safeguard.control[level]))
    return f"{control}; {said['remove'].format(parties=_parties(safeguard.remove[level]))}"


def detail_lines(safeguard: Safeguard, level: Level) -> tuple[SafeguardLine, ...]:
    """Returns everything that is told of one safeguard."""
    texts = safeguard_texts()
    said = texts.said
    decided = texts.rules.get(safeguard.decided_by, "")
    by = ", ".join(texts.by[one.value] for one in safeguard.declared_by)
    lines = [
        SafeguardLine(label=said["what"], said=texts.what[safeguard.id]),
        SafeguardLine(
            label=said["there"],
            said=". ".join(part for part in (presence_words(safeguard), decided) if part),
        ),
        SafeguardLine(label=said["inspect"], said=_inspected(safeguard)),
        SafeguardLine(label=said["declared"], said=by or said["declared_none"]),
        SafeguardLine(label=said["holds"], said=_parties(safeguard.control[level])),
        SafeguardLine(label=said["removes"], said=_parties(safeguard.remove[level])),
    ]
    if level in {Level.WEIGHTS, Level.OPEN}:
        hosted = said["elsewhere_said"].format(
            control=_parties(safeguard.control[Level.HOSTED]),
            remove=_parties(safeguard.remove[Level.HOSTED]),
        )
        lines.append(SafeguardLine(label=said["elsewhere"], said=hosted))
    if not safeguard.decided_by:
        lines.append(SafeguardLine(label=said["settles"], said=texts.settle[safeguard.id]))
    return tuple(lines)


def evidence_lines(safeguard: Safeguard) -> tuple[SafeguardLine, ...]:
    """Returns the places that it rests on: where, and the words there."""
    return tuple(_evidence_line(one) for one in safeguard.evidence[:_MOST_EVIDENCE])


def _inspected(safeguard: Safeguard) -> str:
    texts = safeguard_texts()
    if safeguard.presence is Presence.ABSENT and safeguard.id != "system-prompts":
        return texts.said["nothing"]
    return texts.inspect[safeguard.inspect.value]


def _evidence_line(evidence: Evidence) -> SafeguardLine:
    texts, fact = safeguard_texts(), evidence.fact
    source = fact.source
    label = _place(source) if source else ""
    meaning = texts.rules[evidence.rule]
    if fact.value is False:
        return SafeguardLine(label=label, said=meaning, source=_sources(fact))
    quote = source.quote if source and source.quote else fact.text
    told = f"“{shown(quote, 240)}”"
    if note := _note(evidence):
        told = f"{told} ({texts.said[note]})"
    return SafeguardLine(label=label, said=told, source=f"{meaning}\n{_sources(fact)}")


def _note(evidence: Evidence) -> str:
    """Returns the key of what is to be said of how the words stand there; empty where nothing is."""
    if evidence.unread:
        return "unread"
    return "advice" if evidence.advice else "negated" if evidence.negated else ""


def _sources(fact: Fact) -> str:
    return "\n".join(map(source_words, fact.sources))


def _place(source: Source) -> str:
    """Returns a place so short that it can stand in a sentence."""
    if source.line:
        return safeguard_texts().said["line"].format(document=source.document, line=source.line)
    if source.kind is SourceKind.MEASURED:
        return safeguard_texts().by["app"]
    if source.kind is SourceKind.REPOSITORY:
        return safeguard_texts().said["file_name"]
    return source.where or source.document


def _parties(parties: Iterable[str]) -> str:
    return _listed(safeguard_texts().parties[one] for one in parties)


def _listed(words: Iterable[str]) -> str:
    """Returns words as a sentence lists them."""
    every, joint = list(words), safeguard_texts().said["and"]
    return f" {joint} ".join(part for part in (", ".join(every[:-1]), *every[-1:]) if part)
