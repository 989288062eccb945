"""What the rules read, gathered from a model's papers; and where a rule's words are met in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from inspector.cards.values import Card
from inspector.facts import Fact, Source, SourceKind, known, now
from inspector.licences.parts import Part
from inspector.licences.report import LicenceReport
from inspector.safeguards.catalogue import Rule, catalogue, pattern
from inspector.untrusted import shown

MOST_HITS = 4
"""Places that one rule brings; the first ones are as good as all of them."""

HOW_IT_RUNS = "how Lightwell runs a model"

_QUOTE = 200
_MARKS = re.compile(r"\*\*|__|`")
_OWN_LINE = re.compile(r"\s*(?:#|\||---|===|```)")
_OWN_START = re.compile(r"\s*(?:#|\||---|===|```|>|[-*+]\s|\d+[.)]\s)")
_EMPHASIS = re.compile(r"[*_`]")
_SENTENCE_ENDS = (". ", "! ", "? ", "; ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What is read of one model.

    Attributes:
        document: the file's name.
        card_lines: the card's text after its fields; its first line is `card_first`.
        unread: places in `card_lines` of lines in another language, whose sentences no rule can read.
        names: what the model is called, each with the place that says so.
        templates: chat templates by their header keys.
        folder: names of files beside the model.
        left_out: the name of a card that was read and is another model's, so that it is none of these.
    """

    document: str
    card: Card | None = None
    card_lines: Sequence[str] = ()
    card_first: int = 1
    unread: frozenset[int] = frozenset()
    names: Sequence[tuple[Source, str]] = ()
    templates: Sequence[tuple[str, str]] = ()
    licences: LicenceReport | None = None
    folder: Sequence[str] = ()
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """Words that a rule met."""

    fact: Fact
    negated: bool = False
    advice: bool = False
    unread: bool = False


def hits(rule: Rule, papers: Papers, most: int = MOST_HITS) -> list[Hit]:
    """Returns where a rule's words stand; one hit without words where they are to be missing."""
    found = []
    for hit in _READERS[rule.reads](rule, papers):
        if rule.missing:
            return []
        found.append(hit)
        if len(found) == most:
            break
    if rule.missing and papers.templates and rule.reads == "template":
        return [Hit(known(False, _header(papers, papers.templates[0][0])))]
    return found


def _card(rule: Rule, papers: Papers) -> Iterator[Hit]:
    if papers.card is None:
        return
    form = pattern(rule.words)
    for number, line in enumerate(papers.card_lines):
        seen: set[str] = set()
        for met in form.finditer(line):
            if (word := met.group().lower()) in seen:
                continue
            seen.add(word)
            before, after, quote = _sentence(papers.card_lines, number, met.start(), met.end())
            source = Source(
                kind=SourceKind.CARD_TEXT,
                document=papers.card.document,
                line=papers.card_first + number,
                quote=quote,
                read_at=papers.card.read_at,
                revision=papers.card.revision,
            )
            yield Hit(
                known(shown(met.group(), 80), source),
                negated=rule.can_be_negated and _is_negated(before, after),
                advice=rule.can_be_advice and bool(pattern(catalogue().advice).search(before)),
                unread=number in papers.unread,
            )


def _is_negated(before: str, after: str) -> bool:
    rules = catalogue()
    return bool(
        pattern(rules.negations).search(before) or pattern(rules.negations_after).search(after)
    )


