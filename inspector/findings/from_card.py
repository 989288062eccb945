"""What a model card gives as evidence, and whose card it is.

A quantiser's card is about a copy; what it says of the model is hearsay, and what it leaves out is
nothing. So every piece of evidence carries the place in the lineage that the card belongs to.
"""

import re
from collections.abc import Iterable, Iterator

from inspector.cards.front_matter import Field
from inspector.cards.values import Card, CardLink, Section
from inspector.facts import Fact, Source, SourceKind, known
from inspector.findings.evidence import Evidence
from inspector.findings.leads import leads, pattern
from inspector.findings.values import Link
from inspector.lineage.card import card_parents
from inspector.lineage.subject import families, names_one
from inspector.lineage.values import Relation
from inspector.untrusted import shortened

_SENTENCE = re.compile(r"[^.!?\n]{3,600}(?:[.!?](?=\s|$)|\n|$)")
_MOST_QUOTED = 240
_CARD_FIELDS = frozenset(
    {"base_model", "license", "pipeline_tag", "library_name", "model-index", "model_name"}
)
_EVALUATION, _EVALUATION_WORDS = "card.evaluation", "card.evaluation_words"
_HEAD = 6
"""Sections at the top of a card in which it names what it is about."""


def place_of_card(card: Card, names: Iterable[str]) -> Link:
    """Returns whose card it is: the quantiser's, the end model's, its developer's, or that nobody says.

    A page about a whole family (`SmolLM2`, and not `SmolLM2-135M-Instruct`) is its developer's.

    Args:
        card: a card that lies beside a file, or in its repository.
        names: what the file and its header call the model. A README beside a file may be about
            anything; without a model card's fields it must name the model.
    """
    said = card_parents(card)
    if said.relation is not Relation.UNKNOWN:
        return Link.QUANTISER if said.relation is Relation.QUANTISED else Link.END_MODEL
    tags = {tag.lower() for tag in said.tags}
    about = " ".join(_top(card, 1))
    if card.front.has("quantized_by") or "gguf" in tags or pattern(leads().quantiser).search(about):
        return Link.QUANTISER
    head, called = " ".join(_top(card, _HEAD)), tuple(names)
    if any(card.front.has(field) for field in _CARD_FIELDS) or names_one(head, called):
        return Link.END_MODEL
    return Link.DEVELOPER if names_one(head, families(called)) else Link.UNKNOWN


def card_evidence(card: Card, link: Link, names: Iterable[str] = ()) -> tuple[Evidence, ...]:
    """Returns what a card shows of the place in the lineage that it belongs to."""
    every = [*_present(card), *_slots(card), *_datasets(card), *_sections(card)]
    every += _links(card, tuple(names))
    every += _sentences(card)
    return tuple(Evidence(key=key, fact=fact, link=link) for key, fact in every)


def text_source(card: Card, where: str, line: int, quote: str = "") -> Source:
    """Returns a place in a card's text."""
    return Source(
        kind=SourceKind.CARD_TEXT,
        document=card.document,
        where=where,
        line=line,
        revision=card.revision,
        quote=shortened(" ".join(quote.split()), _MOST_QUOTED),
        read_at=card.read_at,
    )


def field_source(card: Card, field: Field) -> Source:
    """Returns where a field of the front matter stands."""
    return Source(
        kind=SourceKind.FRONT_MATTER,
        document=card.document,
        where=field.path,
        line=field.line,
        revision=card.revision,
        read_at=card.read_at,
    )


def _top(card: Card, sections: int) -> Iterator[str]:
    for section in card.sections[:sections]:
        yield section.heading
        yield section.text[:400]


def _present(card: Card) -> Iterator[tuple[str, Fact]]:
    written = [section for section in card.sections if not section.is_empty]
    if not written:
        return
    told = f"{card.filled} of {len(card.slots)} slots of the standard template have own words"
    yield "card.present", known(told, text_source(card, "", written[0].line))


def _slots(card: Card) -> Iterator[tuple[str, Fact]]:
    filled = {slot.id: slot for slot in card.slots if slot.filled}
    fields = {field.path.split(".", 1)[0] for field in card.front.fields}
    for lead in leads().slot:
        for slot in (filled[one] for one in lead.slots if one in filled):
            # A field of the front matter names things; what is asked for here are words about them.
            is_on_tests = lead.key == _EVALUATION
            if slot.where in fields and not (is_on_tests and card.figures):
                continue
            # Words on tests are none of their results.
            key = _EVALUATION_WORDS if is_on_tests and not card.figures else lead.key
            yield key, known(slot.where, text_source(card, slot.where, slot.line))
            break


def _datasets(card: Card) -> Iterator[tuple[str, Fact]]:
    named = [field for field in card.front.all("datasets") if str(field.value).strip()]
    if named:
        names = tuple(shortened(str(field.value), 120) for field in named)
        yield "card.datasets", known(names, *(field_source(card, field) for field in named))


def _sections(card: Card) -> Iterator[tuple[str, Fact]]:
    for lead in leads().section:
        for section in card.sections:
            if lead.slot not in section.slots:
                continue
            if found := pattern(lead.words).search(section.text):
                line = section.line_at(found.start())
                place = text_source(
                    card, section.heading, line, _sentence_at(section, found.start())
                )
                yield lead.key, known(section.heading, place)
                break


def _links(card: Card, names: tuple[str, ...]) -> Iterator[tuple[str, Fact]]:
    for lead in leads().link:
        address, words = pattern(lead.address), pattern(lead.words)
        for link in card.links:
            if link.is_picture or not address.search(link.address):
                continue
            told = _words_of(link)
            if lead.must_name_model and not names_one(told, families(names)):
                continue
            if words.search(told) or (lead.names_model and names_one(link.text, names)):
                place = text_source(card, link.text, link.line)
                yield lead.key, known(link.address, place)
                break


def _words_of(link: CardLink) -> str:
    """Returns a link's words with those of its address, whose parts are words too."""
    path = link.address.split("//", 1)[-1].partition("/")[2]
    return f"{link.text} /{path}"


def _sentences(card: Card) -> Iterator[tuple[str, Fact]]:
    rows = [(one.key, "", pattern(one.words)) for one in leads().words]
    rows += [(one.key, one.part, pattern(one.words)) for one in leads().statement]
    seen: set[tuple[str, str]] = set()
    for section in card.sections:
        if section.is_empty:
            continue
        for sentence in _SENTENCE.finditer(section.text):
            for key, part, words in rows:
                if (key, part) not in seen and words.search(sentence.group()):
                    seen.add((key, part))
                    yield key, _said(card, section, sentence, part)


def _said(card: Card, section: Section, sentence: re.Match[str], part: str) -> Fact:
    line = section.line_at(sentence.start())
    place = text_source(card, section.heading, line, sentence.group())
    return known(part or place.quote, place)


def _sentence_at(section: Section, offset: int) -> str:
    """Returns the sentence of a section in which a place of its text stands."""
    every = _SENTENCE.finditer(section.text)
    return next((one.group() for one in every if one.start() <= offset < one.end()), section.text)
