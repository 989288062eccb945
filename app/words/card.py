"""Words for the Card tab: where a card is from, how full it is, which facts stand in it. No Qt."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from app.reader.card import CardSheet
from app.words.dossier import dossier_texts
from app.words.facts import source_words, when_words
from inspector.cards.slots import slot_rules
from inspector.cards.values import Card, Slot
from inspector.facts import Source, SourceKind
from inspector.untrusted import shown
from resources import table

MOST_FIELDS = 40
MOST_FACTS = 400
_LONGEST_VALUE = 240
_LONGEST_NAME = 24
_LONGEST_ADDRESS = 40


class CardTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `card.toml`."""

    said: dict[str, str]
    slots: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFact:
    """A fact that stands in a card.

    Attributes:
        quote: the words to mark in the text; empty for a field at the top.
        line: of the file, from 1.
    """

    label: str
    value: str
    quote: str
    line: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRow:
    """A slot of the standard template, and what the card has for it."""

    title: str
    said: str
    line: int
    state: str


def card_texts() -> CardTexts:
    """Returns the words of the Card tab."""
    texts: CardTexts = table("texts/en/card.toml", CardTexts)
    return texts


def origin_lines(
    sheet: CardSheet, whose: str, kept: tuple[str, float] | None = None
) -> tuple[str, str]:
    """Returns where a card is from and as of when; and its hash as it may stand small.

    Args:
        sheet: the card.
        whose: what it is called.
        kept: hash and time of the card that came with the download of this file.
    """
    said = card_texts().said
    when = when_words(datetime.fromtimestamp(sheet.changed_at, UTC))
    if sheet.card.revision:
        told = said["fetched"].format(when=when, commit=sheet.card.revision[:12])
    else:
        told = said["changed"].format(when=when)
    if kept is not None:
        form = said["as_downloaded" if kept[0] == sheet.card.sha256 else "not_as_downloaded"]
        told = form.format(when=when_words(datetime.fromtimestamp(kept[1], UTC)))
    return f"{whose}, {told}", said["hash"].format(hash=sheet.card.sha256)


def warnings(sheet: CardSheet) -> tuple[str, ...]:
    """Returns what is wrong with a card, a sentence each."""
    said, lines = card_texts().said, []
    if sheet.card.cut:
        lines.append(said["cut"])
    if sheet.blocks_left:
        lines.append(said["blocks_left"].format(count=f"{sheet.blocks_left:,}"))
    for problem in sheet.card.front.problems[:5]:
        sentence = dossier_texts().problems[problem.code].format(detail=problem.detail)
        where = f" ({said['line'].format(line=problem.line)})" if problem.line else ""
        lines.append(said["problem"].format(sentence=sentence) + where)
    return tuple(lines)


def completeness(card: Card) -> str:
    """Returns in one line how much of the standard template a card fills."""
    said = card_texts().said
    parts = [said["filled"].format(filled=card.filled, slots=len(card.slots))]
    if count := sum(slot.placeholder for slot in card.slots):
        form = said["placeholder_one"] if count == 1 else said["placeholders"]
        parts.append(form.format(count=count))
    return "; ".join(parts)


def slot_rows(card: Card) -> tuple[SlotRow, ...]:
    """Returns every slot: the filled ones first, then placeholders, then what is missing."""
    rows = [_slot_row(slot) for slot in card.slots]
    order = {"filled": 0, "placeholder": 1, "missing": 2}
    return tuple(sorted(rows, key=lambda row: order[row.state]))


def slots_source() -> str:
    """Returns what the slots are of."""
    return card_texts().said["slots_source"].format(version=slot_rules().version)


def field_rows(card: Card) -> tuple[CardFact, ...]:
    """Returns the fields at a card's top, lists as one row."""
    rows: dict[str, tuple[list[str], int]] = {}
    for field in card.front.fields:
        key = field.path.split(".", 1)[0]
        values, _ = rows.setdefault(key, ([], field.line))
        inner = field.path.rpartition(".")[2]
        named = not inner.isdigit() and inner != key
        values.append(f"{shown(inner)}: {field.value}" if named else str(field.value))
    made = []
    for key, (values, line) in list(rows.items())[:MOST_FIELDS]:
        value = shown(", ".join(values), _LONGEST_VALUE)
        where = Source(
            kind=SourceKind.FRONT_MATTER,
            document=card.document,
            where=shown(key),
            line=line,
            read_at=card.read_at,
        )
        made.append(
            CardFact(label=shown(key), value=value, quote="", line=line, source=source_words(where))
        )
    return tuple(made)


def card_facts(card: Card) -> tuple[CardFact, ...]:
    """Returns the facts in a card's text, in its order: labelled words, and figures of tests."""
    facts = [*_labelled(card), *_figures(card)]
    return tuple(sorted(facts, key=lambda fact: fact.line)[:MOST_FACTS])


def picture_words(words: str, address: str) -> str:
    """Returns what stands in a picture's place: its words, and its address in short."""
    try:
        parts = urlsplit(address)
        host, path = parts.hostname or "", parts.path
    except ValueError:
        host, path = "", address
    name = path.rpartition("/")[2]
    if host:
        is_short = name and len(name) <= _LONGEST_NAME and name.isascii() and "%" not in name
        where = f"{host}/…/{name}" if is_short else f"{host}/…"
    else:
        where = shown(address, _LONGEST_ADDRESS)
    told = [shown(words, 60)] if words and words != address else []
    return card_texts().said["picture"].format(what=" · ".join([*told, where]))


def _slot_row(slot: Slot) -> SlotRow:
    texts = card_texts()
    said = texts.said
    if slot.filled:
        told, state = said["slot_filled"].format(line=slot.line, where=shown(slot.where)), "filled"
    elif slot.placeholder:
        told, state = said["slot_placeholder"].format(line=slot.line), "placeholder"
    else:
        told, state = said["slot_missing"], "missing"
    return SlotRow(title=texts.slots[slot.id], said=told, line=slot.line, state=state)


def _labelled(card: Card) -> Iterator[CardFact]:
    for label in card.labels:
        if label.is_empty:
            continue
        where = _text_source(card, label.line)
        yield CardFact(
            label=shown(label.label),
            value=shown(label.text, _LONGEST_VALUE),
            quote=label.label,
            line=label.line,
            source=where,
        )


def _figures(card: Card) -> Iterator[CardFact]:
    said = card_texts().said
    for figure in card.figures:
        if "." in figure.where and figure.where.startswith("model-index"):
            continue
        what = said["figure"].format(what=figure.what, of=figure.of) if figure.of else figure.what
        yield CardFact(
            label=shown(what, 120),
            value=shown(figure.value),
            quote=figure.value.strip(),
            line=figure.line,
            source=_text_source(card, figure.line),
        )


def _text_source(card: Card, line: int) -> str:
    return source_words(
        Source(
            kind=SourceKind.CARD_TEXT,
            document=card.document,
            line=line,
            read_at=card.read_at,
        )
    )
