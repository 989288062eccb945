"""What labels and texts of licences give as evidence: which licence the weights and the rest are under.

A label speaks of the weights alone. A text beside a card, or at the root of its repository, is the
licence of what lies with it, so documents there have it too. Where label and text name two licences,
the text's is told, and the label's is evidence against it (`licence.disputed`).
"""

import re
from collections.abc import Iterator, Sequence

from inspector.cards.values import Card
from inspector.facts import Fact, Source, known, unknown
from inspector.findings.evidence import Evidence
from inspector.findings.from_card import field_source, text_source
from inspector.findings.values import Link
from inspector.licences.assess import assess
from inspector.licences.documents import LicenceText, notice
from inspector.licences.names import How, identify, same_licence
from inspector.licences.parts import Part, part_of_file
from inspector.licences.report import Basis, Label

_LICENCE_SLOT = "license"
_CODE = re.compile(r"\bcode\b", re.IGNORECASE)
_GOVERNED = re.compile(r"(?i)governed by (?:the )?((?:[^.,;(\n]|\.(?=\w)){2,80})")
"""A point within a version is none that ends the sentence."""


def licence_evidence(
    card: Card | None, texts: Sequence[LicenceText], link: Link, stated: Fact | None = None
) -> tuple[Evidence, ...]:
    """Returns which licences are stated at one place of the lineage.

    Args:
        card: the card of that place.
        texts: licence texts that lie beside it.
        link: the place.
        stated: a label that the Hub shows, for a repository whose card was not read.
    """
    every = [*_weights(card, texts, stated), *(_code_text(texts) or (_code(card) if card else ()))]
    return tuple(Evidence(key=key, fact=fact, link=link) for key, fact in every)


def card_label(card: Card) -> Label:
    """Returns the label in a card: its front matter's fields, else its section on the licence."""
    fields = {
        key: card.front.all(key) for key in ("license", "licence", "license_name", "license_link")
    }
    said = fields["license"] or fields["licence"]
    stated = unknown("settle.licence")
    if said:
        joined = ", ".join(str(field.value) for field in said)
        stated = known(joined, *(field_source(card, field) for field in said))
    elif found := _in_text(card):
        stated = found
    beside = {
        key: known(str(fields[key][0].value), field_source(card, fields[key][0]))
        for key in ("license_name", "license_link")
        if fields[key]
    }
    none = unknown("settle.licence")
    return Label(
        part=Part.WEIGHTS,
        stated=stated,
        name=beside.get("license_name", none),
        link=beside.get("license_link", none),
    )


def _weights(
    card: Card | None, texts: Sequence[LicenceText], stated: Fact | None
) -> Iterator[tuple[str, Fact]]:
    label = card_label(card) if card else Label(part=Part.WEIGHTS)
    if not label.stated.is_known and stated is not None:
        label = Label(part=Part.WEIGHTS, stated=stated)
    told = assess((label,), texts)
    found, own = told.part(Part.WEIGHTS), told.texts_of(Part.WEIGHTS)
    sources: list[Source] = []
    if found.basis is not Basis.TEXT:
        sources += (*label.stated.sources, *label.name.sources)
    by_text = found.basis in {Basis.TEXT, Basis.LABEL_AND_TEXT}
    if by_text:
        sources.append(own[0].source)
    if found.licences:
        joined = " OR " if found.named.joined == "any" else " AND "
        value = joined.join(found.licences)
    else:
        value = label.name.text or label.stated.text
    # A text binds: one that was changed, or that nobody here knows, leaves open what a label says.
    if own and own[0].match.words and not own[0].match.identifies:
        yield "licence.unread", known(own[0].source.document, own[0].source)
    if not value:
        return
    yield "licence.weights", known(value, *sources)
    if by_text and part_of_file(own[0].source.document) is None:
        yield "licence.distribution", known(value, own[0].source)
    if by_text and own[0].match.relation == "changed":
        yield "licence.changed", known(value, own[0].source)
    for stated in (label.stated, label.name):
        ids = identify(stated.text).ids if stated.is_known else ()
        if ids and not any(same_licence(one, told) for one in ids for told in found.licences):
            yield "licence.disputed", stated


def _code_text(texts: Sequence[LicenceText]) -> tuple[tuple[str, Fact], ...]:
    """Returns the licence of the code where a text that is named for it is known."""
    told = assess((), texts)
    licences, own = told.part(Part.CODE).licences, told.texts_of(Part.CODE)
    if licences and own[0].match.relation == "changed":
        return ()
    return tuple(("licence.code", known(one, own[0].source)) for one in licences)


def _code(card: Card) -> Iterator[tuple[str, Fact]]:
    """Yields the licence of the code, where the card's section on licences speaks of code."""
    for section in card.sections:
        if _LICENCE_SLOT not in section.slots:
            continue
        for line in re.finditer(r"[^\n]{3,600}", section.text):
            sentence = line.group()
            if _CODE.search(sentence) and (found := _named(sentence)):
                at = section.line_at(line.start())
                place = text_source(card, section.heading, at, sentence)
                yield "licence.code", known(found, place)
                return


def _in_text(card: Card) -> Fact | None:
    """Returns the licence that a bold label or a section on licences names."""
    for label in card.labels:
        if _LICENCE_SLOT in label.slots and not label.is_empty and (found := _named(label.text)):
            return known(found, text_source(card, label.label, label.line, label.text))
    for section in card.sections:
        if _LICENCE_SLOT in section.slots and (found := _named(section.text)):
            return known(found, text_source(card, section.heading, section.line, section.text))
    return None


def _named(text: str) -> str:
    """Returns the licence that a text names, as an identifier; empty where none is understood."""
    whole = identify(text.strip(" .")) if len(text) <= 120 else None
    if whole is not None and whole.how is not How.UNRECOGNISED and whole.ids:
        return whole.ids[0] if len(whole.ids) == 1 else text.strip(" .")
    said = notice(text, "").named
    if said is not None and said.ids:
        return said.ids[0]
    governed = _GOVERNED.search(text)
    named = identify(governed.group(1).strip()) if governed else None
    return named.ids[0] if named is not None and named.ids else ""
