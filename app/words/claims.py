"""Words for claims: the same for the window, the terminal and reports. Knows no Qt."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from app.words.dossier import rule_words
from app.words.facts import source_words, value_words
from inspector.claims.rules import rule_set, rules
from inspector.claims.values import CardOwner, Claim, ClaimReport, Passage, Reading, Verdict
from inspector.facts import Fact
from inspector.untrusted import shown
from resources import table

GONE = "gone"
"""The reason of a claim that a person judged, and that no rule makes any more."""

OWN = "OWN"
"""The rule of a claim that a person added."""

_SLOTS = "which_filled"
"""Of a claim's context: slots of the standard card, by their ids."""

_QUOTED = 160


class RuleWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule is called, what it looks at, what it leaves out, and its sentences."""

    title: str
    looks: str
    left: str
    reasons: dict[str, str]


class FilterWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A filter of the list: its title, what it shows, and the sentence where that is nothing."""

    title: str
    tip: str
    none: str


class ClaimTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `claims.toml`."""

    verdicts: dict[str, str]
    meanings: dict[str, str]
    grades: dict[str, str]
    which: dict[str, str]
    groups: dict[str, str]
    places: dict[str, str]
    said: dict[str, str]
    counted: dict[str, str]
    filters: dict[str, FilterWords]
    reviewing: dict[str, str]
    instructions: dict[str, str]
    rules: dict[str, RuleWords]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWords:
    """A claim in words.

    Attributes:
        verdict: the word for it; `meaning` says what that word means.
        sentence: what was compared and found.
        text: the claim as it is written; empty where nothing states it.
        foot: grade and rule, for a quiet line.
        looks: what the rule looks at, and `left` what it does not.
        evidence: a line for each thing that it was compared with.
    """

    title: str
    verdict: str
    meaning: str
    sentence: str
    text: str
    foot: str
    looks: str
    left: str
    evidence: tuple[str, ...]


def claim_texts() -> ClaimTexts:
    """Returns the words about claims."""
    texts: ClaimTexts = table("texts/en/claims.toml", ClaimTexts)
    return texts


def rule_title(rule: str) -> str:
    """Returns what a rule is called."""
    texts = claim_texts()
    return texts.groups["own"] if rule == OWN else texts.rules[rule].title


def title_of(claim: Claim) -> str:
    """Returns what a claim is called: its rule's title, and which of the rule's claims it is."""
    which = claim_texts().which.get(claim.id.partition("/")[2], "")
    title = rule_title(claim.rule)
    return f"{title} ({which})" if which and claim.rule != OWN else title


def verdict_word(verdict: Verdict) -> str:
    """Returns the word for a verdict."""
    return claim_texts().verdicts[verdict.value]


def claim_words(claim: Claim) -> ClaimWords:
    """Returns a claim in words."""
    texts = claim_texts()
    said = texts.said
    grade = texts.grades[claim.grade.value] if claim.grade else ""
    if claim.rule == OWN:
        rule_line, looks, left = said["own_rule"], "", ""
    else:
        rule_line = said["rule"].format(rule=claim.rule, version=claim.version)
        own = texts.rules[claim.rule]
        looks = said["looks"].format(looks=own.looks)
        left = said["left"].format(left=own.left)
    return ClaimWords(
        title=title_of(claim),
        verdict=verdict_word(claim.verdict),
        meaning=texts.meanings[claim.verdict.value],
        sentence=sentence(claim),
        text=shown(claim.text, _QUOTED),
        foot=" · ".join(filter(None, (grade, rule_line))),
        looks=looks,
        left=left,
        evidence=tuple(evidence_lines(claim.evidence)),
    )


def sentence(claim: Claim) -> str:
    """Returns what was found, in one or two sentences."""
    texts = claim_texts()
    if claim.rule == OWN:
        return texts.said["own_sentence"].format(text=shown(claim.text, _QUOTED))
    if claim.reason == GONE:
        return texts.said["gone"].format(text=shown(claim.text, _QUOTED) or "–")
    found = texts.rules[claim.rule].reasons[claim.reason].format_map(_context(claim))
    met = template_titles(claim)
    return f"{'; '.join(met)}. {found}" if met else found


def _context(claim: Claim) -> dict[str, str | int | float]:
    """Returns what a sentence is filled from, with slots of a card by their names."""
    ids = str(claim.context.get(_SLOTS, ""))
    if not ids:
        return claim.context
    names = table("texts/en/card.toml", dict[str, dict[str, str]])["slots"]
    return claim.context | {_SLOTS: ", ".join(names.get(one, one) for one in ids.split(", "))}


def template_titles(claim: Claim) -> list[str]:
    """Returns what the rules on templates met, by their titles; nothing for other claims."""
    return [rule_words(code).title for code in str(claim.context.get("met", "")).split()]


def instruction(rule: str) -> str:
    """Returns what a person is told of judging by a rule; empty where there is nothing to tell."""
    return claim_texts().instructions.get(rule, "")


def evidence_lines(evidence: Iterable[Fact]) -> Iterator[str]:
    """Yields what a claim was compared with, a line each: the value, and where it is from."""
    for fact in evidence:
        value = shown(value_words(fact), _QUOTED) if fact.is_known else "–"
        places = "; ".join(source_words(one) for one in fact.sources[:2])
        yield f"{value} ({places})" if places else value


def place_words(passages: Iterable[Passage]) -> str:
    """Returns where a claim stands: the document and its lines."""
    said = claim_texts().said
    lines = sorted({one.line for one in passages if one.line})
    if not lines:
        return ""
    if len(lines) == 1:
        return said["lines"].format(line=lines[0])
    return said["lines_more"].format(lines=", ".join(map(str, lines[:8])))


def in_order(claims: Iterable[Claim]) -> list[Claim]:
    """Returns claims in the order of the rules, those that a person added last."""
    order = {rule: at for at, rule in enumerate(rules())}
    return sorted(claims, key=lambda one: (order.get(one.rule, len(order)), one.id))


def group_of(claim: Claim) -> str:
    """Returns the group of a claim's rule."""
    return "own" if claim.rule == OWN else rules()[claim.rule].group


def summary_words(claims: Iterable[Claim]) -> str:
    """Returns how many claims there are, by verdict; no score."""
    counts = Counter(one.verdict for one in claims)
    told = ", ".join(f"{verdict_word(one)} {counts[one]}" for one in Verdict if counts[one])
    return claim_texts().said["summary"].format(claims=counts.total(), counts=told)


def owner_words(owner: CardOwner) -> str:
    """Returns whose claim it is: the model, and which step of the lineage it is."""
    place = claim_texts().places[owner.place]
    return claim_texts().said["owner"].format(model=shown(owner.name), place=place)


def report_notes(report: ClaimReport) -> list[str]:
    """Returns what a reader of the list should know: the card, the rule set, what failed."""
    said = claim_texts().said
    card = said["read"].format(card=shown(report.card)) if report.card else said["no_card"]
    notes = [card]
    if report.about is not None:
        notes.append(said["of_other_note"].format(model=owner_words(report.about)))
    if report.reading is Reading.OTHER:
        written = said["script"].format(script=report.script) if report.script else ""
        notes.append(said["other_language"].format(script=written))
    notes.append(said["rules_version"].format(version=rule_set().version))
    if report.failed:
        notes.append(said["failed"].format(rules=", ".join(report.failed)))
    return notes