def _sentence(lines: Sequence[str], number: int, start: int, end: int) -> tuple[str, str, str]:
    """Returns what stands before and after words in their sentence, and a short stretch around them.

    Where lines of a paragraph are broken, a sentence goes on in the line before or after.
    """
    line = lines[number]
    begins = max((line.rfind(sign, 0, start) for sign in _SENTENCE_ENDS), default=-1) + 1
    ends = min((at for sign in _SENTENCE_ENDS if (at := line.find(sign, end)) >= 0), default=-1)
    sentence = line[begins : len(line) if ends < 0 else ends + 1].strip(" *_#>|-")
    if len(sentence) > _QUOTE:
        near = max(begins, start - _QUOTE // 2)
        first = line.find(" ", near, start) if near > begins else near
        sentence = f"…{line[max(near, first) : near + _QUOTE].strip()}"
    before, after = line[begins:start], line[end : len(line) if ends < 0 else ends]
    if begins == 0 and number and _goes_on(above := lines[number - 1], line):
        last = max((above.rfind(sign) for sign in _SENTENCE_ENDS), default=-1) + 1
        before = f"{above[last:]} {before}"
    if ends < 0 and number + 1 < len(lines) and _goes_on(line, below := lines[number + 1]):
        first = min((at for sign in _SENTENCE_ENDS if (at := below.find(sign)) >= 0), default=-1)
        after = f"{after} {below[: len(below) if first < 0 else first]}"
    plain = _EMPHASIS.sub("", before), _EMPHASIS.sub("", after)
    return *plain, shown(_MARKS.sub("", sentence), _QUOTE + 2)


def _goes_on(line: str, next_line: str) -> bool:
    """Whether the second line belongs to the sentence that the first one leaves open."""
    open_end = line.rstrip()
    return (
        bool(open_end and next_line.strip())
        and not open_end.endswith((".", "!", "?", ":", ";", "|"))
        and not _OWN_LINE.match(line)
        and not _OWN_START.match(next_line)
    )


def _front(rule: Rule, papers: Papers) -> Iterator[Hit]:
    if papers.card is None:
        return
    form = pattern(rule.words)
    for one in papers.card.front.fields:
        if form.fullmatch(one.path.split(".", 1)[0]):
            source = Source(
                kind=SourceKind.FRONT_MATTER,
                document=papers.card.document,
                where=shown(one.path),
                line=one.line,
                read_at=papers.card.read_at,
                revision=papers.card.revision,
            )
            yield Hit(known(shown(str(one.value), _QUOTE), source))


def _names(rule: Rule, papers: Papers) -> Iterator[Hit]:
    form = pattern(rule.words)
    for where, name in papers.names:
        # Names join their words by signs that patterns take for letters.
        if met := form.search(name[:2_000].replace("_", " ")):
            source = msgspec.structs.replace(where, quote=shown(name, 120))
            yield Hit(known(shown(met.group(), 60), source))


def _template(rule: Rule, papers: Papers) -> Iterator[Hit]:
    form = pattern(rule.words)
    for key, text in papers.templates:
        for met in form.finditer(text):
            words = met.group().strip("\"' \n")
            if rule.without and pattern(rule.without).search(words):
                continue
            yield Hit(known(shown(words, _QUOTE), _header(papers, key)))


def _licence(rule: Rule, papers: Papers) -> Iterator[Hit]:
    if papers.licences is None:
        return
    part = papers.licences.part(Part.WEIGHTS)
    for licence in part.assessed:
        if licence.policy is not None:
            source = Source(
                kind=SourceKind.LICENCE_TEXT,
                document=licence.title,
                where=licence.policy.title,
                read_at=now(),
            )
            yield Hit(known(licence.policy.title, source))


def _folder(rule: Rule, papers: Papers) -> Iterator[Hit]:
    form = pattern(rule.words)
    for name in papers.folder:
        if form.match(name):
            source = Source(kind=SourceKind.REPOSITORY, document=shown(name), read_at=now())
            yield Hit(known(shown(name), source))


def _app(rule: Rule, papers: Papers) -> Iterator[Hit]:
    source = Source(kind=SourceKind.MEASURED, document=HOW_IT_RUNS, read_at=now())
    yield Hit(known(False, source))


_READERS = {
    "card": _card,
    "front": _front,
    "names": _names,
    "template": _template,
    "licence": _licence,
    "folder": _folder,
    "app": _app,
}


def _header(papers: Papers, where: str) -> Source:
    return Source(kind=SourceKind.HEADER, document=papers.document, where=where, read_at=now())
